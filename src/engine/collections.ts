// The data structures behind collections: ordered lists for requests, keyed ones for TX.

import { asciiLower } from '../base/ascii.ts';
import { leadingInteger } from '../base/integer.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { Pair } from '../model/pair.ts';
import type { MutableCollection, PairList } from '../model/view.ts';
import { counterText } from '../state/record.ts';

const NO_PAIRS: readonly Pair[] = Object.freeze([]);

/** A list that names its elements on demand, once. `moreNames` are names without an element. */
export function pairList(pairs: readonly Pair[], moreNames: readonly string[] = []): PairList {
  let names: readonly Pair[] | undefined;
  return {
    pairs,
    get names(): readonly Pair[] {
      names ??= [...pairs.map(({ key }) => key), ...moreNames].map((key) => ({ key, value: key }));
      return names;
    },
  };
}

export const EMPTY_LIST: PairList = pairList(NO_PAIRS);

/**
 * Keys in any case, shown as first written, in the order of their first writing.
 *
 * `entries` is a snapshot: a rule that walks TX while its actions write to it sees TX as it was.
 */
export class KeyedValues implements MutableCollection {
  readonly #pairs = new Map<string, Pair>();
  readonly #floor: number;
  #entries: readonly Pair[] | undefined = NO_PAIRS;

  constructor(floor: Behaviour['counterFloor'] = 'zero') {
    this.#floor = floor === 'zero' ? 0 : Number.NEGATIVE_INFINITY;
  }

  get entries(): readonly Pair[] {
    this.#entries ??= [...this.#pairs.values()];
    return this.#entries;
  }

  get(key: string): string | undefined {
    return this.#pairs.get(asciiLower(key))?.value;
  }

  find(key: string): Pair | undefined {
    return this.#pairs.get(asciiLower(key));
  }

  set(key: string, value: string): void {
    const lowerKey = asciiLower(key);
    const before = this.#pairs.get(lowerKey);
    this.#pairs.set(lowerKey, { key: before?.key ?? key, value });
    this.#entries = undefined;
  }

  add(key: string, amount: number): void {
    const sum = leadingInteger(this.get(key) ?? '') + amount;
    this.set(key, counterText(Math.max(this.#floor, sum)));
  }

  unset(key: string): void {
    if (this.#pairs.delete(asciiLower(key))) this.#entries = undefined;
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
