// The data structures behind collections: ordered lists for requests, keyed ones for TX.

import { asciiLower } from '../base/ascii.ts';
import { leadingInteger } from '../base/integer.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { Pair } from '../model/pair.ts';
import type { MutableCollection, PairList } from '../model/view.ts';
import { counterText } from '../state/record.ts';

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

class LaterPair implements Pair {
  readonly key: string;
  #value: string | (() => string);

  constructor(key: string, value: () => string) {
    this.key = key;
    this.#value = value;
  }

  get value(): string {
    if (typeof this.#value !== 'string') this.#value = this.#value();
    return this.#value;
  }
}

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
    return this.find(key)?.value;
  }

  find(key: string): Pair | undefined {
    const pair = this.#pairs.get(key);
    if (pair !== undefined) return pair;
    // Most keys are written in lower case.
    const lowerKey = asciiLower(key);
    return lowerKey === key ? undefined : this.#pairs.get(lowerKey);
  }

  set(key: string, value: string): void {
    const known = this.#pairs.get(key);
    if (known !== undefined) this.#pairs.set(key, { key: known.key, value });
    else {
      const lowerKey = asciiLower(key);
      const first = lowerKey === key ? undefined : this.#pairs.get(lowerKey);
      this.#pairs.set(lowerKey, { key: first?.key ?? key, value });
    }
    this.#entries = undefined;
  }

  /** A value that is worked out when somebody looks at it. */
  setLater(key: string, value: () => string): void {
    const lowerKey = asciiLower(key);
    this.#pairs.set(lowerKey, new LaterPair(this.#pairs.get(lowerKey)?.key ?? key, value));
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
