// The two ways to run the rules of a phase: the machine, and the reference interpreter.

import type { Phase } from '../model/phase.ts';
import type { Trace } from '../model/trace.ts';
import type { Program } from '../program/program.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { Machine } from './machine.ts';
import { interpretPhase } from './reference.ts';
import type { Replays } from './replays.ts';
import type { TransactionState } from './state.ts';
import { Tracer } from './trace.ts';
import type { RunPhase } from './transaction.ts';
import type { ValueCache } from './value-cache.ts';

// The generators stand by themselves: one that is made for each transaction has a shape of its own, which keeps it,
// and with it the transaction, until old space is collected.

export interface RunOptions {
  readonly trace?: Trace | undefined;
  /** What is known from earlier transactions of the program; left out: nothing. */
  readonly cache?: ValueCache | undefined;
  readonly replays?: Replays | undefined;
}

export function runOnMachine(
  program: Program,
  state: TransactionState,
  { trace, cache, replays }: RunOptions = {},
): RunPhase {
  const tracer = trace === undefined ? undefined : new Tracer(trace, program, state);
  const machine = new Machine(program, state, { tracer, cache, replays });
  return (phase) => drive(machine, tracer, phase);
}

function* drive(machine: Machine, tracer: Tracer | undefined, phase: Phase): ReturnType<RunPhase> {
  tracer?.phaseBegins(phase);
  let outcome = machine.start(phase);
  while (outcome.kind === 'needs') {
    yield outcome.request;
    outcome = machine.resume();
  }
  tracer?.phaseEnds(phase);
}

/** Collections are always empty at first: the oracle is compared on single transactions. */
export function runOnReference(ruleset: Ruleset, state: TransactionState): RunPhase {
  return (phase) => interpret(ruleset, state, phase);
}

function* interpret(ruleset: Ruleset, state: TransactionState, phase: Phase): ReturnType<RunPhase> {
  interpretPhase(ruleset, phase, state, () => state.collectionOpened(undefined));
}
