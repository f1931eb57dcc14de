// The records of the LMDB store: counters, marks and lists, each bounded on its own.

import { newDistinct } from './distinct-record.ts';
import { newLearner } from './learn-record.ts';
import { keyBytes, type RootDatabase } from './lmdb-database.ts';
import { lmdbLists } from './lmdb-lists.ts';
import { DISTINCT_ROW, LEARN_ROW, type RowFormat, SCORE_ROW, WINDOW_ROW } from './lmdb-rows.ts';
import { ExpiringTable } from './lmdb-table.ts';
import { newScore } from './score-record.ts';
import type { MarkSlots, Slot, Slots, StateSlots } from './slots.ts';
import { newWindow } from './window-record.ts';
import { windowSlots } from './window-slots.ts';

export interface LmdbBounds {
  readonly maxKeys: number;
  readonly maxMarks: number;
  readonly maxLists: number;
  readonly maxListItems: number;
}

export interface LmdbSlots extends StateSlots {
  /** Lets go what has expired, a little at a time. Inside a write transaction. */
  readonly sweep: (nowMs: number, limit: number) => void;
}

type MarkRow = readonly [value: string, untilMs: number];

export function lmdbSlots(root: RootDatabase, bounds: LmdbBounds): LmdbSlots {
  const counters = new ExpiringTable<unknown>(root, 'counters', bounds.maxKeys);
  const marks = new ExpiringTable<MarkRow>(root, 'marks', bounds.maxMarks);
  return {
    windows: windowSlots(recordSlots(counters, 'w', WINDOW_ROW, newWindow)),
    distincts: recordSlots(counters, 'd', DISTINCT_ROW, newDistinct),
    learners: recordSlots(counters, 'l', LEARN_ROW, newLearner),
    scores: recordSlots(counters, 's', SCORE_ROW, newScore),
    marks: markSlots(marks),
    lists: lmdbLists(root, bounds),
    sweep: (nowMs, limit) => {
      counters.sweep(nowMs, limit);
      marks.sweep(nowMs, limit);
    },
  };
}

interface LmdbSlot<R> extends Slot<R> {
  readonly place: Buffer;
}

/** `kind` keeps the records of one kind apart from those of another under the same key. */
function recordSlots<R, Row>(
  table: ExpiringTable<unknown>,
  kind: string,
  format: RowFormat<R, Row>,
  fresh: () => R,
): Slots<R> {
  return {
    open: (key, name): LmdbSlot<R> => {
      const place = keyBytes(`${kind}${key}\0${name}`);
      const row = table.get(place) as Row | undefined;
      return { place, record: row === undefined ? fresh() : format.fromRow(row) };
    },
    keep: (slot, _bytes, expiresMs) => {
      table.put((slot as LmdbSlot<R>).place, format.toRow(slot.record), expiresMs);
    },
  };
}

function markSlots(table: ExpiringTable<MarkRow>): MarkSlots {
  // LMDB takes no empty key.
  const placeOf = (key: string): Buffer => keyBytes(`m${key}`);
  return {
    get: (key) => {
      const row = table.get(placeOf(key));
      return row === undefined ? undefined : { value: row[0], untilMs: row[1] };
    },
    set: (key, { value, untilMs }) => table.put(placeOf(key), [value, untilMs], untilMs),
    delete: (key) => table.remove(placeOf(key)),
  };
}
