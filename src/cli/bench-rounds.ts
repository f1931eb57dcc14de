// The course of a measurement: one pass for the verdicts, then rounds in which the engines take turns.
//
// Every engine gets the same records in the same order, so that means can be compared; taking turns lets a
// machine that slows down slow all of them.

import type { BenchSubject, FirstPass } from './bench-subject.ts';

export interface RoundsPlan {
  readonly records: number;
  readonly rounds: number;
  /** Time for the slowest engine, in all; at least one request a round is made. */
  readonly seconds: number;
  /** Begin every round at the first record, for engines that begin anew. */
  readonly fromStart: boolean;
}

export interface Measured {
  readonly subject: BenchSubject;
  readonly first: FirstPass;
  /** Microseconds of each request, by round. */
  readonly rounds: readonly Float64Array[];
  /** Microseconds of processor time, by round. */
  readonly cpuUs: readonly number[];
  readonly changed: number;
}

/**
 * The share of a round that comes before it and is not counted: while an engine waits for the others to take their turns,
 * they fill the processor's caches, and V8 begins to collect.
 */
const LEAD_IN = 1 / 4;

/** Told after each step; `done` and `total` count steps of all engines. */
export type RoundsProgress = (step: string, done: number, total: number) => void;

/**
 * Requests in a round: what fills its share of the time, in whole passes once there is time for one, so that
 * no record weighs more than another.
 */
export function requestsPerRound(plan: RoundsPlan, slowestUs: number): number {
  const wanted = Math.floor((plan.seconds * 1e6) / plan.rounds / Math.max(slowestUs, 0.1));
  if (wanted < plan.records) return Math.max(1, wanted);
  return Math.floor(wanted / plan.records) * plan.records;
}

export async function runRounds(
  subjects: readonly BenchSubject[],
  plan: RoundsPlan,
  progress: RoundsProgress,
): Promise<readonly Measured[]> {
  const total = subjects.length * (plan.rounds + 1);
  let done = 0;
  const firsts: FirstPass[] = [];
  let slowestUs = 0;
  for (const subject of subjects) {
    firsts.push(await subject.firstPass());
    slowestUs = Math.max(slowestUs, await subject.warmUp());
    progress(`${subject.name}: verdicts`, ++done, total);
  }
  const count = requestsPerRound(plan, slowestUs);
  const rounds: Float64Array[][] = subjects.map(() => []);
  const cpuUs: number[][] = subjects.map(() => []);
  const changed = subjects.map(() => 0);
  for (let round = 0; round < plan.rounds; round++) {
    // Spread over the file when a round cannot take all of it.
    const from = plan.fromStart ? 0 : Math.floor((round * plan.records) / plan.rounds);
    for (const [index, subject] of subjects.entries()) {
      if (!plan.fromStart && subjects.length > 1) {
        const lead = Math.ceil(count * LEAD_IN);
        const before = (from + plan.records - (lead % plan.records)) % plan.records;
        changed[index] = (changed[index] ?? 0) + (await subject.timed(before, lead)).changed;
      }
      const slice = await subject.timed(from, count);
      rounds[index]?.push(slice.us);
      cpuUs[index]?.push(slice.cpuUs);
      changed[index] = (changed[index] ?? 0) + slice.changed;
      progress(`${subject.name}: round ${round + 1} of ${plan.rounds}`, ++done, total);
    }
  }
  return subjects.map((subject, index) => ({
    subject,
    first: firsts[index] as FirstPass,
    rounds: rounds[index] ?? [],
    cpuUs: cpuUs[index] ?? [],
    changed: changed[index] ?? 0,
  }));
}
