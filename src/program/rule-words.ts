// A set of rules of a phase as words of bits, and which of the words are worth a look.

export interface RuleWords {
  /** Words of the phase's rules, the first at 0. */
  readonly rules: Int32Array;
  /** Those that hold a rule; mostly few. */
  readonly words: readonly number[];
}

export function ruleWords(rules: Int32Array): RuleWords {
  const words: number[] = [];
  rules.forEach((bits, word) => {
    if (bits !== 0) words.push(word);
  });
  return { rules, words };
}
