// Actors by hand: what the store remembers of one, and blocking, allowing and letting go.

import { utf8ByteString } from '../../base/bytes.ts';
import { formatIp, parseIp } from '../../base/ip.ts';
import type { RequestActor } from '../../policy/actors/actor.ts';
import type { PolicyActors } from '../../policy/actors/actors.ts';
import type { Planned } from '../../policy/facts/actor.ts';
import { actorBlockKey } from '../../policy/thresholds/keys.ts';
import type { StateOperation, StateResult } from '../../state/operations.ts';

export type ActorName = { readonly user: string } | { readonly address: string };

export interface ActorReport {
  /** What events call the actor today. */
  readonly actor: string;
  /** `claimed`: a user that says so and has proved nothing; `verified`: one that has. */
  readonly kind: 'verified' | 'claimed' | 'address';
  /** Why, in words; null: it is not. */
  readonly allowed: string | null;
  readonly blocked: string | null;
  /** ISO 8601, or `forever`. */
  readonly blockedUntil: string | null;
  /** By a rate limit or another threshold. */
  readonly blockedByThreshold: boolean;
  readonly score: number;
}

export interface ActorDesk {
  readonly look: (who: ActorName) => Promise<readonly ActorReport[]>;
  /** `untilMs`: Infinity for ever. An allowance is for the verified user, unless `claimed` is among the kinds. */
  readonly mark: (
    state: 'allowed' | 'blocked',
    who: ActorName,
    by: string,
    untilMs: number,
    kinds?: readonly ActorReport['kind'][],
  ) => Promise<readonly ActorReport[]>;
  /** Blocks of thresholds go with the others. */
  readonly unmark: (
    state: 'allowed' | 'blocked',
    who: ActorName,
  ) => Promise<readonly ActorReport[]>;
}

type Run = (operations: readonly StateOperation[]) => Promise<readonly StateResult[]>;

interface Found {
  readonly kind: ActorReport['kind'];
  readonly actor: RequestActor;
}

/** `run` reaches the store of the running waf; its failures are passed on. */
export function actorDesk(
  actors: PolicyActors,
  run: Run,
  clock: () => number = Date.now,
): ActorDesk {
  const runPlan = async <T>({ operations, conclude }: Planned<T>): Promise<T> =>
    conclude(await run(operations));

  const find = (who: ActorName): readonly Found[] => {
    const nowMs = clock();
    const made = (key: string, kind: Found['kind'], addressKey?: string): Found => ({
      kind,
      actor: {
        key,
        pseudonym: actors.pseudonymOf(key, nowMs),
        kind: kind === 'address' ? 'address' : 'user',
        isClaimed: kind === 'claimed',
        addressKey,
      },
    });
    if ('user' in who) {
      const [verified = '', claimed = ''] = actors.keysOfUser(utf8ByteString(who.user));
      return [made(verified, 'verified'), made(claimed, 'claimed')];
    }
    const parsed = parseIp(who.address);
    const key = actors.keyOfAddress(parsed === null ? who.address : formatIp(parsed));
    return [made(key, 'address', key)];
  };

  const report = async ({ kind, actor }: Found): Promise<ActorReport> => {
    // What marks have turned up to be done, such as the addresses of the actor, runs in front of this.
    const standing = await runPlan(actors.look(actor, '', clock()));
    const [threshold] = await run([{ kind: 'peek', key: actorBlockKey(actor.key) }]);
    const until = standing.blockedUntilMs;
    return {
      actor: actor.pseudonym,
      kind,
      allowed: standing.allowed ?? null,
      blocked: standing.blocked ?? null,
      blockedUntil:
        until === undefined
          ? null
          : until === Number.POSITIVE_INFINITY
            ? 'forever'
            : new Date(until).toISOString(),
      blockedByThreshold: threshold?.holds === true,
      score: Math.round(standing.score * 100) / 100,
    };
  };

  const reports = async (found: readonly Found[]): Promise<readonly ActorReport[]> => {
    const all: ActorReport[] = [];
    for (const one of found) all.push(await report(one));
    return all;
  };

  return {
    look: (who) => reports(find(who)),
    mark: async (state, who, by, untilMs, kinds) => {
      const found = find(who);
      const meant = found.filter(({ kind }) =>
        kinds === undefined ? state === 'blocked' || kind !== 'claimed' : kinds.includes(kind),
      );
      for (const { actor } of meant) await runPlan(actors.mark(state, actor, by, untilMs));
      return reports(found);
    },
    unmark: async (state, who) => {
      const found = find(who);
      for (const { actor } of found) {
        await runPlan(actors.unmark(state, actor.key));
        if (state !== 'blocked') continue;
        await run([{ kind: 'unmark', key: actorBlockKey(actor.key) }]);
      }
      return reports(found);
    },
  };
}
