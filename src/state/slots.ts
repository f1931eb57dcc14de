// Where `run` finds its records, whichever store keeps them.

import type { DistinctRecord } from './distinct-record.ts';
import type { LearnRecord } from './learn-record.ts';
import type { MarkRecord } from './mark-record.ts';
import type { ConsumeOperation, ConsumeResult, ListedItem } from './operations.ts';
import type { ScoreRecord } from './score-record.ts';
import type { TallyOperation } from './tally.ts';

/** A record in its place. Records change in place; what changed has to be given to `keep`. */
export interface Slot<R> {
  readonly record: R;
}

export interface Slots<R> {
  /** A new record when there is none. */
  readonly open: (key: string, name: string) => Slot<R>;
  /**
   * `slot`: one that `open` answered. `bytes`: about what the record takes. From `expiresMs` on the record
   * is as good as a new one. May let other records go.
   */
  readonly keep: (slot: Slot<R>, bytes: number, expiresMs: number) => void;
}

/** Windows are counted by their store: the one in memory keeps those of a key together. */
export interface WindowSlots {
  readonly consume: (operation: ConsumeOperation, nowMs: number) => ConsumeResult;
  /** Fills in the counts of a tally, of which there is a place for each. Answers whether any is over its limit. */
  readonly tally: (operation: TallyOperation, nowMs: number, counts: number[]) => boolean;
}

/** Marks are small and looked at far more often than changed, so they are taken and given whole. */
export interface MarkSlots {
  readonly get: (key: string) => MarkRecord | undefined;
  readonly set: (key: string, mark: MarkRecord) => void;
  readonly delete: (key: string) => void;
}

export interface ListSlots {
  /** The end of the item; undefined when it is not in the list or has expired. */
  readonly get: (list: string, item: string, nowMs: number) => number | undefined;
  /** False when there is no room for a new item, also after the expired ones have gone. */
  readonly set: (list: string, item: string, untilMs: number, nowMs: number) => boolean;
  readonly delete: (list: string, item: string) => void;
  /** Items in the order of their bytes. */
  readonly items: (
    list: string,
    nowMs: number,
    limit: number,
    after: string | undefined,
  ) => { readonly size: number; readonly items: readonly ListedItem[] };
}

export interface StateSlots {
  readonly windows: WindowSlots;
  readonly distincts: Slots<DistinctRecord>;
  readonly learners: Slots<LearnRecord>;
  readonly scores: Slots<ScoreRecord>;
  readonly marks: MarkSlots;
  readonly lists: ListSlots;
}
