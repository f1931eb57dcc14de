// Users that the document allows or blocks by name, and the addresses they use.
//
// An address is remembered with the user who used it, and counts only while that user is on the list: who leaves the
// list takes its addresses along. A user that only claims its name is judged by itself, and no address follows it:
// else whoever brings somebody's browser to name a blocked user would have that address blocked.

import { utf8ByteString } from '../../base/bytes.ts';
import type { StateOperation, StateResult } from '../../state/operations.ts';
import type { Actor, Planned } from '../facts/actor.ts';

/** Whether a listed user has used the address of late. */
export interface ListedStanding {
  readonly allowed: boolean;
  readonly blocked: boolean;
}

export interface ListedActors {
  /** Whether addresses may be blocked, so that not knowing is not the same as no. */
  readonly blocks: boolean;
  /** Reads what is known of the actor's address, and notes that a listed actor used it. */
  readonly look: (actor: Actor, nowMs: number) => Planned<ListedStanding>;
}

/** As long as addresses of other actors are remembered. */
const ADDRESS_MS = 86_400_000;

const STATES = ['allowed', 'blocked'] as const;

/**
 * Undefined when nobody is listed. `keysOfUser`: of a user's id, the key that it has when it is verified, then the others.
 */
export function listedActors(
  lists: Readonly<Record<(typeof STATES)[number], readonly string[]>>,
  keysOfUser: (id: string) => readonly string[],
): ListedActors | undefined {
  const listed = STATES.flatMap((state) => {
    const keys = new Set(lists[state].flatMap((id) => keysOfUser(utf8ByteString(id)).slice(0, 1)));
    return keys.size === 0 ? [] : [{ state, keys }];
  });
  if (listed.length === 0) return undefined;
  return {
    blocks: listed.some(({ state }) => state === 'blocked'),
    look: (actor, nowMs) => {
      const address = addressKeyOf(actor);
      const key = (state: string): string => `address-listed-${state}:${address}`;
      const looks = listed.map(({ state }): StateOperation => ({ kind: 'peek', key: key(state) }));
      const notes = listed.flatMap(({ state, keys }): readonly StateOperation[] =>
        keys.has(actor.key)
          ? [{ kind: 'mark', key: key(state), value: actor.key, untilMs: nowMs + ADDRESS_MS }]
          : [],
      );
      return {
        operations: address === undefined ? [] : [...looks, ...notes],
        conclude: (results) => {
          const holds = (wanted: string): boolean =>
            listed.some(({ state, keys }, at) => state === wanted && isOf(results[at], keys));
          return { allowed: holds('allowed'), blocked: holds('blocked') };
        },
      };
    },
  };
}

function isOf(result: StateResult | undefined, keys: ReadonlySet<string>): boolean {
  return result?.kind === 'peek' && result.holds && keys.has(result.value);
}

/** An actor that was not made of a request has no address that is known. */
function addressKeyOf(actor: Actor): string | undefined {
  return 'addressKey' in actor && typeof actor.addressKey === 'string'
    ? actor.addressKey
    : undefined;
}
