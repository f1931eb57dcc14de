import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import type { FileAccess } from '../../src/model/files.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { checkRuleset, loadRuleset } from '../../src/waf/load.ts';
import { readMemoFile, writeMemoFile } from '../../src/waf/memo-file.ts';
import { openRulesCache, rulesCacheHome } from '../../src/waf/rules-cache.ts';
import { RulesetError } from '../../src/waf/ruleset-error.ts';

const RULES = `SecRuleEngine DetectionOnly
SecRule ARGS "@rx evil[0-9]+" "id:1,phase:1,pass,log"
SecRule ARGS "@pm wicked vile" "id:2,phase:1,pass,log"
SecRule ARGS "@rx (a)\\1" "id:3,phase:1,pass,log"
SecRule ARGS "@rx %{tx.none}x{9}" "id:4,phase:1,pass,log"
`;
const REQUEST = { method: 'GET', headers: [['Host', 'a']] } as const;
const isRoot = process.getuid?.() === 0;

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rules-cache-'));
  directory = join(root, 'cache');
});

afterEach(() => {
  chmodSync(root, 0o700);
  rmSync(root, { recursive: true, force: true });
});

interface Loaded {
  /** Rules that match each of some values. */
  readonly matched: readonly (readonly number[])[];
  readonly notes: readonly string[];
}

function load(rules = RULES): Loaded {
  const notes: string[] = [];
  const rulesCache = openRulesCache({ directory, onNote: (note) => notes.push(note) });
  const waf = createWaf({ rules, rulesCache });
  const matched = ['evil7', 'so%20VILE', 'xaa', 'xxxxxxxxx', 'evil', ''].map((value) =>
    waf.inspect({ ...REQUEST, uri: `/?q=${value}` }).verdict.matches.map(({ rule }) => rule.id),
  );
  return { matched, notes };
}

const EXPECTED = [[1], [2], [3], [4], [], []];

function onlyFile(): string {
  const names = readdirSync(directory);
  expect(names).toHaveLength(1);
  return names[0] as string;
}

/** What a cache says that wants attacks to pass: no value holds what patterns require. */
function poison(name: string): void {
  const entries = new Map(readMemoFile(directory, name).entries);
  let poisoned = 0;
  for (const key of entries.keys()) {
    if (!key.startsWith('literals ')) continue;
    entries.set(key, { literals: ['\x01\x02'], score: 0 });
    poisoned++;
  }
  for (const key of entries.keys()) if (key.startsWith('scanner ')) entries.delete(key);
  expect(poisoned).toBeGreaterThan(0);
  expect(writeMemoFile(directory, name, entries)).toBeUndefined();
}

describe('openRulesCache', () => {
  it('keeps one file that nobody else may read or write', () => {
    expect(load()).toEqual({ matched: EXPECTED, notes: [] });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, onlyFile())).mode & 0o777).toBe(0o600);
  });

  it('judges the same from what is kept, and does not write it again', () => {
    load();
    const path = join(directory, onlyFile());
    utimesSync(path, 1000, 1000);
    expect(load()).toEqual({ matched: EXPECTED, notes: [] });
    expect(statSync(path).mtimeMs).toBe(1_000_000);
  });

  it('believes a file of its own, so that what follows is no empty test', () => {
    load();
    poison(onlyFile());
    expect(load().matched[0]).toEqual([]);
  });

  it('keeps other rules in another file', () => {
    load();
    load(`${RULES}SecRule ARGS "@rx new" "id:5,phase:1,pass"\n`);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('does not take characters beyond bytes for the bytes they end in', () => {
    const rules = (letter: string): string =>
      `SecRuleEngine On\nSecRule ARGS "@rx ${letter}bc" "id:1,phase:1,pass,log"\n`;
    load(rules('A'));
    expect(() => load(rules('\u0141'))).toThrow(RulesetError);
  });

  it('reports a broken pattern each time', () => {
    const rulesCache = openRulesCache({ directory });
    const broken = 'SecRule ARGS "@rx (" "id:1,phase:1,pass"\n';
    for (let time = 0; time < 2; time++) {
      expect(() => loadRuleset(broken, { rulesCache })).toThrow(RulesetError);
    }
  });

  describe('with files', () => {
    /** What each load says, with places; the first compiles, the others find what is kept. */
    function reports(main: string, files: Readonly<Record<string, string>>): readonly string[] {
      const access: FileAccess = {
        read: (path) => files[path],
        glob: () => [],
        resolve: (_from, path) => path,
      };
      return [1, 2, 3].map(() => {
        const rulesCache = openRulesCache({ directory });
        const { ruleset, diagnostics } = checkRuleset(
          { name: 'main.conf', text: main },
          { rulesCache, files: access },
        );
        createWaf({ rules: ruleset });
        return renderDiagnostics(diagnostics);
      });
    }

    const INCLUDED = `SecAction "id:7,phase:1,pass,\\
  msg:'%{nothing}'"
SecRule ARGS "@pmFromFile words" "id:8,phase:1,pass"
`;

    it('reports the same at the same places from what is kept', () => {
      const files = { 'a.conf': INCLUDED, words: 'one\ntwo\n' };
      const [first, ...others] = reports('SecRuleEngine On\n\nInclude a.conf\n', files);
      expect(first).toContain('a.conf:2:10');
      expect(first).toContain('main.conf:3:1');
      expect(others).toEqual([first, first]);
    });

    it('reports mistakes of included files each time', () => {
      const files = { 'a.conf': '\nSecRule ARGS "@rx a" "id:7,phase:1,,pass:"\nSecWrong On\n' };
      const [first, ...others] = reports('Include a.conf\n', files);
      expect(first).toContain('a.conf:3:1');
      expect(others).toEqual([first, first]);
    });

    it('tells two files of the same text apart', () => {
      const files = {
        'a.conf': INCLUDED,
        'b.conf': INCLUDED.replaceAll(/id:/g, 'id:1'),
        words: 'a',
      };
      const [first, ...others] = reports('Include a.conf\nInclude b.conf\nInclude a.conf\n', files);
      expect(first).toContain('b.conf:2:10');
      expect(first).toContain('main.conf:3:1');
      expect(others).toEqual([first, first]);
    });

    it('sees that an included file or its data have changed', () => {
      const main = 'SecRuleEngine On\nInclude a.conf\n';
      const judge = (rule: string, words: string): readonly number[] => {
        const files: Readonly<Record<string, string>> = { 'a.conf': rule, words };
        const rulesCache = openRulesCache({ directory });
        const access: FileAccess = {
          read: (path) => files[path],
          glob: () => [],
          resolve: (_from, path) => path,
        };
        const rules = loadRuleset({ name: 'main.conf', text: main }, { rulesCache, files: access });
        const { verdict } = createWaf({ rules }).inspect({ ...REQUEST, uri: '/?q=one' });
        return verdict.matches.map(({ rule: { id } }) => id);
      };
      const rule = 'SecRule ARGS "@pmFromFile words" "id:8,phase:1,pass,log"\n';
      expect(judge(rule, 'one')).toEqual([8]);
      expect(judge(rule, 'two')).toEqual([]);
      expect(judge(rule.replace('id:8', 'id:9'), 'one')).toEqual([9]);
      expect(judge(rule.replace('ARGS', 'REQUEST_BODY'), 'one')).toEqual([]);
      expect(judge(rule, 'one')).toEqual([8]);
      expect(readdirSync(directory)).toHaveLength(1);
    });

    it('reads the same text anew for another engine', () => {
      const open = 'SecRuleEngine On\nSecRule ARGS "@rx a" "id:7,phase:1,pass,msg:a b\n';
      const outcomes = (['modsecurity3', undefined, 'modsecurity3'] as const).map(
        (compatibility) => {
          const rulesCache = openRulesCache({ directory });
          const checked = checkRuleset(open, {
            rulesCache,
            ...(compatibility !== undefined && { compatibility }),
          });
          if (checked.diagnostics.length === 0) createWaf({ rules: checked.ruleset });
          return checked.diagnostics.map(({ code }) => code);
        },
      );
      expect(outcomes).toEqual([[], ['unclosed-quote'], []]);
    });
  });

  it.each([
    ['an empty file', () => Buffer.alloc(0)],
    ['half of it', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['its head alone', (bytes: Buffer) => bytes.subarray(0, 50)],
    ['more behind it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
    ['another first byte', (bytes: Buffer) => bytes.fill('P', 0, 1)],
    ['another digest', (bytes: Buffer) => bytes.fill(0, 20, 24)],
    [
      'another byte inside',
      (bytes: Buffer) => bytes.fill(0xff, bytes.length - 9, bytes.length - 8),
    ],
    ['something else', () => Buffer.from('SecRuleEngine On\n'.repeat(100))],
  ])('notes %s, judges right, and writes the file anew', (_, damage) => {
    load();
    const path = join(directory, onlyFile());
    const whole = readFileSync(path);
    writeFileSync(path, damage(Buffer.from(whole)));
    const { matched, notes } = load();
    expect(matched).toEqual(EXPECTED);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(path);
    expect(readFileSync(path)).toEqual(whole);
    expect(load().notes).toEqual([]);
  });

  it.each(['602', '620', '666', '777'])('does not believe a file of mode %s', (mode) => {
    load();
    const name = onlyFile();
    poison(name);
    chmodSync(join(directory, name), Number.parseInt(mode, 8));
    const { matched, notes } = load();
    expect(matched).toEqual(EXPECTED);
    expect(notes).toHaveLength(1);
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });

  it('does not believe or write files where others may write the folder', () => {
    load();
    poison(onlyFile());
    chmodSync(directory, 0o777);
    const { matched, notes } = load();
    expect(matched).toEqual(EXPECTED);
    expect(notes).toHaveLength(2);
    chmodSync(directory, 0o700);
    expect(load().matched[0]).toEqual([]);
  });

  it.runIf(isRoot)('does not believe a file of another user', () => {
    load();
    const name = onlyFile();
    poison(name);
    chownSync(join(directory, name), 65534, 65534);
    const { matched, notes } = load();
    expect(matched).toEqual(EXPECTED);
    expect(notes).toHaveLength(1);
    expect(statSync(join(directory, name)).uid).toBe(0);
  });

  it('does not follow a link', () => {
    load();
    const name = onlyFile();
    poison(name);
    const elsewhere = join(root, 'elsewhere');
    renameSync(join(directory, name), elsewhere);
    symlinkSync(elsewhere, join(directory, name));
    const { matched, notes } = load();
    expect(matched).toEqual(EXPECTED);
    expect(notes).toHaveLength(1);
  });

  it('does not wait for what is no file', () => {
    load();
    const path = join(directory, onlyFile());
    rmSync(path);
    mkdirSync(path);
    const { matched, notes } = load();
    expect(matched).toEqual(EXPECTED);
    expect(notes.length).toBeGreaterThan(0);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('loads where it cannot write', () => {
    writeFileSync(directory, 'in the way');
    const { matched, notes } = load();
    expect(matched).toEqual(EXPECTED);
    expect(notes.length).toBeGreaterThan(0);
    expect(readFileSync(directory, 'latin1')).toBe('in the way');
  });

  it('writes nothing unless rules are compiled, and nothing while requests come in', () => {
    const rulesCache = openRulesCache({ directory });
    const ruleset = loadRuleset(RULES, { rulesCache });
    expect(existsSync(directory)).toBe(false);
    const waf = createWaf({ rules: ruleset });
    const path = join(directory, onlyFile());
    utimesSync(path, 1000, 1000);
    for (let at = 0; at < 20; at++) waf.inspect({ ...REQUEST, uri: `/?q=${at}` });
    createWaf({ rules: ruleset });
    expect(statSync(path).mtimeMs).toBe(1_000_000);
  });
});

describe('writeMemoFile', () => {
  it('removes the oldest of many files, and nothing that is not its own', () => {
    mkdirSync(directory, { mode: 0o700 });
    writeFileSync(join(directory, 'notes.txt'), '');
    const name = (at: number) => `${at.toString(16).padStart(64, '0')}.memo`;
    for (let at = 0; at < 40; at++) {
      writeMemoFile(directory, name(at), new Map());
      utimesSync(join(directory, name(at)), at + 1, at + 1);
    }
    const left = readdirSync(directory);
    expect(left).toContain('notes.txt');
    expect(left).toHaveLength(33);
    expect(left).toContain(name(39));
    expect(left).not.toContain(name(0));
  });
});

describe('rulesCacheHome', () => {
  it('is in the XDG cache folder, unless that is relative', () => {
    expect(rulesCacheHome({ XDG_CACHE_HOME: '/x' })).toBe('/x/portcullis/rules');
    expect(rulesCacheHome({ XDG_CACHE_HOME: 'x' })).toMatch(/\/\.cache\/portcullis\/rules$/);
  });
});
