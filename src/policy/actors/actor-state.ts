// What the store remembers of actors: allowances, blocks, scores, and the addresses each one used.
//
// Everything here plans operations and draws conclusions; nothing runs them. A request costs one batch.
// What a batch turns up may call for more operations (the addresses of an actor that was just blocked);
// `next` names them, for the next batch of whoever runs these.
//
// An address knows the block or allowance of the actor that used it, not the actor's other addresses, so
// that judging a request takes one look. The addresses of an actor are kept in lists that many actors
// share, bounded for each actor and each address.

import type { StateOperation, StateResult } from '../../state/operations.ts';
import type { ActorScoreOptions } from '../document/actor-options.ts';
import type { PolicySeverity } from '../document/common.ts';
import type { ActorState, Planned } from '../facts/actor.ts';
import type { RequestActor } from './actor.ts';

export interface ActorPlan<T> extends Planned<T> {
  /** What is to be done beside; may wait for the next batch, and for most requests is nothing. */
  readonly next: (results: readonly StateResult[]) => readonly StateOperation[];
}

export interface ActorStanding extends ActorState {
  /** When the block ends; Infinity: never. Undefined without one. */
  readonly blockedUntilMs: number | undefined;
  /** Addresses used of late; undefined when that is not counted, as for an address itself. */
  readonly addresses: number | undefined;
}

export interface ActorStateOptions {
  readonly score?: ActorScoreOptions | undefined;
  /** How long an address belongs to an actor after its last use. Default: a day. */
  readonly addressMs?: number | undefined;
  /** Addresses remembered of one actor. Default 64. */
  readonly maxAddresses?: number | undefined;
  /** Actors that one address is remembered for: behind one address may be an office. Default 256. */
  readonly maxActors?: number | undefined;
}

export type ActorMark = 'allowed' | 'blocked';

export interface ActorStates {
  readonly look: (actor: RequestActor, nowMs: number) => ActorPlan<ActorStanding>;
  /** Marks the actor with every address that it used. Infinity: for ever. Of two marks the longer stays. */
  readonly mark: (
    state: ActorMark,
    actor: RequestActor,
    by: string,
    untilMs: number,
  ) => ActorPlan<void>;
  /** Takes a mark off, and off the addresses that have it from this actor. Concludes whether it was there. */
  readonly unmark: (state: ActorMark, actorKey: string) => ActorPlan<boolean>;
  /** Adds the points of an event; over the limit the actor is blocked, which is what it concludes. */
  readonly score: (
    actor: RequestActor,
    severity: PolicySeverity,
    nowMs: number,
  ) => ActorPlan<boolean>;
}

const DAY_MS = 86_400_000;
const MAX_ADDRESSES = 64;
const MAX_ACTORS = 256;
/** Addresses that were marked beside those that are remembered. */
const MAX_MARKED = 1024;
/** A score never needs more than a few times the limit; what is above would only take longer to decay. */
const SCORE_CAP = 1_000_000;

/** By the order of operations in `look`. */
const OWN_ALLOWED = 0;
const OWN_BLOCKED = 1;
const ADDRESS_ALLOWED = 2;
const ADDRESS_BLOCKED = 3;
const ADDRESSES = 4;

const actorMark = (state: ActorMark, key: string): string => `actor-${state}:${key}`;
const addressMark = (state: ActorMark, key: string): string => `address-${state}:${key}`;
/** 64 lists, so that finding the addresses of one actor walks over few of the others'. */
const addressList = (actorKey: string): string =>
  `actor-addresses:${Number.parseInt(actorKey.slice(0, 2), 16) % 64}`;

const NOTHING = (): readonly StateOperation[] => [];

export function actorStates(options: ActorStateOptions = {}): ActorStates {
  const { score, addressMs = DAY_MS } = options;
  const { maxAddresses = MAX_ADDRESSES, maxActors = MAX_ACTORS } = options;

  const scoreOf = (key: string, amount: number, limit?: number): StateOperation => ({
    kind: 'score',
    key: `actor-score:${key}`,
    amount,
    decay: { halfLifeMs: score?.halfLife ?? DAY_MS },
    cap: SCORE_CAP,
    ...(limit === undefined ? {} : { limit }),
  });

  /** Noted unless one of the two has too many of the other. */
  const noteAddress = (actor: string, address: string, nowMs: number): StateOperation[] => [
    {
      kind: 'observe',
      key: `actor-addresses:${actor}`,
      windowMs: addressMs,
      limit: maxAddresses,
      cap: maxAddresses + 1,
      members: [address],
    },
    {
      kind: 'observe',
      key: `address-actors:${address}`,
      windowMs: addressMs,
      limit: maxActors,
      cap: maxActors + 1,
      members: [actor],
    },
    {
      kind: 'listAdd',
      list: addressList(actor),
      item: `${actor}.${address}`,
      untilMs: nowMs + addressMs,
      unless: [ADDRESSES, ADDRESSES + 1],
    },
  ];

  const look: ActorStates['look'] = (actor, nowMs) => {
    const { key, addressKey, kind } = actor;
    const operations: StateOperation[] = [
      { kind: 'peek', key: actorMark('allowed', key) },
      { kind: 'peek', key: actorMark('blocked', key) },
    ];
    if (addressKey !== undefined) {
      operations.push(
        { kind: 'peek', key: addressMark('allowed', addressKey) },
        { kind: 'peek', key: addressMark('blocked', addressKey) },
      );
      if (kind !== 'address') {
        operations.push(...noteAddress(key, addressKey, nowMs));
      }
    }
    if (score !== undefined) operations.push(scoreOf(key, 0));
    return {
      operations,
      conclude: (results) => standing(results),
      next: (results) =>
        addressKey === undefined || kind === 'address' ? [] : passedOn(results, actor, addressKey),
    };
  };

  const mark: ActorStates['mark'] = (state, actor, by, untilMs) => ({
    operations: [
      { kind: 'mark', key: actorMark(state, actor.key), value: by, untilMs },
      ...addressMarks(state, actor, untilMs),
      ...addressesOf(actor.key, maxAddresses),
    ],
    conclude: () => undefined,
    next: (results) => marksOfListed(results, state, actor.key, untilMs),
  });

  const unmark: ActorStates['unmark'] = (state, actorKey) => ({
    operations: [
      { kind: 'unmark', key: actorMark(state, actorKey) },
      ...addressesOf(actorKey, maxAddresses + MAX_MARKED),
    ],
    conclude: ([first]) => first?.holds === true,
    next: (results) =>
      listedAddresses(results, actorKey).map((address) => ({
        kind: 'unmark',
        key: addressMark(state, address),
      })),
  });

  const addScore: ActorStates['score'] = (actor, severity, nowMs) => {
    if (score === undefined) return { operations: [], conclude: () => false, next: NOTHING };
    const { blockAbove, blockFor } = score;
    const add = scoreOf(actor.key, score[severity], blockAbove);
    if (blockAbove === undefined) {
      return { operations: [add], conclude: () => false, next: NOTHING };
    }
    const untilMs = nowMs + blockFor;
    const { operations, next } = mark('blocked', actor, `a score above ${blockAbove}`, untilMs);
    return {
      operations: [add, ...operations.map((operation) => ({ ...operation, when: [0] }))],
      conclude: ([first]) => first?.holds === true,
      next,
    };
  };

  return { look, mark, unmark, score: addScore };
}

/** The address in use, also where it is the actor: others who use it are told by this mark. */
function addressMarks(
  state: ActorMark,
  { key, addressKey }: RequestActor,
  untilMs: number,
): readonly StateOperation[] {
  if (addressKey === undefined) return [];
  return [
    { kind: 'mark', key: addressMark(state, addressKey), value: key, untilMs },
    // Noted in any case, so that taking the mark off finds it.
    { kind: 'listAdd', list: addressList(key), item: `${key}.${addressKey}`, untilMs },
  ];
}

function addressesOf(actorKey: string, limit: number): readonly StateOperation[] {
  return [{ kind: 'listItems', list: addressList(actorKey), after: `${actorKey}.`, limit }];
}

function listedAddresses(results: readonly StateResult[], actorKey: string): readonly string[] {
  return results.flatMap((result) =>
    result.kind === 'listItems'
      ? result.items
          .filter(({ item }) => item.startsWith(`${actorKey}.`))
          .map(({ item }) => item.slice(actorKey.length + 1))
      : [],
  );
}

function marksOfListed(
  results: readonly StateResult[],
  state: ActorMark,
  actorKey: string,
  untilMs: number,
): readonly StateOperation[] {
  return listedAddresses(results, actorKey).map((address) => ({
    kind: 'mark',
    key: addressMark(state, address),
    value: actorKey,
    untilMs,
  }));
}

interface Flag {
  readonly value: string;
  readonly untilMs: number;
}

function flagAt(results: readonly StateResult[], at: number): Flag | undefined {
  const result = results[at];
  return result?.kind === 'peek' && result.holds ? result : undefined;
}

function standing(results: readonly StateResult[]): ActorStanding {
  const [allowed, blocked] = [flagAt(results, OWN_ALLOWED), flagAt(results, OWN_BLOCKED)];
  const near = flagAt(results, ADDRESS_BLOCKED);
  const score = results.at(-1);
  const addresses = results[ADDRESSES];
  const until = Math.max(blocked?.untilMs ?? 0, near?.untilMs ?? 0);
  return {
    allowed:
      allowed === undefined
        ? flagAt(results, ADDRESS_ALLOWED) && 'an allowed actor uses the address'
        : `allowed by ${allowed.value}`,
    blocked:
      blocked === undefined
        ? near && 'a blocked actor uses the address'
        : `${blocked.untilMs === Infinity ? 'blocked' : 'suspended'} by ${blocked.value}`,
    blockedUntilMs: until === 0 ? undefined : until,
    score: score?.kind === 'score' ? score.score : 0,
    addresses: addresses?.kind === 'observe' ? addresses.count : undefined,
  };
}

/**
 * An address that an allowed or blocked actor comes to use takes its mark, if it is one of those that are
 * remembered: who changes addresses without end must not fill the store with marks.
 */
function passedOn(
  results: readonly StateResult[],
  { key }: RequestActor,
  addressKey: string,
): readonly StateOperation[] {
  const isRemembered = [ADDRESSES, ADDRESSES + 1].every((at) => results[at]?.holds === false);
  if (!isRemembered) return [];
  const states = [
    ['allowed', OWN_ALLOWED, ADDRESS_ALLOWED],
    ['blocked', OWN_BLOCKED, ADDRESS_BLOCKED],
  ] as const;
  return states.flatMap(([state, own, near]): readonly StateOperation[] => {
    const flag = flagAt(results, own);
    if (flag === undefined) return [];
    const { untilMs } = flag;
    if ((flagAt(results, near)?.untilMs ?? 0) >= untilMs) return [];
    return [{ kind: 'mark', key: addressMark(state, addressKey), value: key, untilMs }];
  });
}
