// Tells whether a fixed text occurs within ascending ranges of a body, in linear time over all ranges.
//
// V8's indexOf is O(text * pattern) in the worst case. Client and pattern are the same party here (the
// boundary comes from the request), so long patterns go through Knuth-Morris-Pratt.

import { failuresOf, SHORT_PATTERN } from '../base/occurrences.ts';

export class SubstringSearch {
  readonly #text: string;
  readonly #pattern: string;
  readonly #failures: Int32Array | undefined;
  /** Start of the next occurrence, -1 when there is none left; undefined when not looked for yet. */
  #next: number | undefined;

  /** `pattern` is not empty. */
  constructor(text: string, pattern: string) {
    this.#text = text;
    this.#pattern = pattern;
    this.#failures = pattern.length > SHORT_PATTERN ? failuresOf(pattern) : undefined;
  }

  /** Whether an occurrence lies within `from..to`. Ranges must not go back. */
  occursWithin(from: number, to: number): boolean {
    if (this.#next === undefined || (this.#next !== -1 && this.#next < from)) {
      this.#next = this.#find(from);
    }
    return this.#next !== -1 && this.#next + this.#pattern.length <= to;
  }

  #find(from: number): number {
    const failures = this.#failures;
    if (failures === undefined) return this.#text.indexOf(this.#pattern, from);
    let matched = 0;
    for (let at = from; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      while (matched > 0 && code !== this.#pattern.charCodeAt(matched)) {
        matched = failures[matched - 1]!;
      }
      if (code === this.#pattern.charCodeAt(matched)) matched += 1;
      if (matched === this.#pattern.length) return at - matched + 1;
    }
    return -1;
  }
}
