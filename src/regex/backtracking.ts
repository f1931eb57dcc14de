// V8 as the engine of patterns that no automaton runs, where its worst case is known to be small.

import type { MatcherResult } from '../model/operator.ts';
import { MatchLimitError } from '../model/operator.ts';
import type { GroupSpans } from './group-spans.ts';
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

  locate(subject: string, from: number): GroupSpans | null {
    const found = this.run(subject, from, 'd');
    if (found === null) return null;
    return this.translation.groups.map((group) => {
      const range = found.indices?.[group];
      return range && [range[0], range[1] - range[0]];
    });
  }

  test(subject: string): boolean {
    return this.run(subject, 0) !== null;
  }

  /** Indices cost V8 more, so the expression that tells them is another one. */
  private run(subject: string, from: number, indices: '' | 'd' = ''): RegExpExecArray | null {
    try {
      const expression = indices === 'd' ? this.build('d') : this.plain();
      expression.lastIndex = from;
      return expression.exec(subject);
    } catch (error) {
      // V8 throws when its code or its backtrack stack would be too large.
      const reason = error instanceof Error ? error.message : String(error);
      throw new MatchLimitError(`V8 gave up: ${reason}`);
    }
  }

  private plain(): RegExp {
    this.expression ??= this.build('');
    return this.expression;
  }

  private build(indices: '' | 'd'): RegExp {
    return new RegExp(this.translation.source, `${this.sticky ? 'y' : 'g'}${indices}`);
  }
}
