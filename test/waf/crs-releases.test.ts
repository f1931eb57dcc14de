import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CrsError } from '../../src/waf/crs-error.ts';
import { isCrsVersion } from '../../src/waf/crs-home.ts';
import {
  compareDigests,
  hasOddName,
  isLocalFile,
  isReleaseFile,
  knownReleases,
} from '../../src/waf/crs-releases.ts';

describe('knownReleases', () => {
  it('lists each release once, with rules and an https address or a package', () => {
    const releases = knownReleases();
    const versions = releases.map(({ version }) => version);
    expect(versions).toContain('4.28.0');
    expect(new Set(versions).size).toBe(versions.length);
    for (const { version, source, files } of releases) {
      expect(isCrsVersion(version)).toBe(true);
      expect(source).toMatch(/^https:\/\/github\.com\/coreruleset\/|^debian$/);
      expect(files['rules/REQUEST-901-INITIALIZATION.conf']).toMatch(/^[0-9a-f]{64}$/);
      expect(Object.keys(files).filter(isLocalFile)).toEqual([]);
    }
  });

  it('refuses a damaged list', () => {
    const root = mkdtempSync(join(tmpdir(), 'portcullis-releases-'));
    const file = join(root, 'releases.json');
    const digest = '0'.repeat(64);
    const sound = { version: '4.0.0', source: 'https://a.test/x', files: { 'rules/a': digest } };
    const texts = [
      '',
      'null',
      '{}',
      ...[
        { ...sound, version: '../4.0.0' },
        { ...sound, source: 'http://a.test/x' },
        { ...sound, files: {} },
        { ...sound, files: { 'rules/a': 'short' } },
        { ...sound, files: { '../rules/a': digest } },
        null,
      ].map((release) => JSON.stringify({ releases: [release] })),
    ];
    try {
      expect(() => knownReleases(file)).toThrow(CrsError);
      for (const text of texts) {
        writeFileSync(file, text);
        expect(() => knownReleases(file)).toThrow(CrsError);
      }
      writeFileSync(file, JSON.stringify({ releases: [sound] }));
      expect(knownReleases(file)).toEqual([sound]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('isReleaseFile', () => {
  it.each([
    'LICENSE',
    'crs-setup.conf',
    'crs-setup.conf.example',
    'rules/a.conf',
    'rules/a.data',
    'plugins/a/b.lua',
  ])('takes %s', (path) => {
    expect(isReleaseFile(path)).toBe(true);
  });

  it.each([
    'tests/a.yaml',
    'rules',
    'rules/',
    'rules/.hidden',
    '.github/rules/a',
    'rules/../a',
    'rules/a b',
    'rules/a\\b',
    'rules/a\0',
    'rules/\xfc',
    'sub/crs-setup.conf',
  ])('leaves %j', (path) => {
    expect(isReleaseFile(path)).toBe(false);
  });

  it('tells odd names from files that do not matter', () => {
    expect(hasOddName('rules/a b.conf')).toBe(true);
    expect(hasOddName('docs/a b.md')).toBe(false);
    expect(hasOddName('rules/.a b')).toBe(false);
  });
});

describe('compareDigests', () => {
  it('names changes in order and leaves local files and a licence out', () => {
    const changes = compareDigests(
      { 'rules/a': '1', 'rules/b': '1', 'rules/c': '1' },
      { 'rules/c': '1', 'rules/b': '2', 'rules/d': '1', 'crs-setup.conf': '1', LICENSE: '1' },
    );
    expect(changes).toEqual([
      { path: 'rules/a', change: 'missing' },
      { path: 'rules/b', change: 'changed' },
      { path: 'rules/d', change: 'added' },
    ]);
  });
});
