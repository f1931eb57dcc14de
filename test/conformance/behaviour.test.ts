// 898 small cases, each a few rules and one exchange, with the verdict that Portcullis promises. The cases were
// recorded from ModSecurity 2.9, libmodsecurity 3 and Coraza; `expected` is our choice among them.
//
// A case that we decide otherwise stands in overruled.json with its reason, and has to fail as long as it does.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExchangeRecord } from '../../src/adapters/exchange-record.ts';
import type { FileAccess } from '../../src/model/files.ts';
import { createWaf, type Waf } from '../../src/waf/create-waf.ts';
import { loadRuleset, RulesetError } from '../../src/waf/load.ts';

interface Expected {
  readonly load_error?: boolean;
  readonly matched?: readonly number[];
  readonly interruption?: { readonly status: number; readonly rule: number | null } | null;
}

interface Case {
  readonly id: string;
  readonly area: string;
  readonly question: string;
  readonly rules: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly exchange: object;
  readonly expected: Expected;
}

const HERE = new URL('./', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, HERE), 'utf8');
const CASES = read('behaviour.jsonl')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case);
const OVERRULED = JSON.parse(read('overruled.json')) as Readonly<Record<string, string>>;

function filesOf(files: Readonly<Record<string, string>> = {}): FileAccess {
  const names = Object.keys(files);
  const plain = (path: string): string => path.replace(/^\.\//, '');
  return {
    read: (path) => {
      const text = files[plain(path)];
      return text === undefined ? undefined : Buffer.from(text, 'utf8').toString('latin1');
    },
    glob: (pattern) => names.filter((name) => name === plain(pattern)),
    resolve: (_from, path) => plain(path),
  };
}

/** The outcome in the shape of `expected`; a limit has no rule, a drop no status. */
function outcomeOf({ rules, files, exchange }: Case): Expected {
  let waf: Waf<'sync'>;
  try {
    waf = createWaf({
      rules: loadRuleset({ name: 'main.conf', text: rules }, { files: filesOf(files) }),
    });
  } catch (error) {
    if (error instanceof RulesetError) return { load_error: true };
    throw error;
  }
  const { verdict } = waf.inspect(parseExchangeRecord(JSON.stringify(exchange)));
  const logged = verdict.matches.filter((match) => match.logged).map((match) => match.rule.id);
  const { interruption } = verdict;
  const status = interruption?.action === 'proxy' ? -1 : (interruption?.status ?? 0);
  return {
    matched: [...new Set(logged)],
    interruption: interruption === null ? null : { status, rule: interruption.rule },
  };
}

function comparable({ load_error, matched, interruption }: Expected): Expected {
  if (load_error === true) return { load_error };
  const { status, rule } = interruption ?? { status: 0, rule: null };
  return {
    matched: matched ?? [],
    interruption: interruption === null ? null : { status, rule },
  };
}

describe('measured behaviour', () => {
  it('has one case for each id', () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
    expect(CASES.length).toBe(898);
  });

  it('overrules only cases that exist', () => {
    const ids = new Set(CASES.map(({ id }) => id));
    expect(Object.keys(OVERRULED).filter((id) => !ids.has(id))).toEqual([]);
  });

  for (const example of CASES) {
    const reason = OVERRULED[example.id];
    if (reason === undefined) {
      it(`${example.id}: ${example.question}`, () => {
        expect(outcomeOf(example)).toEqual(comparable(example.expected));
      });
    } else {
      it(`${example.id} is overruled: ${reason}`, () => {
        expect(outcomeOf(example)).not.toEqual(comparable(example.expected));
      });
    }
  }
});
