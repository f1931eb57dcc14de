// What a piece of rule text does: the same rules with it and without it, and what each shows.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { Interruption } from '../../src/model/interruption.ts';
import type { TransactionRecord } from '../../src/model/transaction-record.ts';
import type { RuleMatch } from '../../src/model/verdict.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { auditFromRules } from '../../src/waf/audit-from-rules.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { debugLogFromRules } from '../../src/waf/debug-log.ts';
import { checkRuleset, fatalDiagnostics, loadRuleset } from '../../src/waf/load.ts';
import { openOutside } from '../../src/waf/outside.ts';
import { uploadsFromRules } from '../../src/waf/uploads-from-rules.ts';
import { filesOf } from '../support/matched-rules.ts';
import { comparable } from '../support/paired-transaction.ts';
import { IS_BUILT, retried } from './built.ts';

export interface Seen {
  /** Ids of the rules that matched, in order. */
  readonly matched: readonly number[];
  readonly matches: readonly RuleMatch[];
  readonly interruption: Interruption | null;
  readonly record: TransactionRecord;
}

type Exchange = Partial<ExchangeRecord>;

const START = 1_700_000_000_000;

export const whole = (exchange: Exchange): ExchangeRecord => ({
  id: 'X',
  timeMs: START,
  method: 'GET',
  uri: '/',
  version: 'HTTP/1.1',
  headers: [['Host', 'shop.test']],
  response: { status: 200, headers: [['Content-Type', 'text/plain']], body: 'hello' },
  ...exchange,
});

/** An exchange some seconds behind the others. */
export const later = (seconds: number): Exchange => ({ timeMs: START + seconds * 1000 });

/** Looks at what rules do. */
export type Look = (rules: string) => unknown;

/**
 * Shows one thing of the last of some exchanges. Rules that load with a complaint show its codes as well; rules
 * that do not load show nothing else. Machine and reference must agree, where the reference can: on a single
 * exchange, since it opens collections empty, and in our own ways.
 */
export function seen(
  show: (seen: Seen) => unknown,
  exchanges: Exchange | readonly Exchange[] = {},
  files: Readonly<Record<string, string>> = {},
): Look {
  return (rules) => {
    const { ruleset, diagnostics } = checkRuleset(rules, { files: filesOf(files) });
    const codes = diagnostics.map(({ code }) => code);
    if (fatalDiagnostics(diagnostics).length > 0) return { codes };
    const list = [exchanges].flat();
    const { compatibility } = ruleset.settings.behaviour;
    const isComparable = list.length === 1 && compatibility === 'portcullis';
    const [machine, reference] = [false, isComparable].map((interpreted) => {
      let record: TransactionRecord | undefined;
      const waf = createWaf({
        rules: ruleset,
        reference: interpreted,
        state: memoryStore(),
        clock: () => START,
        audit: {
          wants: () => true,
          finished: (finished) => {
            record = finished;
          },
        },
      });
      const verdicts = list.map((each) => waf.inspect(whole(each)).verdict);
      return { record: record!, verdict: verdicts.at(-1)! };
    });
    expect(comparable(machine!.verdict)).toBe(comparable(reference!.verdict));
    const { matches, interruption } = machine!.verdict;
    const matched = matches.map(({ rule }) => rule.id);
    const shown = show({ matched, matches, interruption, record: machine!.record });
    return codes.length === 0 ? shown : { codes, shown };
  };
}

export const matched = (
  exchanges?: Exchange | readonly Exchange[],
  files?: Readonly<Record<string, string>>,
): Look => seen((one) => one.matched, exchanges, files);

/** Status of the interruption, 0 for a closed connection; null: none. */
export const status = (exchange?: Exchange): Look =>
  seen(({ interruption }) => interruption?.status ?? null, exchange);

/** The first match of rule 1. */
export const match = (show: (match: RuleMatch) => unknown, exchange?: Exchange): Look =>
  seen(({ matches }) => {
    const first = matches.find(({ rule }) => rule.id === 1);
    return first === undefined ? 'no match' : show(first);
  }, exchange);

export interface WrittenFile {
  readonly text: string;
  /** Permissions, in octal. */
  readonly mode: string;
}

export interface Written {
  /** By name, in folders by path. */
  readonly files: Readonly<Record<string, WrittenFile>>;
  /** Permissions of folders, in octal. */
  readonly folders: Readonly<Record<string, string>>;
}

/** Shows what the logs of the rules hold after an exchange. `DIR` in the rules is their folder. */
export function written(show: (written: Written) => unknown, exchange: Exchange = {}): Look {
  return async (rules) => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-language-'));
    try {
      const ruleset = loadRuleset(rules.replaceAll('DIR', folder));
      const audit = auditFromRules(ruleset, { entries: { utcOffset: 0 } });
      const debug = debugLogFromRules(ruleset);
      const uploads = uploadsFromRules(ruleset);
      const listeners = [audit, uploads].filter((one) => one !== undefined);
      createWaf({ rules: ruleset, audit: listeners, trace: debug?.trace }).inspect(whole(exchange));
      debug?.close();
      await audit?.close();
      return show(readFolder(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

/** The entries that block lists have for whoever asks through `outside`. */
const LISTED: readonly string[] = ['abcdefghijkl.2.0.0.127.dnsbl.httpbl.org'];

/**
 * Ids of the rules that match where uploads are on disk, name servers are asked and `/bin/echo` may run. `DIR` in
 * the rules is a folder.
 */
export function outside(exchange: Exchange = {}): Look {
  return async (rules) => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-language-'));
    const opened = openOutside({
      programs: ['/bin/echo'],
      nameServers: {
        resolve: async (name) => (LISTED.includes(name) ? [{ address: '127.1.9.1', ttl: 60 }] : []),
      },
    });
    try {
      const waf = createWaf({ rules: rules.replaceAll('DIR', folder), outside: opened });
      const { verdict } = await waf.inspect(whole(exchange));
      return verdict.matches.map(({ rule }) => rule.id);
    } finally {
      await opened.close();
      rmSync(folder, { recursive: true });
    }
  };
}

function readFolder(folder: string): Written {
  const files: Record<string, WrittenFile> = {};
  const folders: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const stat = statSync(path);
    const mode = (stat.mode & 0o777).toString(8);
    if (stat.isDirectory()) folders[name] = mode;
    else files[name] = { text: readFileSync(path, 'latin1'), mode };
  }
  return { files, folders };
}

/** One fact about one name. */
export interface EffectRow {
  readonly name: string;
  readonly fact: string;
  /** What has the effect. */
  readonly text: string;
  /** Rules with a place `{}` for the text. */
  readonly rules: string;
  readonly look: Look;
  readonly expected: unknown;
  /** The rules do the same without the text: it stands for what holds anyway. */
  readonly isDefault: boolean;
  readonly needsBuild?: boolean;
}

/** Tests each row twice: its rules show what is expected with the text, and something else without it. */
export function itHasEffects(
  rows: readonly EffectRow[],
  put: (rules: string, text: string) => string,
): void {
  for (const { name, fact, text, rules, look, expected, isDefault, needsBuild } of rows) {
    it.skipIf(needsBuild === true && !IS_BUILT)(
      `${name} ${fact}: ${text.split('\n')[0]}`,
      retried(needsBuild),
      async () => {
        expect(await look(put(rules, text))).toEqual(expected);
        const without = await look(put(rules, ''));
        if (isDefault) expect(without).toEqual(expected);
        else expect(without).not.toEqual(expected);
      },
    );
  }
}
