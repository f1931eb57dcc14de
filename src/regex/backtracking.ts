// V8 as the engine of patterns that no automaton runs, where its worst case is known to be small.

import type { MatcherResult } from '../model/operator.ts';
import { MatchLimitError } from '../model/operator.ts';
import type { Translation } from './translate.ts';

export class BacktrackingMatcher {
  private readonly translation: Translation;
  /** The pattern begins with a loop over all bytes: a match starts right away or nowhere. */
  private readonly sticky: boolean;
  private expression: RegExp | undefined;

  constructor(translation: Translation, sticky: boolean) {
    this.translation = translation;
    this.sticky = sticky;
  }

  exec(subject: string, from: number): MatcherResult | null {
    const found = this.run(subject, from);
    if (found === null) return null;
    const groups = this.translation.groups.map((group) => found[group]);
    return { index: found.index, end: found.index + found[0].length, groups };
  }

  test(subject: string): boolean {
    return this.run(subject, 0) !== null;
  }

  private run(subject: string, from: number): RegExpExecArray | null {
    try {
      this.expression ??= new RegExp(this.translation.source, this.sticky ? 'y' : 'g');
      this.expression.lastIndex = from;
      return this.expression.exec(subject);
    } catch (error) {
      // V8 throws when its code or its backtrack stack would be too large.
      const reason = error instanceof Error ? error.message : String(error);
      throw new MatchLimitError(`V8 gave up: ${reason}`);
    }
  }
}
