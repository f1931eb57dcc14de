import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installCrs } from '../../src/waf/crs-install.ts';
import { MANIFEST_NAME } from '../../src/waf/crs-manifest.ts';
import { type CrsCheck, listCrs, verifyCrs } from '../../src/waf/crs-verify.ts';
import { knownRelease, releaseFiles, writeFiles } from '../support/crs-release.ts';

let root: string;
let environment: { readonly PORTCULLIS_HOME: string };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portcullis-verify-'));
  environment = { PORTCULLIS_HOME: join(root, 'home') };
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const KNOWN = [knownRelease('4.9.0'), knownRelease('4.8.0')];

async function install(version: string): Promise<string> {
  const from = writeFiles(join(root, version), releaseFiles(version));
  return (await installCrs({ from, environment, releases: KNOWN })).directory;
}

function verify(version: string): CrsCheck {
  const check = verifyCrs(version, environment, KNOWN);
  if (check === undefined) throw new Error(`${version} is not installed`);
  return check;
}

describe('verifyCrs', () => {
  it('finds a fresh installation intact, and says against what', async () => {
    await install('4.9.0');
    await install('4.10.0');
    expect(verify('4.9.0')).toMatchObject({ against: 'release', intact: true, changes: [] });
    expect(verify('4.10.0')).toMatchObject({ against: 'manifest', intact: true, changes: [] });
    expect(verifyCrs('4.8.0', environment, KNOWN)).toBeUndefined();
  });

  it.each(['4.9.0', '4.10.0'])(
    'names what was changed, removed and added to %s',
    async (version) => {
      const directory = await install(version);
      writeFiles(directory, { 'rules/words.data': 'x', 'rules/new rule.conf': '' });
      rmSync(join(directory, 'crs-setup.conf.example'));
      const check = verify(version);
      expect(check.intact).toBe(false);
      expect(check.changes).toEqual([
        { path: 'crs-setup.conf.example', change: 'missing' },
        { path: 'rules/new rule.conf', change: 'added' },
        { path: 'rules/words.data', change: 'changed' },
      ]);
    },
  );

  it('does not judge local files, but names them', async () => {
    const directory = await install('4.9.0');
    writeFiles(directory, { 'crs-setup.conf': 'mine', 'plugins/p-before.conf': '' });
    expect(verify('4.9.0')).toMatchObject({
      intact: true,
      local: ['crs-setup.conf', 'plugins/p-before.conf'],
    });
  });

  it('does not let a manifest speak for a known release', async () => {
    const directory = await install('4.9.0');
    writeFiles(directory, { 'rules/words.data': 'x' });
    const text = JSON.stringify({
      version: '4.9.0',
      files: { 'rules/words.data': '0'.repeat(64) },
    });
    writeFileSync(join(directory, MANIFEST_NAME), text);
    expect(verify('4.9.0')).toMatchObject({ against: 'release', intact: false });
  });

  it('says when there is nothing to hold an installation against', async () => {
    const directory = await install('4.10.0');
    for (const text of ['', 'null', '[]', '{"version":"4.10.0","files":{"../x":"y"}}', '{']) {
      writeFileSync(join(directory, MANIFEST_NAME), text);
      expect(verify('4.10.0')).toMatchObject({ against: 'nothing', intact: false });
    }
  });

  it('counts a dangling link and a pipe as changed', async () => {
    const directory = await install('4.9.0');
    const words = join(directory, 'rules/words.data');
    const change = { path: 'rules/words.data', change: 'changed' };
    rmSync(words);
    symlinkSync('/nonexistent/file', words);
    expect(verify('4.9.0').changes).toEqual([change]);
    rmSync(words);
    execFileSync('mkfifo', [words]);
    expect(verify('4.9.0').changes).toEqual([change]);
  });
});

describe('listCrs', () => {
  it('names the starter rules as default when nothing is installed', () => {
    const listing = listCrs(environment, KNOWN);
    expect(listing.default).toBe('starter');
    expect(listing.releases.map(({ version }) => version)).toEqual(['4.9.0', '4.8.0']);
    expect(listing.releases.every(({ installed }) => installed === undefined)).toBe(true);
  });

  it('lists known and installed releases, newest first, with the newest installed as default', async () => {
    await install('4.8.0');
    await install('4.8.5');
    const listing = listCrs(environment, KNOWN);
    expect(listing.default).toBe('4.8.5');
    expect(
      listing.releases.map(({ version, known, installed }) => [version, known, installed?.against]),
    ).toEqual([
      ['4.9.0', true, undefined],
      ['4.8.5', false, 'manifest'],
      ['4.8.0', true, 'release'],
    ]);
  });
});
