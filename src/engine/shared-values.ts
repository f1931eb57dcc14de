// Values of a collection that many transactions have in common. Never written to; what is worked out about them
// is worked out once.

import type { Pair } from '../model/pair.ts';

/** Selectors whose pairs are remembered; rule sets have fewer. */
const MOST_SELECTED = 256;

export class SharedValues {
  readonly #pairs: ReadonlyMap<string, Pair>;
  readonly entries: readonly Pair[];
  readonly #selected = new Map<(key: string) => boolean, readonly Pair[]>();

  /** By lower-case key, in order. */
  constructor(pairs: ReadonlyMap<string, Pair>) {
    this.#pairs = pairs;
    this.entries = Object.freeze([...pairs.values()]);
  }

  find(lowerKey: string): Pair | undefined {
    return this.#pairs.get(lowerKey);
  }

  copy(): Map<string, Pair> {
    return new Map(this.#pairs);
  }

  /** `matches` answers the same for the same key, always. */
  select(matches: (key: string) => boolean): readonly Pair[] {
    const known = this.#selected.get(matches);
    if (known !== undefined) return known;
    const selected = this.entries.filter(({ key }) => matches(key));
    if (this.#selected.size < MOST_SELECTED) this.#selected.set(matches, selected);
    return selected;
  }
}

export const NOTHING_SHARED: SharedValues = new SharedValues(new Map());
