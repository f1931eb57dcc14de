import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTar, TarError } from '../../src/waf/tar.ts';
import { paxRecord, type TarPart, tarOf, tarPart } from '../support/tar.ts';

const LIMITS = { maxEntries: 100, maxFileBytes: 10_000 };
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const read = (bytes: Uint8Array): ReturnType<typeof readTar> => readTar(bytes, LIMITS);
const readParts = (...parts: readonly TarPart[]): ReturnType<typeof readTar> => read(tarOf(parts));
const textOf = (data: Uint8Array): string => Buffer.from(data).toString('latin1');
const listed = (...parts: readonly TarPart[]): readonly string[] =>
  readParts(...parts).map(({ path, kind }) => `${kind} ${path}`);

describe('readTar', () => {
  it('gives files with their contents, in the order of the archive', () => {
    const entries = readParts(
      { path: 'top/', type: '5' },
      { path: 'top/b', text: 'x'.repeat(513) },
      { path: 'top/a', text: '' },
      { path: './c', text: 'c', type: '\0' },
    );
    expect(entries.map(({ path, kind, data }) => [path, kind, data.length])).toEqual([
      ['top', 'directory', 0],
      ['top/b', 'file', 513],
      ['top/a', 'file', 0],
      ['c', 'file', 1],
    ]);
    expect(textOf(entries[3]?.data ?? new Uint8Array())).toBe('c');
  });

  it('joins the prefix of a POSIX header', () => {
    expect(listed({ path: 'name', prefix: 'a/b' })).toEqual(['file a/b/name']);
  });

  it('takes long names from pax and GNU headers, for the next entry only', () => {
    const long = `${'d/'.repeat(150)}name`;
    expect(
      listed(
        { path: 'x', type: 'x', text: paxRecord('path', long) + paxRecord('mtime', '1.5') },
        { path: 'short' },
        { path: '././@LongLink', type: 'L', text: `${long}2\0` },
        { path: 'short' },
        { path: 'own' },
      ),
    ).toEqual([`file ${long}`, `file ${long}2`, 'file own']);
  });

  it('skips global headers', () => {
    const text = paxRecord('comment', 'a commit');
    expect(listed({ path: 'g', type: 'g', text }, { path: 'a' })).toEqual(['file a']);
  });

  it('tells links and devices from files', () => {
    expect(
      listed(
        { path: 'hard', type: '1' },
        { path: 'soft', type: '2' },
        { path: 'pipe', type: '6' },
        { path: 'old/', type: '0' },
      ),
    ).toEqual(['link hard', 'link soft', 'other pipe', 'directory old']);
  });

  it('does not read contents for a hard link that claims a size', () => {
    expect(
      listed({ path: 'hard', type: '1', size: '00000001000\0' }, { path: 'a', text: 'a' }),
    ).toEqual(['link hard', 'file a']);
  });

  const refused: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
    ...['../a', 'a/../../b', '/etc/passwd', 'a\\..\\b', 'C:/a', 'a/..'].map((path) => ({
      name: `the path ${path}`,
      bytes: tarOf([{ path }]),
    })),
    {
      name: 'a directory outside',
      bytes: tarOf([{ path: '../', type: '5' }]),
    },
    {
      name: 'an outside path from a pax header',
      bytes: tarOf([{ path: 'x', type: 'x', text: paxRecord('path', '../a') }, { path: 'a' }]),
    },
    {
      name: 'an outside path from a GNU header',
      bytes: tarOf([{ path: 'x', type: 'L', text: '/a\0' }, { path: 'a' }]),
    },
    {
      name: 'an outside path from a prefix',
      bytes: tarOf([{ path: 'a', prefix: '..' }]),
    },
    {
      name: 'an overlong path',
      bytes: tarOf([{ path: 'x', type: 'L', text: 'a/'.repeat(3000) }, { path: 'a' }]),
    },
    {
      name: 'a pax size',
      bytes: tarOf([{ path: 'x', type: 'x', text: paxRecord('size', '1') }, { path: 'a' }]),
    },
    {
      name: 'a path for all entries',
      bytes: tarOf([{ path: 'g', type: 'g', text: paxRecord('path', 'a') }]),
    },
    {
      name: 'a sparse file',
      bytes: tarOf([{ path: 'x', type: 'x', text: paxRecord('GNU.sparse.major', '1') }]),
    },
    { name: 'a broken pax record', bytes: tarOf([{ path: 'x', type: 'x', text: '9 a=b\n' }]) },
    { name: 'a pax record of length 0', bytes: tarOf([{ path: 'x', type: 'x', text: '0 a=b\n' }]) },
    { name: 'a wrong checksum', bytes: tarOf([{ path: 'a', checksum: '000001\0 ' }]) },
    { name: 'a binary size', bytes: tarOf([{ path: 'a', size: '\x80\0\0\0\0\0\0\0\0\0\0\x01' }]) },
    { name: 'a negative size', bytes: tarOf([{ path: 'a', size: '-0000000001\0' }]) },
    { name: 'a size beyond the end', bytes: tarOf([{ path: 'a', size: '00000020000\0' }]) },
    { name: 'a file above the limit', bytes: tarOf([{ path: 'a', text: 'x'.repeat(10_001) }]) },
    {
      name: 'a huge extended header',
      bytes: tarOf([{ path: 'x', type: 'L', text: 'a'.repeat(70_000) }]),
    },
    { name: 'nothing', bytes: new Uint8Array(0) },
    { name: 'no end', bytes: tarPart({ path: 'a', text: 'a' }) },
    { name: 'half a block', bytes: tarOf([{ path: 'a' }]).subarray(0, 300) },
    {
      name: 'half a file',
      bytes: tarOf([{ path: 'a', text: 'x'.repeat(2000) }]).subarray(0, 1024),
    },
    {
      name: 'too many entries',
      bytes: tarOf(Array.from({ length: 101 }, (_, at) => ({ path: `f${at}` }))),
    },
    {
      name: 'too many headers',
      bytes: tarOf(Array.from({ length: 201 }, () => ({ path: 'g', type: 'g' }))),
    },
  ];
  it.each(refused)('refuses $name', ({ bytes }) => {
    expect(() => read(bytes)).toThrow(TarError);
  });

  it.each(['ustar', 'gnu', 'pax'])('reads what tar writes as %s', (format) => {
    const root = mkdtempSync(join(tmpdir(), 'portcullis-tar-'));
    try {
      const deep = join('rules', 'd'.repeat(60), 'e'.repeat(60));
      mkdirSync(join(root, 'in', deep), { recursive: true });
      writeFileSync(join(root, 'in', deep, 'long.conf'), 'x'.repeat(1000));
      writeFileSync(join(root, 'in', 'short.conf'), 'short');
      symlinkSync('short.conf', join(root, 'in', 'link.conf'));
      const file = join(root, 'out.tar');
      execFileSync('tar', [`--format=${format}`, '-C', join(root, 'in'), '-cf', file, '.']);
      const found = new Map(read(readFileSync(file)).map((entry) => [entry.path, entry]));
      expect(found.get(join(deep, 'long.conf'))?.data.length).toBe(1000);
      expect(textOf(found.get('short.conf')?.data ?? new Uint8Array())).toBe('short');
      expect(found.get('link.conf')?.kind).toBe('link');
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('readTar, on damaged archives', () => {
  const sound = tarOf([
    { path: 'top/', type: '5' },
    { path: 'x', type: 'x', text: paxRecord('path', 'top/rules/a.conf') },
    { path: 'a', text: 'SecRule' },
    { path: 'top/b', text: 'x'.repeat(600) },
  ]);

  function refusesOrKeepsInside(bytes: Uint8Array): void {
    let entries: ReturnType<typeof readTar> = [];
    try {
      entries = read(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(TarError);
    }
    for (const { path, data } of entries) {
      expect(path.split('/')).not.toContain('..');
      expect(path.startsWith('/')).toBe(false);
      expect(data.length).toBeLessThanOrEqual(bytes.length);
    }
  }

  it('refuses every cut', () => {
    for (let length = 0; length < sound.length - 1024; length += 7) {
      expect(() => read(sound.subarray(0, length))).toThrow(TarError);
    }
  });

  it('throws nothing else for any change', () => {
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        refusesOrKeepsInside(bytes);
      }),
      { numRuns: RUNS },
    );
  });

  it('throws nothing else for any header with a right checksum', () => {
    const latin1 = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
      maxLength: 100,
    });
    const part = fc.record({
      path: latin1,
      prefix: latin1,
      text: latin1,
      type: fc.constantFrom('0', '\0', '1', '2', '5', 'x', 'g', 'L', 'K', 'S', '7'),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        refusesOrKeepsInside(tarOf(parts));
      }),
      { numRuns: RUNS },
    );
  });
});
