// The tallies of an operation by key, so that a log is opened once for all of them.
//
// Requests that meet the same rules have the same tallies. Which of them go together is worked out when a list of
// tallies is first seen, and where their windows are when a log has a layout for the first time.

import type { Tally } from './tally.ts';
import type { WindowLayout } from './window-layout.ts';

/** The windows of a group in logs of one layout. */
export interface TallyWindows {
  readonly places: readonly number[];
  /** Of all places. */
  readonly bits: number;
}

/** Those of one key, each with a window of its own. */
export class TallyGroup {
  readonly scope: number;
  /** Into the tallies of the operation; what follows is beside them. */
  readonly indices: number[] = [];
  readonly names: string[] = [];
  readonly windowsMs: number[] = [];
  readonly limits: number[] = [];
  /** The longest window. */
  longestMs = 0;
  #layout = -1;
  #windows: TallyWindows | undefined = undefined;
  readonly #byLayout = new Map<number, TallyWindows>();

  constructor(scope: number) {
    this.scope = scope;
  }

  add(index: number, { name, windowMs, limit }: Tally): void {
    this.indices.push(index);
    this.names.push(name);
    this.windowsMs.push(windowMs);
    this.limits.push(limit);
    this.longestMs = Math.max(this.longestMs, windowMs);
  }

  /** Undefined: nobody has told. */
  windowsIn(layout: number): TallyWindows | undefined {
    if (layout === this.#layout) return this.#windows;
    const windows = this.#byLayout.get(layout);
    if (windows === undefined) return undefined;
    this.#layout = layout;
    this.#windows = windows;
    return windows;
  }

  /** `layout`: one that has all names. */
  learn(layout: WindowLayout): TallyWindows {
    const places = this.names.map((name) => layout.find(name));
    const windows = { places, bits: places.reduce((bits, place) => bits | (1 << place), 0) };
    this.#byLayout.set(layout.id, windows);
    return windows;
  }
}

export interface TallyList {
  readonly tallies: readonly Tally[];
  /** In the order in which their keys first come. */
  readonly groups: readonly TallyGroup[];
  /** Those that are in no group: indices. */
  readonly others: readonly number[];
}

/** Lists that begin with the same tally: as many are remembered. */
const MAX_SIBLINGS = 16;
/** Rules come and go with policies. */
const MAX_LISTS = 1000;

export class TallyLists {
  readonly #byFirst = new Map<Tally, TallyList[]>();
  readonly #isForLog: (tally: Tally) => boolean;
  #count = 0;
  #last: TallyList = { tallies: [], groups: [], others: [] };

  /** `isForLog`: whether a log may take the window. */
  constructor(isForLog: (tally: Tally) => boolean) {
    this.#isForLog = isForLog;
  }

  of(tallies: readonly Tally[]): TallyList {
    if (!isSame(this.#last.tallies, tallies)) this.#last = this.#find(tallies);
    return this.#last;
  }

  #find(tallies: readonly Tally[]): TallyList {
    const known = this.#byFirst.get(tallies[0]!)?.find((list) => isSame(list.tallies, tallies));
    return known ?? this.#make(tallies);
  }

  #make(tallies: readonly Tally[]): TallyList {
    if (this.#count >= MAX_LISTS) {
      this.#byFirst.clear();
      this.#count = 0;
    }
    const list = listOf(tallies.slice(), this.#isForLog);
    const siblings = this.#byFirst.get(tallies[0]!) ?? [];
    this.#byFirst.set(tallies[0]!, [list, ...siblings].slice(0, MAX_SIBLINGS));
    this.#count++;
    return list;
  }
}

function isSame(some: readonly Tally[], others: readonly Tally[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}

function listOf(tallies: readonly Tally[], isForLog: (tally: Tally) => boolean): TallyList {
  const groups = new Map<number, TallyGroup>();
  const others: number[] = [];
  for (const [index, tally] of tallies.entries()) {
    const { scope, name } = tally;
    // What is counted twice has to be counted one after the other.
    const times = tallies.filter((other) => other.scope === scope && other.name === name).length;
    if (times > 1 || !isForLog(tally)) {
      others.push(index);
      continue;
    }
    const group = groups.get(scope) ?? new TallyGroup(scope);
    group.add(index, tally);
    groups.set(scope, group);
  }
  return { tallies, groups: [...groups.values()], others };
}
