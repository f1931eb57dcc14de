// The matcher of patterns that are left to PCRE2 and its budget.

import type { MatcherResult, PatternObstacle } from '../model/operator.ts';
import { MatchLimitError, OperatorArgumentError } from '../model/operator.ts';
import type { Node, Pattern } from './ast.ts';
import type { CompiledPattern } from './compiled-pattern.ts';
import type { GroupSpans } from './group-spans.ts';
import type { LiteralSet } from './literals.ts';
import { requiredLiterals } from './literals.ts';
import type { Pcre2, Pcre2Pattern } from './pcre2.ts';

/** Compiles now, so that what only PCRE2 finds wrong is reported at load. */
function compileBudgeted(pattern: Pattern, pcre2: Pcre2): Pcre2Pattern {
  try {
    return pcre2.compile(pattern);
  } catch (error) {
    if (!(error instanceof MatchLimitError)) throw error;
    throw new OperatorArgumentError('Regular expression: it is too large for PCRE2', {
      code: 'invalid-regex',
    });
  }
}

export class BudgetedMatcher implements CompiledPattern {
  readonly engine = 'pcre2' as const;
  readonly reason: string;
  readonly obstacle: PatternObstacle;
  readonly source: string;
  readonly groupCount: number;
  private readonly root: Node;
  private readonly foreign: boolean;
  private readonly compiled: Pcre2Pattern;

  constructor(pattern: Pattern, root: Node, obstacle: PatternObstacle, why: string, pcre2: Pcre2) {
    this.source = pattern.source;
    this.groupCount = pattern.groupCount;
    this.root = root;
    this.foreign = pattern.foreign.length > 0;
    this.obstacle = obstacle;
    this.reason = `${obstacle.what}; ${why}`;
    this.compiled = compileBudgeted(pattern, pcre2);
  }

  readonly test = (subject: string): boolean => this.compiled.exec(subject) !== null;

  readonly exec = (subject: string, from = 0): MatcherResult | null =>
    from > subject.length ? null : this.compiled.exec(subject, from);

  readonly locate = (subject: string, from = 0): GroupSpans | null =>
    from > subject.length ? null : this.compiled.locate(subject, from);

  /** Verbs can end a match early and conditions can skip parts, so foreign syntax promises nothing. */
  readonly requiredLiterals = (): LiteralSet | undefined =>
    this.foreign ? undefined : requiredLiterals(this.root);

  readonly describe = (): string => `pcre2: ${this.reason}`;

  readonly free = (): void => this.compiled.free();
}
