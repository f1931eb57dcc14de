// Verdicts as `bench` compares them, and the digest that stands for those of a whole file.
//
// The digest is the same from run to run, from machine to machine, and for every engine that says the same.

import { createHash } from 'node:crypto';
import type { Verdict } from '../model/verdict.ts';
import type { RecordVerdict } from './bench-subject.ts';

export function recordVerdict({ matches, interruption }: Verdict): RecordVerdict {
  const matched = new Set<number>();
  for (const match of matches) if (match.logged) matched.add(match.rule.id);
  return {
    matched: [...matched].sort((a, b) => a - b),
    interruption:
      interruption === null
        ? null
        : { rule: interruption.rule, phase: interruption.phase, status: interruption.status },
  };
}

/** One line: `942100,949110|949110:2:403`. */
export function verdictLine({ matched, interruption }: RecordVerdict): string {
  const stop =
    interruption === null
      ? ''
      : `${interruption.rule ?? 'limit'}:${interruption.phase}:${interruption.status}`;
  return `${matched.join(',')}|${stop}`;
}

/** SHA-256 over the lines of all records, in the order of the file. */
export function verdictDigest(verdicts: readonly RecordVerdict[]): string {
  const hash = createHash('sha256');
  for (const verdict of verdicts) hash.update(`${verdictLine(verdict)}\n`);
  return `sha256:${hash.digest('hex')}`;
}
