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
  /** The key of an actor that is known by its address only. */
  readonly keyOfAddress: (address: string) => string;
  /** What events call the actor of the key at that time. */
  readonly pseudonymOf: (key: string, nowMs: number) => string;
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
  const pseudonymOf = (key: string, nowMs: number): string => {
    const period = String(Math.floor(nowMs / pseudonymPeriodMs));
    const digits = keyedHash(hmac, 'pseudonym', [period, key]).slice(0, PSEUDONYM_DIGITS);
    return `actor-${digits}`;
  };
  return {
    actorOf: (source, request, nowMs) => {
      const { user, address } = source;
      const addressKey = (): string => keyOfAddress(address);
      const pseudonym = (key: string): string => pseudonymOf(key, nowMs);
      const near = address === '' ? undefined : addressKey;
      if (user.known) {
        const { id, isVerified } = user.value;
        return new LazyActor('user', !isVerified, keyOfUser(id, isVerified), near, pseudonym);
      }
      const value = pattern?.(source, request);
      if (value?.known) {
        const key = keyedHash(hmac, 'actor\0pattern', [value.value]);
        return new LazyActor('pattern', true, key, near, pseudonym);
      }
      const key = addressKey();
      return new LazyActor('address', false, key, near && (() => key), pseudonym);
    },
    keysOfUser: (id) => [keyOfUser(id, true), keyOfUser(id, false)],
    keyOfAddress,
    pseudonymOf,
  };
}

/** Hashes only what is asked for: most requests need no pseudonym, and many no address. */
class LazyActor implements RequestActor {
  readonly kind: RequestActor['kind'];
  readonly isClaimed: boolean;
  readonly key: string;
  readonly #hashAddress: (() => string) | undefined;
  readonly #hashPseudonym: (key: string) => string;
  #addressKey: string | undefined;
  #pseudonym: string | undefined;

  constructor(
    kind: RequestActor['kind'],
    isClaimed: boolean,
    key: string,
    hashAddress: (() => string) | undefined,
    hashPseudonym: (key: string) => string,
  ) {
    this.kind = kind;
    this.isClaimed = isClaimed;
    this.key = key;
    this.#hashAddress = hashAddress;
    this.#hashPseudonym = hashPseudonym;
  }

  get addressKey(): string | undefined {
    this.#addressKey ??= this.#hashAddress?.();
    return this.#addressKey;
  }

  get pseudonym(): string {
    this.#pseudonym ??= this.#hashPseudonym(this.key);
    return this.#pseudonym;
  }
}
