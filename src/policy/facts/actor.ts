// Who counters, blocks and events are about, and what the state store remembers of them: the contract
// between the session and whoever keeps actors.

import type { StateOperation, StateResult } from '../../state/operations.ts';
import type { BatchResult } from '../../state/tally.ts';
import type { PolicySeverity } from '../document/common.ts';
import type { SourceFacts } from './source.ts';

export interface Actor {
  /** Opaque; for keys of the store. */
  readonly key: string;
  /** For events and logs: tells one actor from another and not who it is. */
  readonly pseudonym: string;
}

export interface ActorState {
  /** Why, in words; undefined: it is not. */
  readonly allowed: string | undefined;
  readonly blocked: string | undefined;
  readonly score: number;
}

/** Operations of a batch, and what to make of their results. `when` and `unless` count from its first one. */
export interface Planned<T> {
  readonly operations: readonly StateOperation[];
  readonly conclude: (results: readonly StateResult[]) => T;
}

/** Of operations that are in a batch already: what to make of the results of the whole batch. */
export interface Appended<T> {
  readonly conclude: (results: readonly BatchResult[]) => T;
}

export interface Actors {
  readonly actorOf: (source: SourceFacts) => Actor;
  /** Reads what is known of the actor and of its address, and notes that the actor used the address. */
  readonly look: (actor: Actor, address: string, nowMs: number) => Planned<ActorState>;
  /** Blocks or allows the actor, with every address that it used. Infinity: for ever. */
  readonly mark: (
    state: 'allowed' | 'blocked',
    actor: Actor,
    by: string,
    untilMs: number,
  ) => Planned<void>;
  /** Adds to the actor's score for an event; over the limit of the document it is blocked. */
  readonly score: (actor: Actor, severity: PolicySeverity, nowMs: number) => Planned<boolean>;
}
