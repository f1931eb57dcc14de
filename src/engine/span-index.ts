// Finds the span of a name or value. Equal ones are told apart by their order in the list that rules see.
//
// Built once for a log, so that many matches among many equal arguments stay linear.

import type { Pair } from '../model/pair.ts';
import type { NamedSpan, Span } from './origins-head.ts';

export class SpanIndex {
  readonly #byPair = new Map<Pair, Span>();
  readonly #byText = new Map<string, NamedSpan[]>();

  /** `spans` in the order of the request; each list has the same pairs, maybe grouped by name. */
  constructor(spans: readonly NamedSpan[], lists: readonly (readonly Pair[])[]) {
    for (const span of spans) {
      const text = textOf(span);
      const equal = this.#byText.get(text);
      if (equal === undefined) this.#byText.set(text, [span]);
      else equal.push(span);
    }
    for (const list of lists) this.#add(list);
  }

  #add(list: readonly Pair[]): void {
    const taken = new Map<string, number>();
    for (const pair of list) {
      const text = textOf(pair);
      const at = taken.get(text) ?? 0;
      taken.set(text, at + 1);
      const span = this.#byText.get(text)?.[at];
      if (span !== undefined) this.#byPair.set(pair, span);
    }
  }

  /** A pair that is in no list has the first place of its text. */
  of(pair: Pair): Span | undefined {
    return this.#byPair.get(pair) ?? this.#byText.get(textOf(pair))?.[0];
  }
}

const textOf = ({ key, value }: Pair): string => `${key.length} ${key}${value}`;
