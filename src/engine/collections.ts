// The data structures behind collections: ordered lists for requests, keyed ones for TX.

import { asciiLower } from '../base/ascii.ts';
import { leadingInteger } from '../base/integer.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { Pair } from '../model/pair.ts';
import type { MutableCollection, PairList } from '../model/view.ts';
import { counterText } from '../state/record.ts';
import { NOTHING_SHARED, SharedValues, selectLayered } from './shared-values.ts';

const NO_PAIRS: readonly Pair[] = Object.freeze([]);

/** Names its elements on demand, once. A class: a literal's getter would outlive the transaction. */
class NamedPairs implements PairList {
  readonly pairs: readonly Pair[];
  readonly #moreNames: readonly string[];
  #names: readonly Pair[] | undefined;

  constructor(pairs: readonly Pair[], moreNames: readonly string[]) {
    this.pairs = pairs;
    this.#moreNames = moreNames;
  }

  get names(): readonly Pair[] {
    if (this.#names === undefined) {
      const names = this.pairs.map(({ key }) => ({ key, value: key }));
      for (const key of this.#moreNames) names.push({ key, value: key });
      this.#names = names;
    }
    return this.#names;
  }
}

/** `moreNames` are names without an element. */
export function pairList(pairs: readonly Pair[], moreNames: readonly string[] = []): PairList {
  return new NamedPairs(pairs, moreNames);
}

export const EMPTY_LIST: PairList = pairList(NO_PAIRS);

/**
 * Keys in any case, shown as first written, in the order of their first writing.
 *
 * `entries` is a snapshot: a rule that walks TX while its actions write to it sees TX as it was.
 */
export class KeyedValues implements MutableCollection {
  /** What lies under the collection's own pairs, and comes before them. */
  #shared: SharedValues = NOTHING_SHARED;
  readonly #pairs = new Map<string, Pair>();
  readonly #floor: number;
  #entries: readonly Pair[] | undefined = NO_PAIRS;
  #waiting: (() => void) | undefined = undefined;
  /** Changes whenever a value may have. */
  changes = 0;
  /** Changes when a key is added or removed. */
  layout = 0;
  /** Changes when one of one char is. */
  shortKeys = 0;

  constructor(floor: Behaviour['counterFloor'] = 'zero') {
    this.#floor = floor === 'zero' ? 0 : Number.NEGATIVE_INFINITY;
  }

  /**
   * `write` changes values of keys of one char, and is called before anybody can tell whether it has been: when such
   * a key or all values are asked for, or the layout changes. It takes the place of another that still waits;
   * undefined: that is dropped.
   */
  wait(write: (() => void) | undefined): void {
    this.#waiting = write;
  }

  #settle(): void {
    const write = this.#waiting;
    this.#waiting = undefined;
    write?.();
  }

  get entries(): readonly Pair[] {
    if (this.#waiting !== undefined) this.#settle();
    if (this.#pairs.size === 0) return this.#shared.entries;
    this.#entries ??= [...this.#all().values()];
    return this.#entries;
  }

  /** All that is shared; undefined when there is, or was a moment ago, more in the collection than that. */
  get shared(): SharedValues | undefined {
    if (this.#pairs.size > 0) return undefined;
    if (this.#waiting !== undefined) this.#settle();
    return this.#pairs.size === 0 ? this.#shared : undefined;
  }

  /** What is shared of it; pairs of its own may lie over that. */
  get base(): SharedValues {
    return this.#shared;
  }

  /** Whether one of the values is not what `base` has; keys are in lower case. */
  ownsAny(lowerKeys: readonly string[]): boolean {
    if (this.#pairs.size === 0 && this.#waiting === undefined) return false;
    for (let at = 0; at < lowerKeys.length; at++) {
      const key = lowerKeys[at] as string;
      if (this.#waiting !== undefined && key.length === 1) this.#settle();
      if (this.#pairs.has(key)) return true;
    }
    return false;
  }

  /** All of it as it is now, to share. */
  share(): SharedValues {
    if (this.#waiting !== undefined) this.#settle();
    if (this.#pairs.size === 0) return this.#shared;
    const under = this.#shared === NOTHING_SHARED ? undefined : this.#shared;
    return new SharedValues(new Map(this.#pairs), under);
  }

  /** Takes these for all its values. */
  adopt(values: SharedValues): void {
    this.changes++;
    this.#waiting = undefined;
    this.layout++;
    this.shortKeys++;
    this.#shared = values;
    this.#pairs.clear();
    this.#entries = undefined;
  }

  #all(): Map<string, Pair> {
    const all = this.#shared.copy();
    for (const [key, pair] of this.#pairs) all.set(key, pair);
    return all;
  }

  get(key: string): string | undefined {
    return this.find(key)?.value;
  }

  find(key: string): Pair | undefined {
    if (this.#waiting !== undefined && key.length === 1) this.#settle();
    const pair = this.#at(key);
    if (pair !== undefined) return pair;
    // Most keys are written in lower case.
    const lowerKey = asciiLower(key);
    return lowerKey === key ? undefined : this.#at(lowerKey);
  }

  select(matches: (key: string) => boolean): readonly Pair[] {
    if (this.#waiting !== undefined) this.#settle();
    return selectLayered(this.#pairs, this.#shared, matches);
  }

  #at(lowerKey: string): Pair | undefined {
    return this.#pairs.get(lowerKey) ?? this.#shared.find(lowerKey);
  }

  set(key: string, value: string): void {
    if (this.#waiting !== undefined && key.length === 1) this.#settle();
    this.changes++;
    this.#entries = undefined;
    const known = this.#at(key);
    if (known !== undefined) {
      this.#pairs.set(key, { key: known.key, value });
      return;
    }
    const lowerKey = asciiLower(key);
    const first = lowerKey === key ? undefined : this.#at(lowerKey);
    if (first === undefined) {
      if (this.#waiting !== undefined) this.#settle();
      this.#changed(lowerKey);
    }
    this.#pairs.set(lowerKey, { key: first?.key ?? key, value });
  }

  #changed(key: string): void {
    this.layout++;
    if (key.length === 1) this.shortKeys++;
  }

  add(key: string, amount: number): void {
    const known = this.find(key);
    const sum = leadingInteger(known?.value ?? '') + amount;
    const value = counterText(Math.max(this.#floor, sum));
    // As `set` would, without looking again for what stands there in lower case.
    if (known !== undefined && known.key === key && this.#pairs.has(key)) {
      this.changes++;
      this.#entries = undefined;
      this.#pairs.set(key, { key, value });
    } else this.set(key, value);
  }

  unset(key: string): void {
    if (this.#waiting !== undefined) this.#settle();
    this.changes++;
    const lowerKey = asciiLower(key);
    if (this.#shared.find(lowerKey) !== undefined) {
      const all = this.#all();
      this.#shared = NOTHING_SHARED;
      this.#pairs.clear();
      for (const [shared, pair] of all) this.#pairs.set(shared, pair);
    }
    if (!this.#pairs.delete(lowerKey)) return;
    this.#entries = undefined;
    this.#changed(lowerKey);
  }
}

export const NO_VALUES: MutableCollection = Object.freeze({
  entries: NO_PAIRS,
  get: () => undefined,
  find: () => undefined,
  set: () => {},
  unset: () => {},
  add: () => {},
});
