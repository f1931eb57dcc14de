// The two ways to run the rules of a phase: the machine, and the reference interpreter.

import type { Trace } from '../model/trace.ts';
import type { Program } from '../program/program.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { Machine } from './machine.ts';
import { interpretPhase } from './reference.ts';
import type { TransactionState } from './state.ts';
import { Tracer } from './trace.ts';
import type { RunPhase } from './transaction.ts';

export function runOnMachine(program: Program, state: TransactionState, trace?: Trace): RunPhase {
  const tracer = trace === undefined ? undefined : new Tracer(trace, program, state);
  const machine = new Machine(program, state, tracer);
  return function* (phase) {
    tracer?.phaseBegins(phase);
    let outcome = machine.start(phase);
    while (outcome.kind === 'needs') {
      state.collectionOpened(yield outcome.request);
      outcome = machine.resume();
    }
    tracer?.phaseEnds(phase);
  };
}

/** Collections are always empty at first: the oracle is compared on single transactions. */
export function runOnReference(ruleset: Ruleset, state: TransactionState): RunPhase {
  return function* (phase) {
    interpretPhase(ruleset, phase, state, () => state.collectionOpened(undefined));
  };
}
