import {
  chmodSync,
  existsSync,
  lstatSync,
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
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { EditError } from '../../src/policy/edit/edit-error.ts';
import { openPolicyBook } from '../../src/waf/policy-book.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'portcullis-book-'));
afterAll(() => rmSync(ROOT, { recursive: true }));

const SHOP = `# ours
sources:
  - name: bad range
    action: block
    addresses: 198.51.100.0/24
`;
const MORE = `signatures:
  - name: no debug # said ops
    action: block
    payload: { part: request.path, operator: startsWith, value: /debug }
`;

let folder = '';
let count = 0;
const file = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(file(name), 'utf8');

beforeEach(() => {
  folder = join(ROOT, String(count++));
  mkdirSync(folder);
  writeFileSync(file('shop.yaml'), SHOP);
  writeFileSync(file('more.yaml'), MORE);
});

/** A clock that moves on, so that no revision looks as if it were being written. */
function book(paths: readonly string[] = [folder]): ReturnType<typeof openPolicyBook> {
  let now = Date.parse('2026-01-01T00:00:00Z');
  return openPolicyBook(paths, {
    clock: () => {
      now += 60_000;
      return now;
    },
  });
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EditError) return error.code;
    throw error;
  }
  return 'none';
}

describe('openPolicyBook', () => {
  it('writes a change, and keeps it as a revision behind the document as it was found', () => {
    const policies = book();
    const { revision, summary, diff } = policies.change(
      { kind: 'disable', rule: 'no debug' },
      { who: 'ann', message: 'too loud' },
    );
    expect({ revision, summary }).toEqual({ revision: 2, summary: 'disable signatures/no debug' });
    expect(read('more.yaml')).toBe(MORE.replace('ops\n', 'ops\n    enabled: false\n'));
    expect(read('shop.yaml')).toBe(SHOP);
    expect(diff).toContain('\n+    enabled: false\n');
    expect(diff).toMatch(/^--- more\.yaml/);
    const [last, first] = policies.revisions();
    expect(last).toMatchObject({ id: 2, who: 'ann', message: 'too loud', kind: 'change' });
    expect(last?.files).toEqual([{ name: 'more.yaml', before: MORE, after: read('more.yaml') }]);
    expect(first).toMatchObject({ id: 1, kind: 'found' });
    expect(first?.files.map(({ name, before }) => [name, before])).toEqual([
      ['more.yaml', null],
      ['shop.yaml', null],
    ]);
  });

  it('gives the policy that is to be put in force', () => {
    const { policy } = book().change({ kind: 'delete', rule: 'bad range' });
    expect(policy.compiled.document.sources).toEqual([]);
    expect(policy.compiled.document.signatures).toHaveLength(1);
  });

  it('refuses a change that would make the document invalid, and writes nothing', () => {
    const policies = book();
    const refused = (): unknown =>
      policies.change({
        kind: 'edit',
        rule: 'bad range',
        set: [
          { path: ['severity'], value: 'high' },
          { path: ['addresses'], value: 'nowhere' },
        ],
      });
    expect(refusal(refused)).toBe('invalid-document');
    try {
      refused();
    } catch (error) {
      expect((error as EditError).diagnostics).toMatchObject([{ code: 'policy-wrong-value' }]);
    }
    expect(read('shop.yaml')).toBe(SHOP);
    expect(existsSync(file('.portcullis'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['more.yaml', 'shop.yaml']);
  });

  it('sees mistakes that only all files together have', () => {
    writeFileSync(file('z.yaml'), 'sources:\n  - {name: other, action: monitor, regions: [KP]}\n');
    const rename = { kind: 'edit', rule: 'other', set: [{ path: ['name'], value: 'bad range' }] };
    expect(refusal(() => book().change(rename as never))).toBe('invalid-document');
  });

  it('makes no revision where nothing changes, and none for a dry run', () => {
    const policies = book();
    expect(policies.change({ kind: 'enable', rule: 'bad range' }).revision).toBeUndefined();
    const dry = policies.change({ kind: 'disable', rule: 'bad range' }, { dryRun: true });
    expect(dry.revision).toBeUndefined();
    expect(dry.diff).toContain('+    enabled: false');
    expect(read('shop.yaml')).toBe(SHOP);
    expect(policies.revisions()).toEqual([]);
  });

  it('keeps what was changed by hand as a revision of its own', () => {
    const policies = book();
    policies.change({ kind: 'disable', rule: 'no debug' }, { who: 'ann' });
    writeFileSync(file('shop.yaml'), SHOP.replace('# ours', '# yours'));
    policies.change({ kind: 'enable', rule: 'no debug' }, { who: 'bob' });
    const revisions = policies.revisions();
    expect(revisions.map(({ kind, who }) => [kind, who])).toEqual([
      ['change', 'bob'],
      ['by-hand', undefined],
      ['change', 'ann'],
      ['found', undefined],
    ]);
    expect(revisions[1]?.files).toMatchObject([{ name: 'shop.yaml', before: SHOP }]);
    expect(policies.diff(2, 3)).toContain('-# ours\n+# yours\n');
    expect(policies.diff(3, 4)).toContain('-    enabled: false\n+    enabled: true\n');
  });

  it('notices files that came and went by hand', () => {
    const policies = book();
    policies.change({ kind: 'disable', rule: 'no debug' });
    rmSync(file('shop.yaml'));
    writeFileSync(file('new.yaml'), '# nothing yet\n');
    policies.change({ kind: 'enable', rule: 'no debug' });
    expect(policies.revisions()[1]?.files).toEqual([
      { name: 'shop.yaml', before: SHOP, after: null },
      { name: 'new.yaml', before: null, after: '# nothing yet\n' },
    ]);
  });

  it('does not take files for gone that it was not asked about', () => {
    book().change({ kind: 'disable', rule: 'no debug' });
    const policies = book([file('shop.yaml')]);
    policies.change({ kind: 'disable', rule: 'bad range' });
    expect(policies.revisions().map(({ kind }) => kind)).toEqual(['change', 'change', 'found']);
  });

  it('rolls back to any revision, byte by byte, and that can be undone too', () => {
    const policies = book();
    policies.change({ kind: 'disable', rule: 'no debug' });
    policies.change({ kind: 'delete', rule: 'bad range' });
    const { revision } = policies.rollback(1, { who: 'ann' });
    expect(revision).toBe(4);
    expect([read('shop.yaml'), read('more.yaml')]).toEqual([SHOP, MORE]);
    policies.rollback(2);
    expect([read('shop.yaml'), read('more.yaml')]).toEqual([
      SHOP,
      MORE.replace('ops\n', 'ops\n    enabled: false\n'),
    ]);
    expect(policies.revisions()[1]).toMatchObject({ kind: 'rollback', who: 'ann' });
    expect(refusal(() => policies.rollback(99))).toBe('unknown-revision');
  });

  it('empties files that were not there, and brings back those that are gone', () => {
    const policies = book();
    policies.change({ kind: 'disable', rule: 'no debug' });
    rmSync(file('shop.yaml'));
    writeFileSync(file('new.yaml'), 'lists: { a: [b] }\n');
    policies.rollback(1);
    expect([read('shop.yaml'), read('more.yaml'), read('new.yaml')]).toEqual([SHOP, MORE, '']);
  });

  it('refuses changes to a document that is invalid by hand, but for those that repair it', () => {
    const policies = book();
    writeFileSync(file('shop.yaml'), `${SHOP}    severity: awful\n`);
    const set = [{ path: ['severity'], value: 'high' }];
    expect(refusal(() => policies.change({ kind: 'disable', rule: 'no debug' }))).toBe(
      'invalid-document',
    );
    policies.change({ kind: 'edit', rule: 'bad range', set });
    expect(read('shop.yaml')).toBe(`${SHOP}    severity: high\n`);
    // The first revision is the invalid document, as it was found.
    expect(refusal(() => policies.rollback(1))).toBe('invalid-document');
    expect(read('shop.yaml')).toBe(`${SHOP}    severity: high\n`);
  });

  it('tells one of two who change the same version to look again', () => {
    const [one, two] = [book(), book()];
    const version = one.version();
    expect(version).toMatch(/^[0-9a-f]{32}$/);
    one.change({ kind: 'disable', rule: 'bad range' }, { version });
    const late = (): unknown => two.change({ kind: 'disable', rule: 'no debug' }, { version });
    expect(refusal(late)).toBe('conflict');
    expect(read('more.yaml')).toBe(MORE);
    two.change({ kind: 'disable', rule: 'no debug' }, { version: two.version() });
    expect(one.revisions()).toHaveLength(3);
  });

  it('does not take the number of a revision that somebody else has', () => {
    const policies = book();
    policies.change({ kind: 'disable', rule: 'bad range' });
    const taken = file('.portcullis/revisions/000003.json');
    const clock = (): number => {
      // Another process, just before this one takes its number.
      writeFileSync(taken, readFileSync(file('.portcullis/revisions/000002.json')));
      return Date.parse('2026-06-01T00:00:00Z');
    };
    const late = openPolicyBook([folder], { clock });
    expect(refusal(() => late.change({ kind: 'disable', rule: 'no debug' }))).toBe('conflict');
    expect(read('more.yaml')).toBe(MORE);
    expect(readdirSync(folder).sort()).toEqual(['.portcullis', 'more.yaml', 'shop.yaml']);
  });

  it('does not take what others have changed since it looked for a change by hand', () => {
    const policies = book();
    let isChanged = false;
    const slow = openPolicyBook([folder], {
      // Asked for when the change is checked: others are quicker, twice.
      get policy() {
        if (!isChanged) policies.change({ kind: 'disable', rule: 'bad range' });
        if (!isChanged) policies.change({ kind: 'enable', rule: 'bad range' });
        isChanged = true;
        return undefined;
      },
    });
    expect(refusal(() => slow.change({ kind: 'disable', rule: 'no debug' }))).toBe('conflict');
    expect(isChanged).toBe(true);
    expect(policies.revisions().map(({ kind }) => kind)).toEqual(['change', 'change', 'found']);
    slow.change({ kind: 'disable', rule: 'no debug' });
    expect(policies.revisions().map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  });

  it.each([
    ['waits for a process that is slow to write', process.ppid, 10_000, 'conflict'],
    ['does not wait for one that has ended', 2 ** 30, 10_000, 'by-hand'],
    ['does not wait for ever', process.ppid, 100_000, 'by-hand'],
  ])('%s', (_, pid, afterMs, expected) => {
    book().change({ kind: 'disable', rule: 'bad range' });
    // The number is taken, and the file waits for its name.
    writeFileSync(file(`.shop.yaml.${pid}.m5x1.new`), read('shop.yaml'));
    writeFileSync(file('shop.yaml'), SHOP);
    const revision = JSON.parse(readFileSync(file('.portcullis/revisions/000002.json'), 'utf8'));
    const clock = (): number => Date.parse(revision.time) + afterMs;
    const late = openPolicyBook([folder], { clock });
    const change = (): unknown => late.change({ kind: 'disable', rule: 'no debug' });
    if (expected === 'conflict') {
      expect(refusal(change)).toBe('conflict');
      expect(late.revisions()).toHaveLength(2);
    } else {
      change();
      expect(late.revisions().map(({ kind }) => kind)).toEqual([
        'change',
        'by-hand',
        'change',
        'found',
      ]);
    }
  });

  it('keeps the mode of a file, and a link a link', () => {
    chmodSync(file('shop.yaml'), 0o600);
    symlinkSync(file('shop.yaml'), file('link.yaml'));
    const policies = book([file('link.yaml')]);
    policies.change({ kind: 'disable', rule: 'bad range' });
    expect(lstatSync(file('link.yaml')).isSymbolicLink()).toBe(true);
    expect(statSync(file('shop.yaml')).mode & 0o777).toBe(0o600);
    expect(read('shop.yaml')).toContain('enabled: false');
  });

  it('keeps revisions where it is told to', () => {
    const revisions = file('elsewhere');
    openPolicyBook([folder], { revisions }).change({ kind: 'disable', rule: 'bad range' });
    expect(readdirSync(revisions)).toEqual(['000001.json', '000002.json']);
    expect(existsSync(file('.portcullis'))).toBe(false);
  });

  it('tells of a folder that cannot be written, and changes nothing', () => {
    const revisions = file('shop.yaml');
    const policies = openPolicyBook([folder], { revisions });
    const change = (): unknown => policies.change({ kind: 'disable', rule: 'bad range' });
    expect(refusal(change)).toBe('write-failed');
    expect(read('shop.yaml')).toBe(SHOP);
  });
});
