// Records as the rows that the LMDB store keeps: arrays of numbers and texts, as short as they can be.

import type { DistinctRecord, Sample } from './distinct-record.ts';
import type { BaselineSlice, LearnRecord } from './learn-record.ts';
import type { ScoreRecord } from './score-record.ts';
import type { WindowRecord } from './window-record.ts';

export interface RowFormat<R, Row> {
  readonly toRow: (record: R) => Row;
  readonly fromRow: (row: Row) => R;
}

type WindowRow = readonly [
  latestMs: number,
  total: number,
  times: number[],
  amounts: number[] | null,
];

export const WINDOW_ROW: RowFormat<WindowRecord, WindowRow> = Object.freeze({
  toRow: ({ latestMs, total, head, times, amounts }: WindowRecord): WindowRow => [
    latestMs,
    total,
    times.slice(head),
    amounts?.slice(head) ?? null,
  ],
  fromRow: ([latestMs, total, times, amounts]: WindowRow): WindowRecord => ({
    latestMs,
    total,
    head: 0,
    times,
    amounts: amounts ?? undefined,
  }),
});

type DistinctRow = readonly [
  latestMs: number,
  droppedMs: number,
  seen: (readonly [member: string, lastMs: number])[],
  level: number,
  sampled: (readonly [member: string, lastMs: number, weight: number])[] | null,
];

export const DISTINCT_ROW: RowFormat<DistinctRecord, DistinctRow> = Object.freeze({
  toRow: ({ latestMs, droppedMs, seen, sample }: DistinctRecord): DistinctRow => [
    latestMs,
    droppedMs,
    [...seen],
    sample?.level ?? 0,
    sample === undefined
      ? null
      : Array.from(sample.members, ([member, { lastMs, weight }]) => [member, lastMs, weight]),
  ],
  fromRow: ([latestMs, droppedMs, seen, level, sampled]: DistinctRow): DistinctRecord => {
    const sample: Sample | undefined =
      sampled === null
        ? undefined
        : {
            level,
            members: new Map(
              sampled.map(([member, lastMs, weight]) => [member, { lastMs, weight }]),
            ),
          };
    return { latestMs, droppedMs, seen: new Map(seen), sample };
  },
});

type LearnRow = readonly [
  window: WindowRow,
  startMs: number,
  sum: number,
  slices: (readonly [startMs: number, sum: number, windows: number])[],
];

export const LEARN_ROW: RowFormat<LearnRecord, LearnRow> = Object.freeze({
  toRow: ({ window, startMs, sum, slices }: LearnRecord): LearnRow => [
    WINDOW_ROW.toRow(window),
    startMs,
    sum,
    slices.map((slice) => [slice.startMs, slice.sum, slice.windows]),
  ],
  fromRow: ([window, startMs, sum, slices]: LearnRow): LearnRecord => ({
    window: WINDOW_ROW.fromRow(window),
    startMs,
    sum,
    slices: slices.map(
      ([sliceMs, amount, windows]): BaselineSlice => ({ startMs: sliceMs, sum: amount, windows }),
    ),
  }),
});

type ScoreRow = readonly [latestMs: number, score: number];

export const SCORE_ROW: RowFormat<ScoreRecord, ScoreRow> = Object.freeze({
  toRow: ({ latestMs, score }: ScoreRecord): ScoreRow => [latestMs, score],
  fromRow: ([latestMs, score]: ScoreRow): ScoreRecord => ({ latestMs, score }),
});
