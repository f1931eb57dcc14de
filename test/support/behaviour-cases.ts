// The recorded cases of behaviour.jsonl, and running one of them.

import { readFileSync } from 'node:fs';
import { parseExchangeRecord } from '../../src/adapters/exchange-record.ts';
import type { Compatibility } from '../../src/model/compatibility.ts';
import type { FileAccess } from '../../src/model/files.ts';
import { createWaf } from '../../src/waf/create-waf.ts';
import { loadRuleset } from '../../src/waf/load.ts';
import { RulesetError } from '../../src/waf/ruleset-error.ts';

/** The day of the recording, where the tests run: some cases ask for the month and the day of the week. */
const RECORDED_MS = new Date(2026, 10, 21, 12).getTime();

/** What an engine did; a limit has no rule, a drop status 0, a proxied request status -1. */
export interface Outcome {
  /** True, or what the engine said. */
  readonly load_error?: boolean | string;
  readonly matched?: readonly number[];
  readonly interruption?: { readonly status: number; readonly rule?: number | null } | null;
  /** Its answer depends on chance. */
  readonly nondeterministic?: boolean;
}

export interface BehaviourCase {
  readonly id: string;
  readonly area: string;
  readonly question: string;
  readonly rules: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly exchange: object;
  readonly expected: Outcome;
  readonly outcome: Readonly<Record<'v2' | 'v3' | 'coraza', Outcome>>;
}

export function readBehaviourCases(): readonly BehaviourCase[] {
  return readFileSync(new URL('../conformance/behaviour.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BehaviourCase);
}

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

/** What we do, in the same shape. */
export function outcomeOf(
  { rules, files, exchange }: BehaviourCase,
  compatibility: Compatibility = 'portcullis',
): Outcome {
  try {
    const waf = createWaf({
      rules: loadRuleset(
        { name: 'main.conf', text: rules },
        { files: filesOf(files), compatibility },
      ),
    });
    const record = parseExchangeRecord(JSON.stringify(exchange));
    const { verdict } = waf.inspect({ ...record, timeMs: record.timeMs ?? RECORDED_MS });
    const logged = verdict.matches.filter((match) => match.logged).map((match) => match.rule.id);
    const { interruption } = verdict;
    const status = interruption?.action === 'proxy' ? -1 : (interruption?.status ?? 0);
    return {
      matched: [...new Set(logged)],
      interruption: interruption === null ? null : { status, rule: interruption.rule },
    };
  } catch (error) {
    if (error instanceof RulesetError) return { load_error: true };
    throw error;
  }
}

/** Without what a comparison leaves out. */
export function comparable({ load_error, matched, interruption }: Outcome): Outcome {
  if (load_error !== undefined && load_error !== false) return { load_error: true };
  return {
    matched: matched ?? [],
    interruption:
      interruption === null || interruption === undefined
        ? null
        : { status: interruption.status, rule: interruption.rule ?? null },
  };
}
