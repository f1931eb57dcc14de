// Where events go: the contract of a sink.
//
// Promise of all sinks: `write` never throws and never waits, because requests are judged meanwhile. What
// cannot be written is counted and told of.

import type { PublicEvent } from './public-event.ts';

export interface EventSink {
  readonly name: 'file' | 'webhook' | 'stdout';
  readonly write: (event: PublicEvent) => void;
  /** After a rotation. */
  readonly reopen: () => void;
  /** Waits for what is on its way, for a bounded time. */
  readonly close: () => Promise<void>;
  readonly counters: EventSinkCounters;
}

export interface EventSinkCounters {
  written: number;
  dropped: number;
}

/** A sink whose writes are done when they return. */
export function lineSink(
  name: EventSink['name'],
  append: (line: string) => void,
  rest: Pick<EventSink, 'reopen'> & {
    readonly close: () => void;
    readonly onError: (error: unknown) => void;
  },
): EventSink {
  const counters = { written: 0, dropped: 0 };
  const attempt = (run: () => void): boolean => {
    try {
      run();
      return true;
    } catch (error) {
      rest.onError(error);
      return false;
    }
  };
  return {
    name,
    counters,
    write: (event) => {
      if (attempt(() => append(`${JSON.stringify(event)}\n`))) counters.written++;
      else counters.dropped++;
    },
    reopen: () => {
      attempt(rest.reopen);
    },
    close: async () => {
      attempt(rest.close);
    },
  };
}
