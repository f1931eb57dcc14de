import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  crsHome,
  findInstalledVersion,
  installedCrsVersions,
  isCrsVersion,
} from '../../src/waf/crs-home.ts';

describe('isCrsVersion', () => {
  it.each(['4.28.0', '3.3', '4.0.0-rc1', '3.3.4-1+deb12u3', '3.2.0.1'])('takes %s', (text) => {
    expect(isCrsVersion(text)).toBe(true);
  });

  it.each([
    '',
    '4',
    'v4.28.0',
    '4.28.0/..',
    '4.28.0-..',
    '4.28.0-a/b',
    '4.28.0 ',
    '4.28.0\n',
    '.installing-4.28.0',
    `4.28.0-${'x'.repeat(300)}`,
    '1.2.3.4.5',
  ])('refuses %j', (text) => {
    expect(isCrsVersion(text)).toBe(false);
  });
});

describe('compareVersions', () => {
  it('orders candidates, releases and packages', () => {
    const ordered = [
      '3.3.4',
      '3.3.4-1+deb12u1',
      '3.3.4-1+deb12u9',
      '3.3.4-1+deb12u10',
      '3.3.10',
      '4.0.0-rc1',
      '4.0.0-rc2',
      '4.0.0',
      '4.9.0',
      '4.28.0',
    ];
    for (const shuffled of [[...ordered].reverse(), [...ordered].sort()]) {
      expect(shuffled.sort(compareVersions)).toEqual(ordered);
    }
    expect(compareVersions('4.0.0-rc1', '4.0.0-rc1')).toBe(0);
  });
});

describe('crsHome', () => {
  it('prefers our own folder, then the XDG folder, then the home folder', () => {
    const fallback = join(homedir(), '.local/share/portcullis/crs');
    expect(crsHome({ PORTCULLIS_HOME: '/p', XDG_DATA_HOME: '/x' })).toBe('/p/crs');
    expect(crsHome({ XDG_DATA_HOME: '/x' })).toBe('/x/portcullis/crs');
    expect(crsHome({})).toBe(fallback);
    expect(crsHome({ PORTCULLIS_HOME: '', XDG_DATA_HOME: 'relative' })).toBe(fallback);
  });
});

describe('installedCrsVersions', () => {
  it('lists folders that are named after a version and hold rules, newest first', () => {
    const root = mkdtempSync(join(tmpdir(), 'portcullis-home-'));
    const environment = { PORTCULLIS_HOME: root };
    try {
      expect(installedCrsVersions(environment)).toEqual([]);
      for (const name of ['4.9.0', '4.28.0', '3.3.4-1+deb12u3', '.installing-1f', 'notes']) {
        mkdirSync(join(root, 'crs', name, 'rules'), { recursive: true });
      }
      mkdirSync(join(root, 'crs', '5.0.0'));
      writeFileSync(join(root, 'crs', '6.0.0'), '');
      expect(installedCrsVersions(environment)).toEqual(['4.28.0', '4.9.0', '3.3.4-1+deb12u3']);
      expect(findInstalledVersion('3.3.4', environment)).toBe('3.3.4-1+deb12u3');
      expect(findInstalledVersion('v4', environment)).toBe('4.28.0');
      expect(findInstalledVersion('4.2', environment)).toBeUndefined();
      expect(findInstalledVersion('', environment)).toBeUndefined();
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
