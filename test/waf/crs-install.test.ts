import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import { CrsError } from '../../src/waf/crs-error.ts';
import { type InstalledCrs, type InstallOptions, installCrs } from '../../src/waf/crs-install.ts';
import { readManifest } from '../../src/waf/crs-manifest.ts';
import { knownReleases } from '../../src/waf/crs-releases.ts';
import {
  archiveOf,
  type Files,
  knownRelease,
  releaseFiles,
  writeFiles,
} from '../support/crs-release.ts';
import { describeShared, sharedPath } from '../support/shared.ts';
import { tarOf } from '../support/tar.ts';

let root: string;
let home: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portcullis-install-'));
  home = join(root, 'home', 'crs');
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const KNOWN = [knownRelease('4.9.0'), knownRelease('3.3.4-1+deb12u3', releaseFiles('3.3.4'))];

function install(options: InstallOptions = {}): Promise<InstalledCrs> {
  return installCrs({
    environment: { PORTCULLIS_HOME: join(root, 'home') },
    releases: KNOWN,
    ...options,
  });
}

function folder(files: Files, name = 'release'): string {
  return writeFiles(join(root, name), files);
}

function archive(bytes: Uint8Array, name = 'release.tar.gz'): string {
  writeFileSync(join(root, name), bytes);
  return join(root, name);
}

/** The refusal's message; fails when something is left behind. */
async function refusal(options: InstallOptions): Promise<string> {
  const before = existsSync(home) ? readdirSync(home) : [];
  const error = await install(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CrsError);
  expect(existsSync(home) ? readdirSync(home) : []).toEqual(before);
  return (error as CrsError).message;
}

const read = (version: string, path: string): string =>
  readFileSync(join(home, version, path), 'latin1');

describe('installCrs, a known release', () => {
  const files = releaseFiles('4.9.0');

  it('installs a folder where --crs finds it by version', async () => {
    const done = await install({ from: folder(files) });
    expect(done).toMatchObject({ version: '4.9.0', verified: true, replaced: false, warnings: [] });
    expect(done.directory).toBe(join(home, '4.9.0'));
    const layout = resolveCrsDirectory('4.9.0', { PORTCULLIS_HOME: join(root, 'home') });
    expect(layout).toMatchObject({ kind: 'layout', version: '4.9.0', directory: done.directory });
    for (const [path, text] of Object.entries(files)) expect(read('4.9.0', path)).toBe(text);
  });

  it('installs an archive, without its top folder and what is no part of the rules', async () => {
    const more = {
      ...files,
      'tests/a.yaml': 'x',
      '.github/b': 'x',
      'rules/.keep': '',
      LICENSE: 'L',
    };
    const done = await install({ from: archive(archiveOf(more)) });
    expect(done.verified).toBe(true);
    expect(readdirSync(done.directory).sort()).toEqual([
      'LICENSE',
      'crs-setup.conf.example',
      'portcullis-manifest.json',
      'rules',
    ]);
    expect(readdirSync(join(done.directory, 'rules'))).not.toContain('.keep');
  });

  it('installs an archive that has no top folder or is not compressed', async () => {
    expect(await install({ from: archive(archiveOf(files, '')) })).toMatchObject({
      verified: true,
    });
    const parts = Object.entries(files).map(([path, text]) => ({ path: `./x/${path}`, text }));
    const tar = archive(tarOf(parts), 'x.tar');
    expect(await install({ from: tar, force: true })).toMatchObject({ verified: true });
  });

  it('leaves files that others than the owner can read', async () => {
    const done = await install({ from: folder(files) });
    const others = 0o005 & ~process.umask();
    expect(statSync(done.directory).mode & 0o005).toBe(others);
  });

  it('refuses and names each file that differs, is missing or does not belong', async () => {
    const bad: Record<string, string> = {
      ...files,
      'rules/words.data': 'x',
      'rules/extra.conf': '',
    };
    delete bad['crs-setup.conf.example'];
    bad['crs-setup.conf'] = files['crs-setup.conf.example'] as string;
    for (const from of [folder(bad), archive(archiveOf(bad))]) {
      const message = await refusal({ from });
      for (const path of ['rules/words.data', 'rules/extra.conf', 'crs-setup.conf.example']) {
        expect(message).toContain(path);
      }
      expect(message).not.toContain('REQUEST-901');
    }
  });

  it('refuses a release that is not the one asked for', async () => {
    await refusal({ from: folder(files), version: '4.8.0' });
    await refusal({ from: folder(files), version: '4.9.0.1' });
  });

  it('recognises a package of a release by its digests', async () => {
    const from = folder(releaseFiles('3.3.4'));
    expect(await install({ from })).toMatchObject({ version: '3.3.4-1+deb12u3', verified: true });
    const named = { from, version: '3.3.4-1+deb12u3', force: true };
    expect(await install(named)).toMatchObject({ verified: true, replaced: true });
  });

  it('does not take a changed package for the known one', async () => {
    const from = folder({ ...releaseFiles('3.3.4'), 'rules/words.data': 'x' });
    expect(await install({ from })).toMatchObject({ version: '3.3.4', verified: false });
    await refusal({ from, version: '3.3.4-1+deb12u3' });
  });

  it('takes local files from a folder, with a warning, and not from an archive', async () => {
    const local = {
      ...files,
      'crs-setup.conf': 'mine',
      'plugins/a-before.conf': 'plugin',
      'rules/RESPONSE-999-EXCLUSION-RULES-AFTER-CRS.conf': 'exclusions',
    };
    const fromArchive = await install({ from: archive(archiveOf(local)) });
    expect(fromArchive.warnings).toHaveLength(1);
    expect(existsSync(join(home, '4.9.0', 'plugins'))).toBe(false);
    expect(existsSync(join(home, '4.9.0', 'crs-setup.conf'))).toBe(false);
    const fromFolder = await install({ from: folder(local), force: true });
    expect(fromFolder).toMatchObject({ verified: true });
    expect(fromFolder.warnings).toHaveLength(1);
    expect(read('4.9.0', 'plugins/a-before.conf')).toBe('plugin');
    expect(read('4.9.0', 'crs-setup.conf')).toBe('mine');
  });

  it('fetches the newest release with an address when nothing is named', async () => {
    const asked: string[] = [];
    const done = await install({
      fetch: async (input) => {
        asked.push(String(input));
        return new Response(archiveOf(files));
      },
    });
    expect(asked).toEqual(['https://releases.test/v4.9.0.tar.gz']);
    expect(done).toMatchObject({ version: '4.9.0', verified: true });
  });

  it('refuses what is fetched when it is another release, changed, or no archive', async () => {
    const answers = [
      archiveOf(releaseFiles('4.8.0')),
      archiveOf({ ...files, 'rules/words.data': 'x' }),
      Buffer.from('<html>not found</html>'),
    ];
    for (const body of answers) {
      await refusal({ version: '4.9.0', fetch: async () => new Response(body) });
    }
  });

  it('fetches no release that it does not know', async () => {
    const fetch = (): never => {
      throw new Error('fetched');
    };
    await refusal({ version: '4.8.0', fetch });
  });
});

describe('installCrs, a release nobody told us of', () => {
  it('installs it with a warning and notes its digests', async () => {
    const done = await install({ from: folder(releaseFiles('4.10.0-dev')) });
    expect(done).toMatchObject({ version: '4.10.0-dev', verified: false });
    expect(done.warnings).toHaveLength(1);
    const manifest = readManifest(done.directory);
    expect(manifest).toMatchObject({ version: '4.10.0-dev', verified: false });
    expect(Object.keys(manifest?.files ?? {})).toEqual(Object.keys(releaseFiles('x')).sort());
  });

  it('takes plugins along from an archive, too', async () => {
    const files = { ...releaseFiles('4.10.0'), 'plugins/a-after.conf': '' };
    const done = await install({ from: archive(archiveOf(files)) });
    expect(existsSync(join(done.directory, 'plugins/a-after.conf'))).toBe(true);
  });

  it('needs a version when the rules do not say one', async () => {
    const from = folder({ 'crs-setup.conf.example': '', 'rules/a.conf': '' });
    await refusal({ from });
    expect(await install({ from, version: '1.2.3' })).toMatchObject({ version: '1.2.3' });
  });

  it('refuses a version that is no safe folder name', async () => {
    for (const version of ['4.0.0-..', `4.0.0-${'x'.repeat(200)}`, '1.2.3.4.5.6']) {
      await refusal({ from: folder(releaseFiles(version)) });
    }
  });
});

describe('installCrs, where one is installed', () => {
  const files = releaseFiles('4.9.0');

  it('replaces it only when forced', async () => {
    await install({ from: folder(files) });
    writeFileSync(join(home, '4.9.0', 'rules/words.data'), 'changed');
    await refusal({ from: folder(files) });
    expect(read('4.9.0', 'rules/words.data')).toBe('changed');
    expect(await install({ from: folder(files), force: true })).toMatchObject({ replaced: true });
    expect(read('4.9.0', 'rules/words.data')).toBe(files['rules/words.data']);
    expect(readdirSync(home)).toEqual(['4.9.0']);
  });

  it('keeps local files that the new one does not bring', async () => {
    await install({ from: folder(files) });
    writeFiles(join(home, '4.9.0'), {
      'crs-setup.conf': 'mine',
      'plugins/p-before.conf': 'plugin',
      'rules/stray.conf': 'stray',
    });
    const done = await install({ from: archive(archiveOf(files)), force: true });
    expect(done.kept).toEqual(['crs-setup.conf', 'plugins/p-before.conf']);
    expect(read('4.9.0', 'crs-setup.conf')).toBe('mine');
    expect(existsSync(join(home, '4.9.0', 'rules/stray.conf'))).toBe(false);
  });

  it('leaves the old one when the new one is refused', async () => {
    await install({ from: folder(files) });
    const bad = folder({ ...files, 'rules/words.data': 'x' }, 'bad');
    await refusal({ from: bad, force: true });
    expect(read('4.9.0', 'rules/words.data')).toBe(files['rules/words.data']);
  });

  it('takes the place of a file or of half an installation only when forced', async () => {
    writeFiles(home, { '4.9.0': 'not a folder' });
    await refusal({ from: folder(files) });
    rmSync(join(home, '4.9.0'));
    mkdirSync(join(home, '4.9.0'));
    await refusal({ from: folder(files) });
    expect(await install({ from: folder(files), force: true })).toMatchObject({ replaced: true });
  });

  it('lets one of two at the same time win', async () => {
    const both = await Promise.allSettled([
      install({ from: folder(files) }),
      install({ from: folder(files) }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(readdirSync(home)).toEqual(['4.9.0']);
  });
});

describe('installCrs, what is no release', () => {
  const files = releaseFiles('4.9.0');

  it('refuses folders without rules or setup', async () => {
    await refusal({ from: folder({ 'readme.md': '' }, 'a') });
    await refusal({ from: folder({ 'rules/words.data': '', 'crs-setup.conf.example': '' }, 'b') });
    await refusal({ from: folder({ 'rules/a.conf': '' }, 'c'), version: '1.2.3' });
    await refusal({ from: join(root, 'nowhere') });
  });

  it('refuses a dangling link among the rules', async () => {
    const from = folder(files);
    symlinkSync('/nonexistent/file', join(from, 'rules', 'gone.data'));
    await refusal({ from });
  });

  it('follows links to files and not those to folders', async () => {
    const from = folder({ ...files, 'elsewhere/x-before.conf': 'x', 'plugins/y-before.conf': 'y' });
    symlinkSync('../elsewhere/x-before.conf', join(from, 'plugins', 'x-before.conf'));
    symlinkSync('../elsewhere', join(from, 'plugins', 'folder'));
    await install({ from });
    expect(readdirSync(join(home, '4.9.0', 'plugins')).sort()).toEqual([
      'x-before.conf',
      'y-before.conf',
    ]);
    expect(read('4.9.0', 'plugins/x-before.conf')).toBe('x');
  });

  it('refuses rule files with names that do not travel', async () => {
    for (const name of ['rules/my rules.conf', 'plugins/pl\xfcgin-before.conf']) {
      const odd = { ...files, [name]: '' };
      await refusal({ from: folder(odd, `odd-${name.length}`) });
      await refusal({ from: archive(archiveOf(odd)) });
    }
  });

  const archives: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
    { name: 'a zip archive', bytes: Buffer.from('PK\x03\x04 and so on') },
    { name: 'an empty file', bytes: Buffer.alloc(0) },
    { name: 'damaged compression', bytes: archiveOf(files).subarray(0, 200) },
    { name: 'compressed text', bytes: gzipSync('hello') },
    { name: 'no rules', bytes: archiveOf({ 'readme.md': '' }) },
    { name: 'no setup', bytes: archiveOf({ 'rules/a.conf': '' }) },
    {
      name: 'two releases',
      bytes: gzipSync(tarOf([{ path: 'a/rules/x.conf' }, { path: 'b/rules/x.conf' }])),
    },
    {
      name: 'a path that leaves it',
      bytes: gzipSync(tarOf([{ path: 'x/rules/../../../../evil.conf' }])),
    },
    {
      name: 'a link among the rules',
      bytes: gzipSync(tarOf([{ path: 'x/rules/a.conf' }, { path: 'x/rules/b.conf', type: '2' }])),
    },
    {
      name: 'a file twice',
      bytes: gzipSync(tarOf([{ path: 'x/rules/a.conf' }, { path: 'x/rules/a.conf', text: 'b' }])),
    },
    { name: 'a bomb', bytes: gzipSync(Buffer.alloc(200 * 1024 * 1024)) },
  ];
  it.each(archives)('refuses an archive with or that is $name', async ({ bytes }) => {
    await refusal({ from: archive(bytes) });
  });

  it('refuses a place that cannot be written', async () => {
    writeFileSync(join(root, 'home'), 'a file');
    await expect(install({ from: folder(files) })).rejects.toThrow(CrsError);
    if (process.getuid?.() === 0) return;
    const locked = join(root, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const environment = { PORTCULLIS_HOME: locked };
    await expect(install({ from: folder(files), environment })).rejects.toThrow(CrsError);
  });
});

const REAL = sharedPath('..', 'crs', 'v4.28.0');
describeShared('installCrs, CRS 4.28.0', REAL, () => {
  it('is the release that we know', async () => {
    const done = await install({ from: REAL, releases: knownReleases() });
    expect(done).toMatchObject({ version: '4.28.0', verified: true, warnings: [] });
  });
});

const DEBIAN = '/usr/share/modsecurity-crs';
describe.runIf(existsSync(DEBIAN))("installCrs, Debian's package", () => {
  it('brings rules, setup and exclusions into one folder', async () => {
    const done = await install({ from: DEBIAN, releases: knownReleases() });
    expect(done.version).toMatch(/^3\.|^4\./);
    const layout = resolveCrsDirectory(done.version, { PORTCULLIS_HOME: join(root, 'home') });
    const original = resolveCrsDirectory('debian');
    if (layout.kind === 'problem' || original.kind === 'problem') throw new Error('no layout');
    const names = (files: readonly string[]): readonly string[] =>
      files.map((file) => file.replace(/^.*\//, ''));
    expect(names(layout.files)).toEqual(names(original.files));
    expect(layout.files.every((file) => file.startsWith(done.directory))).toBe(true);
  });
});
