// Actors of a policy: who they are by its document, and what the store remembers of them.
//
// What one batch turns up is done at the head of the next one, whoever's request that is: so a request
// costs one batch, and the addresses of an actor that was just blocked are blocked before the next request
// of this process is judged.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { StateOperation, StateResult } from '../../state/operations.ts';
import type { AttributionRequest } from '../attribution/request.ts';
import type { HashPattern } from '../attribution/schema.ts';
import type { RequestSource } from '../attribution/source.ts';
import type { ActorOptions } from '../document/actor-options.ts';
import type { Actor, Actors, Planned } from '../facts/actor.ts';
import type { SourceFacts } from '../facts/source.ts';
import type { Locate } from '../intelligence/resources.ts';
import { actorIdentity, type RequestActor } from './actor.ts';
import {
  type ActorPlan,
  type ActorStanding,
  type ActorStateOptions,
  type ActorStates,
  actorStates,
} from './actor-state.ts';
import { type CompiledHashPattern, type CompilePoint, compileHashPattern } from './hash-pattern.ts';
import type { Hmac } from './keyed-hash.ts';

export interface ActorSections {
  readonly actors?: ActorOptions | undefined;
  readonly hashPatterns: readonly HashPattern[];
}

export interface ActorParts {
  readonly hmac: Hmac;
  readonly locate: Locate;
  /** For fields of hash patterns that are points; without it such patterns are refused. */
  readonly compilePoint?: CompilePoint | undefined;
  readonly limits?: Omit<ActorStateOptions, 'score'> | undefined;
}

export interface LoadedActors {
  readonly actors: PolicyActors;
  /** By name; those with mistakes have no value for any request. */
  readonly patterns: ReadonlyMap<string, CompiledHashPattern>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The contract of the session, and what commands and the console do by hand. */
export interface PolicyActors extends Actors {
  readonly actorOf: (source: SourceFacts) => RequestActor;
  readonly look: (actor: Actor, address: string, nowMs: number) => Planned<ActorStanding>;
  /** Takes a mark off again. Concludes whether it was there. */
  readonly unmark: (state: 'allowed' | 'blocked', actorKey: string) => Planned<boolean>;
  /** The keys of a user that is named by hand: verified, and only claimed. */
  readonly keysOfUser: (id: string) => readonly string[];
  /** The key of an actor that is known by its address only. */
  readonly keyOfAddress: (address: string) => string;
  /** What events call the actor of the key at that time. */
  readonly pseudonymOf: (key: string, nowMs: number) => string;
}

export function loadActors(sections: ActorSections, parts: ActorParts): LoadedActors {
  const { hmac, locate, compilePoint, limits } = parts;
  const diagnostics: Diagnostic[] = [];
  const patterns = new Map<string, CompiledHashPattern>();
  for (const pattern of sections.hashPatterns) {
    const compiled = compileHashPattern(pattern, hmac, compilePoint, (field, problem) => {
      const message = `the hash pattern "${pattern.name}" cannot be worked out: ${problem}`;
      const span = locate(pattern, ['fields', field]);
      diagnostics.push({ severity: 'error', code: 'bad-hash-pattern', message, span });
    });
    patterns.set(pattern.name, compiled);
  }
  const { actors: options } = sections;
  const named = options?.pattern;
  if (options !== undefined && named !== undefined && !patterns.has(named)) {
    diagnostics.push({
      severity: 'error',
      code: 'bad-hash-pattern',
      message: `there is no hash pattern "${named}"`,
      span: locate(options, ['pattern']),
      help: `the hash patterns are ${[...patterns.keys()].join(', ') || 'none'}`,
    });
  }
  const pattern = named === undefined ? undefined : patterns.get(named);
  const states = actorStates({ ...limits, score: options?.score });
  return { actors: policyActors(hmac, pattern, states), patterns, diagnostics };
}

/** What waits for the next batch is bounded: an address that is left out is marked when it is next used. */
const MAX_WAITING = 1024;

function policyActors(
  hmac: Hmac,
  pattern: CompiledHashPattern | undefined,
  states: ActorStates,
): PolicyActors {
  const { actorOf, keysOfUser, keyOfAddress, pseudonymOf } = actorIdentity(hmac, pattern);
  let waiting: readonly StateOperation[] = [];
  const later = <T>({ operations, conclude, next }: ActorPlan<T>): Planned<T> => ({
    operations,
    conclude: (results) => {
      waiting = [...waiting, ...next(results)].slice(0, MAX_WAITING);
      return conclude(results);
    },
  });
  return {
    keysOfUser,
    keyOfAddress,
    pseudonymOf,
    actorOf: (source) => {
      const { request, atMs } = madeFrom(source);
      return actorOf(source, request, atMs);
    },
    look: (actor, _address, nowMs) => {
      const first = waiting;
      // Marks wait until a store has them, and setting one twice is harmless; taking one off is not.
      waiting = waiting.filter(({ kind }) => kind === 'mark');
      const done = new Set(first);
      return behind(first, later(states.look(known(actor), nowMs)), () => {
        waiting = waiting.filter((operation) => !done.has(operation));
      });
    },
    mark: (state, actor, by, untilMs) => later(states.mark(state, known(actor), by, untilMs)),
    unmark: (state, actorKey) => later(states.unmark(state, actorKey)),
    score: (actor, severity, nowMs) => later(states.score(known(actor), severity, nowMs)),
  };
}

/** The plan with other operations in front, which wait for nothing. */
function behind<T>(
  first: readonly StateOperation[],
  { operations, conclude }: Planned<T>,
  isDone: () => void,
): Planned<T> {
  if (first.length === 0) return { operations, conclude };
  const moved = (indices: readonly number[]): readonly number[] =>
    indices.map((index) => index + first.length);
  return {
    operations: [
      ...first,
      ...operations.map((operation) => ({
        ...operation,
        ...(operation.when && { when: moved(operation.when) }),
        ...(operation.unless && { unless: moved(operation.unless) }),
      })),
    ],
    conclude: (results: readonly StateResult[]) => {
      isDone();
      return conclude(results.slice(first.length));
    },
  };
}

const NO_PAIRS = Object.freeze({ pairs: Object.freeze([]) });
const NO_REQUEST: AttributionRequest = Object.freeze({
  headers: NO_PAIRS,
  cookies: NO_PAIRS,
  argsGet: NO_PAIRS,
  argsPost: NO_PAIRS,
  args: NO_PAIRS,
});

/** Facts that were made without a request (by hand, in a test) have nothing that patterns look at. */
function madeFrom(source: SourceFacts): {
  readonly request: AttributionRequest;
  readonly atMs: number;
} {
  const { request = NO_REQUEST, atMs = 0 } = source as Partial<RequestSource>;
  return { request, atMs };
}

/** An actor that this module did not make has no address that is known. */
function known(actor: Actor): RequestActor {
  if ('addressKey' in actor) return actor as RequestActor;
  const { key, pseudonym } = actor;
  return { key, pseudonym, kind: 'user', isClaimed: true, addressKey: undefined };
}
