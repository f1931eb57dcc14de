// Whom counters, scores and blocks are for: the user where one is known, else what a hash pattern stands
// for, else the address.

import type { AttributionRequest } from '../attribution/request.ts';
import type { Actor } from '../facts/actor.ts';
import type { SourceFacts } from '../facts/source.ts';
import type { CompiledHashPattern } from './hash-pattern.ts';
import { type Hmac, keyedHash } from './keyed-hash.ts';

/** The key has 32 hexadecimal digits; the pseudonym lasts for a while only. */
export interface RequestActor extends Actor {
  readonly kind: 'user' | 'pattern' | 'address';
  /**
   * Whether somebody could be another actor by saying so: a user that nobody has verified, or a pattern
   * over what clients choose. An address is never claimed.
   */
  readonly isClaimed: boolean;
  /** The address that it uses now, as a key. Undefined when the peer has none. */
  readonly addressKey: string | undefined;
}

export interface ActorIdentity {
  readonly actorOf: (
    source: SourceFacts,
    request: AttributionRequest,
    nowMs: number,
  ) => RequestActor;
  /** The keys that a user has when it is named by hand: verified, and not. */
  readonly keysOfUser: (id: string) => readonly string[];
}

const DAY_MS = 86_400_000;
const PSEUDONYM_DIGITS = 12;

/**
 * `pseudonymPeriodMs`: how long an actor keeps its pseudonym; default one day, in UTC.
 *
 * A verified user and one that only claims the name are two actors: else anybody could take over what is
 * allowed to somebody, or have somebody blocked.
 */
export function actorIdentity(
  hmac: Hmac,
  pattern: CompiledHashPattern | undefined,
  pseudonymPeriodMs: number = DAY_MS,
): ActorIdentity {
  const keyOfUser = (id: string, isVerified: boolean): string =>
    keyedHash(hmac, 'actor\0user', [isVerified ? 'verified' : 'claimed', id]);
  const keyOfAddress = (address: string): string => keyedHash(hmac, 'actor\0address', [address]);
  const named = (
    key: string,
    nowMs: number,
    rest: Pick<RequestActor, 'kind' | 'isClaimed' | 'addressKey'>,
  ): RequestActor => {
    const period = Math.floor(nowMs / pseudonymPeriodMs);
    const digits = keyedHash(hmac, 'pseudonym', [String(period), key]).slice(0, PSEUDONYM_DIGITS);
    return { key, pseudonym: `actor-${digits}`, ...rest };
  };
  return {
    actorOf: (source, request, nowMs) => {
      const addressKey = source.address === '' ? undefined : keyOfAddress(source.address);
      const { user } = source;
      if (user.known) {
        const { id, isVerified } = user.value;
        const key = keyOfUser(id, isVerified);
        return named(key, nowMs, { kind: 'user', isClaimed: !isVerified, addressKey });
      }
      const value = pattern?.(source, request);
      if (value?.known) {
        const key = keyedHash(hmac, 'actor\0pattern', [value.value]);
        return named(key, nowMs, { kind: 'pattern', isClaimed: true, addressKey });
      }
      const key = addressKey ?? keyOfAddress('');
      return named(key, nowMs, { kind: 'address', isClaimed: false, addressKey });
    },
    keysOfUser: (id) => [keyOfUser(id, true), keyOfUser(id, false)],
  };
}
