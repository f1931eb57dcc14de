// The operations of a state store beside collections: sliding windows, distinct counts, baselines, marks,
// scores and lists. A batch of them is one call, so that a store elsewhere costs one round trip per phase.
//
// Each operation is atomic, and those of a batch run in its order. Each kind has key spaces of its own:
// a mark and a window of the same key know nothing of each other.
//
// Windows, distinct counts, baselines and scores are counters: what is counted is told by the key and a name
// beside it. The key says about whom, the name what: counters of one key lie together, so that all that a
// request counts for its sender is found at once. Names are few and chosen by rules, never by requests.
//
// Stores are bounded: beyond the bound the key that was used least recently goes with all its counters
// (embedded stores on disk: the counter that expires first). What went is as if it had never been, so a limit
// may be forgotten, never invented. Counters, marks and lists are bounded apart, so that a flood of new
// clients cannot push a block out.
//
// Time is what callers say. Each record remembers the latest time it was told. An earlier time counts as
// that latest one, so nothing is un-counted. A time that lies back by more than CLOCK_TOLERANCE_MS is a
// clock that was set: the record moves back with it and keeps its ages, so that windows go on sliding.

/** Clocks of machines that share a store may differ by this much. */
export const CLOCK_TOLERANCE_MS = 5000;

/**
 * Windows count each event at its own time up to this many entries. Beyond it, events that come within
 * windowMs / EXACT_ENTRIES of each other count from the time of the first of them: they may stop counting
 * by so much too early, never too late. A limit below EXACT_ENTRIES is therefore always exact.
 */
export const EXACT_ENTRIES = 2048;

/** The largest `cap` of `observe`; larger ones are taken as this. */
export const MAX_DISTINCT_CAP = 4096;

/** A baseline's period is kept in this many slices, and forgets by whole slices. */
export const BASELINE_SLICES = 48;

/** After so many half-lives a score is zero. */
export const MAX_HALF_LIVES = 50;

/** Whether an operation runs, by what earlier ones of the batch answered (`holds`). Indices into the batch. */
interface Gate {
  /** All of these hold. */
  readonly when?: readonly number[] | undefined;
  /** None of these holds. */
  readonly unless?: readonly number[] | undefined;
}

/** Which counter. */
interface Counter {
  readonly key: string;
  /** Default: empty. */
  readonly name?: string | undefined;
}

/** Adds to a window and counts it. */
export interface ConsumeOperation extends Counter, Gate {
  readonly kind: 'consume';
  /** An event at t counts until just before t + windowMs. */
  readonly windowMs: number;
  /** Holds when the count is more than this. */
  readonly limit: number;
  /** Whole number; what is below 1 only counts what is there. */
  readonly amount: number;
}

/** Adds members to a window and counts the distinct ones. */
export interface ObserveOperation extends Counter, Gate {
  readonly kind: 'observe';
  /** A member counts until just before windowMs after it was last seen. */
  readonly windowMs: number;
  /** Holds when the count is more than this. Exact whenever `limit` is below `cap`. */
  readonly limit: number;
  /** Members kept: the ones seen last. Counts are exact up to this. */
  readonly cap: number;
  /** Opaque and short, as keyed hashes are. None: only counts what is there. */
  readonly members: readonly string[];
}

/** Counts a window and compares it with the mean of the windows before. */
export interface LearnOperation extends Counter, Gate {
  readonly kind: 'learn';
  readonly windowMs: number;
  /** How far back the mean looks. */
  readonly periodMs: number;
  /** Windows that have to be over before there is a mean. */
  readonly minWindows: number;
  /** Holds when the count is more than so many per cent above the mean. */
  readonly percentAbove: number;
  /**
   * What happened, as in `consume`; or `countOf`, the count that an earlier operation of the batch answered:
   * a window is then the largest count seen in it.
   */
  readonly amount: number | { readonly countOf: number };
  /** False: counts in the current window and leaves the mean alone. Default true. */
  readonly learns?: boolean | undefined;
  /** Where the mean is kept: a key that several share. By default each `key` has a mean of its own. */
  readonly baseline?: string | undefined;
}

/** Sets a flag until a time. */
export interface MarkOperation extends Gate {
  readonly kind: 'mark';
  readonly key: string;
  readonly value: string;
  /** Infinity: for ever. */
  readonly untilMs: number;
  /** `extend` (default): of two marks the one that lasts longer stays. `replace`: this one stays. */
  readonly mode?: 'extend' | 'replace';
}

/** Adds to a number that decays. It stays between 0 and `cap`. */
export interface ScoreOperation extends Counter, Gate {
  readonly kind: 'score';
  /** May be negative. */
  readonly amount: number;
  readonly decay: { readonly halfLifeMs: number } | { readonly perMs: number };
  readonly cap: number;
  /** Holds when the score is more than this; by default never. */
  readonly limit?: number;
}

/** Adds an item; a full list takes none, rather than let another go. */
export interface ListAddOperation extends Gate {
  readonly kind: 'listAdd';
  /** Holds no NUL. */
  readonly list: string;
  readonly item: string;
  /** Default: for ever. */
  readonly untilMs?: number;
  /** As with `mark`. */
  readonly mode?: 'extend' | 'replace';
}

/** Keys, names, values, members and items are byte strings; keys and names hold no NUL. */
export type StateOperation =
  | ConsumeOperation
  | ObserveOperation
  | LearnOperation
  | MarkOperation
  | ScoreOperation
  | ListAddOperation
  | ({ readonly kind: 'unmark'; readonly key: string } & Gate)
  | ({ readonly kind: 'peek'; readonly key: string } & Gate)
  | ({ readonly kind: 'listRemove'; readonly list: string; readonly item: string } & Gate)
  | ({ readonly kind: 'listHas'; readonly list: string; readonly item: string } & Gate)
  /** The first `limit` items behind `after`, in the order of their bytes. */
  | ({
      readonly kind: 'listItems';
      readonly list: string;
      readonly limit: number;
      readonly after?: string;
    } & Gate);

export interface ConsumeResult {
  readonly kind: 'consume';
  readonly holds: boolean;
  /** After adding. Exact up to `limit`; beyond it there were at least so many. */
  readonly count: number;
  /** When the count is back at the limit if nothing more comes; undefined when it is not above it. */
  readonly overUntilMs: number | undefined;
}

export interface ObserveResult {
  readonly kind: 'observe';
  readonly holds: boolean;
  /**
   * After adding. Exact up to `cap`. Beyond it an estimate, never below cap + 1, with a standard error of at
   * most 1.5 / sqrt(max(64, cap)): under 5 % for a cap of 1024.
   */
  readonly count: number;
  readonly exact: boolean;
  /** Members that were not in the window before; while the count is not exact, not among those kept. */
  readonly added: number;
}

export interface LearnResult {
  readonly kind: 'learn';
  /** Never while learning. */
  readonly holds: boolean;
  readonly state: 'learning' | 'learnt';
  /** Of the windows that are over and had something in them; 0 when there are none. */
  readonly mean: number;
  /** The mean and `percentAbove` of it. */
  readonly limit: number;
  /** In the current window, after adding. */
  readonly count: number;
}

export interface MarkResult {
  readonly kind: 'mark' | 'unmark' | 'peek';
  /** Whether it is marked; for `unmark`, whether it was. */
  readonly holds: boolean;
  /** Of the mark that `holds` speaks of, else empty and 0. */
  readonly value: string;
  readonly untilMs: number;
  /** `mark`: it is marked now and was not before. */
  readonly isNew: boolean;
}

export interface ScoreResult {
  readonly kind: 'score';
  readonly holds: boolean;
  readonly score: number;
}

export interface ListItemResult {
  readonly kind: 'listAdd' | 'listRemove' | 'listHas';
  /** Whether the item is in the list; for `listRemove`, whether it was. */
  readonly holds: boolean;
  /** Of the item that `holds` speaks of, else 0. */
  readonly untilMs: number;
  /** `listAdd`: there was no room for it. */
  readonly full: boolean;
}

export interface ListedItem {
  readonly item: string;
  readonly untilMs: number;
}

export interface ListItemsResult {
  readonly kind: 'listItems';
  /** Whether the list has any item. */
  readonly holds: boolean;
  /** Of the whole list. */
  readonly size: number;
  readonly items: readonly ListedItem[];
}

/** The operation did not run, because of its `when` or `unless`. */
export interface SkippedResult {
  readonly kind: 'skipped';
  readonly holds: false;
}

export type StateResult =
  | ConsumeResult
  | ObserveResult
  | LearnResult
  | MarkResult
  | ScoreResult
  | ListItemResult
  | ListItemsResult
  | SkippedResult;
