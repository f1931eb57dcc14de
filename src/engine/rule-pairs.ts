// Sets of few rules among those of a phase, as pairs: what may match a value is mostly a handful of hundreds.

/** A word of the phase's rules and its bits, and so on; no word twice. */
export type RulePairs = readonly number[];

export const NO_PAIRS: RulePairs = Object.freeze([]);

export function hasRule(pairs: RulePairs, word: number, mask: number): boolean {
  for (let at = 0; at < pairs.length; at += 2) {
    if (pairs[at] === word) return (pairs[at + 1]! & mask) !== 0;
  }
  return false;
}

/** What the words hold, which are empty then. */
export function takePairs(words: number[]): RulePairs {
  let pairs: number[] | undefined;
  for (let word = 0; word < words.length; word++) {
    const bits = words[word]!;
    if (bits === 0) continue;
    words[word] = 0;
    if (pairs === undefined) pairs = [word, bits];
    else pairs.push(word, bits);
  }
  return pairs ?? NO_PAIRS;
}

/** Whether one of the pairs' rules is among these, by word. */
export function meets(pairs: RulePairs, rules: Int32Array): boolean {
  for (let at = 0; at < pairs.length; at += 2) {
    if ((rules[pairs[at]!]! & pairs[at + 1]!) !== 0) return true;
  }
  return false;
}

/** The pairs without these rules. */
export function takeOut(pairs: RulePairs, rules: Int32Array): RulePairs {
  const left: number[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const bits = pairs[at + 1]! & ~rules[pairs[at]!]!;
    if (bits !== 0) left.push(pairs[at]!, bits);
  }
  return left;
}
