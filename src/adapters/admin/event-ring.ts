// The latest events, for whoever asks; older ones go.

import type { PolicyEvent } from '../../model/policy-event.ts';
import { isBelow } from '../events/event-sinks.ts';
import { type PublicEvent, publicEvent } from '../events/public-event.ts';

export interface NumberedEvent extends PublicEvent {
  /** Rises by one with each event of this process. */
  readonly number: number;
}

export interface EventQuery {
  readonly status?: PolicyEvent['status'] | undefined;
  readonly kind?: PolicyEvent['kind'] | undefined;
  /** This one and above. */
  readonly leastSeverity?: PolicyEvent['severity'] | undefined;
  /** Of one actor, by its pseudonym. */
  readonly actor?: string | undefined;
  /** Events with higher numbers only. */
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface EventRing {
  readonly add: (event: PolicyEvent, maskAddresses: boolean) => void;
  /** The newest first. */
  readonly find: (query: EventQuery) => readonly NumberedEvent[];
}

const DEFAULT_SIZE = 2000;

export function eventRing(size: number = DEFAULT_SIZE): EventRing {
  const events: NumberedEvent[] = [];
  let last = 0;
  return {
    add: (event, maskAddresses) => {
      const number = ++last;
      events[(number - 1) % size] = { number, ...publicEvent(event, { maskAddresses }) };
    },
    find: ({ status, kind, leastSeverity, actor, after = 0, limit }) => {
      const found: NumberedEvent[] = [];
      const oldest = Math.max(last - size, after, 0);
      for (let number = last; number > oldest && found.length < limit; number--) {
        const event = events[(number - 1) % size];
        if (event === undefined) break;
        if (status !== undefined && event.status !== status) continue;
        if (kind !== undefined && event.kind !== kind) continue;
        if (leastSeverity !== undefined && isBelow(event.severity, leastSeverity)) continue;
        if (actor !== undefined && event.actor !== actor) continue;
        found.push(event);
      }
      return found;
    },
  };
}
