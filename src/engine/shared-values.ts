// Values of a collection that many transactions have in common. Never written to; what is worked out about them
// is worked out once.

import { asciiLower } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';

/** Selectors whose pairs are remembered; rule sets have fewer. */
const MOST_SELECTED = 256;
/** Places of one program: it has fewer. */
const MOST_OUTCOMES = 256;
/** Each costs a look when a value is not in it. */
const MOST_LAYERS = 4;

/** What a run of rules makes of values. */
export interface Outcome {
  readonly run: object;
  readonly values: SharedValues;
  /** What may come next, when nothing else was there: the place where it begins, and what it makes of `values`. */
  next: { readonly pc: number; readonly outcome: Outcome } | undefined;
}

export class SharedValues {
  /** By lower-case key, in order. */
  readonly #pairs: ReadonlyMap<string, Pair>;
  /** What lies under them, and comes before them. */
  readonly #under: SharedValues | undefined;
  readonly #layers: number;
  #entries: readonly Pair[] | undefined = undefined;
  readonly #selected = new Map<(key: string) => boolean, readonly Pair[]>();

  #outcomes: Map<object, Outcome> | undefined = undefined;

  /** `pairs` are by lower-case key, in order; a key that lies under them keeps its place and its name. */
  constructor(pairs: ReadonlyMap<string, Pair>, under?: SharedValues) {
    const layers = under === undefined ? 1 : under.#layers + 1;
    this.#pairs = layers > MOST_LAYERS ? laidOver(pairs, under) : pairs;
    this.#under = layers > MOST_LAYERS ? undefined : under;
    this.#layers = layers > MOST_LAYERS ? 1 : layers;
  }

  get entries(): readonly Pair[] {
    this.#entries ??= Object.freeze([...this.copy().values()]);
    return this.#entries;
  }

  find(lowerKey: string): Pair | undefined {
    return this.#pairs.get(lowerKey) ?? this.#under?.find(lowerKey);
  }

  /** What they become when these are set, in turn; a value that there is keeps its name. */
  with(pairs: readonly Pair[]): SharedValues {
    if (pairs.length === 0) return this;
    const own = new Map<string, Pair>();
    for (const { key, value } of pairs) {
      const lowerKey = asciiLower(key);
      own.set(lowerKey, { key: this.find(lowerKey)?.key ?? key, value });
    }
    return new SharedValues(own, this === NOTHING_SHARED ? undefined : this);
  }

  copy(): Map<string, Pair> {
    return laidOver(this.#pairs, this.#under);
  }

  outcomeOf(key: object): Outcome | undefined {
    return this.#outcomes?.get(key);
  }

  /** False where it is not kept: no values at all are everybody's, and other values have room for so many. */
  noteOutcome(key: object, outcome: Outcome): boolean {
    if (this === NOTHING_SHARED) return false;
    this.#outcomes ??= new Map();
    if (this.#outcomes.size >= MOST_OUTCOMES) return false;
    this.#outcomes.set(key, outcome);
    return true;
  }

  /** `matches` answers the same for the same key, always. */
  select(matches: (key: string) => boolean): readonly Pair[] {
    const known = this.#selected.get(matches);
    if (known !== undefined) return known;
    const selected = selectLayered(this.#pairs, this.#under, matches);
    if (this.#selected.size < MOST_SELECTED) this.#selected.set(matches, selected);
    return selected;
  }
}

function laidOver(
  pairs: ReadonlyMap<string, Pair>,
  under: SharedValues | undefined,
): Map<string, Pair> {
  if (under === undefined) return new Map(pairs);
  const all = under.copy();
  // Walking a map by its entries makes a list for each of them.
  pairs.forEach((pair, lowerKey) => {
    all.set(lowerKey, pair);
  });
  return all;
}

/** Of pairs that lie over others, those whose keys match, in order. */
export function selectLayered(
  pairs: ReadonlyMap<string, Pair>,
  under: SharedValues | undefined,
  matches: (key: string) => boolean,
): readonly Pair[] {
  const below = under?.select(matches) ?? [];
  if (pairs.size === 0) return below;
  const selected = below.map((pair) => pairs.get(asciiLower(pair.key)) ?? pair);
  pairs.forEach((pair, lowerKey) => {
    if (under?.find(lowerKey) === undefined && matches(pair.key)) selected.push(pair);
  });
  return selected;
}

export const NOTHING_SHARED: SharedValues = new SharedValues(new Map());
