// Has a question answered that lies outside, within what one transaction may wait for in all: a request with a hundred
// values to look up must not wait a hundred times.

import type { Outside, OutsideAnswer, OutsideQuestion } from '../model/outside.ts';
import type { TransactionState } from './state.ts';

/** Less is no time to answer in, and timers end a little early. */
const SHORTEST_MS = 5;

export async function askOutside(
  question: OutsideQuestion,
  state: TransactionState,
  outside: Outside,
): Promise<OutsideAnswer> {
  const { kind } = question;
  const mostMs = outside.patienceMs[kind];
  state.outsideWaitsMs ??= { addresses: 0, program: 0 };
  const waits = state.outsideWaitsMs;
  if (waits[kind] > 0 && mostMs - waits[kind] < SHORTEST_MS) {
    return { kind: 'failure', message: `this request has waited for ${mostMs} ms already` };
  }
  const before = performance.now();
  const answer = await outside.ask(question, mostMs - waits[kind]);
  waits[kind] += performance.now() - before;
  return answer;
}
