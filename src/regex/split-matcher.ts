// The matcher of patterns that V8 runs up to a length at which its worst case is still small.

import type { MatcherResult, PatternObstacle } from '../model/operator.ts';
import { MatchLimitError, OperatorArgumentError } from '../model/operator.ts';
import type { Node, Pattern } from './ast.ts';
import type { BacktrackingMatcher } from './backtracking.ts';
import type { CompiledPattern } from './compiled-pattern.ts';
import type { GroupSpans } from './group-spans.ts';
import type { LiteralSet } from './literals.ts';
import { requiredLiterals } from './literals.ts';
import type { Pcre2, Pcre2Pattern } from './pcre2.ts';

/** V8 up to a length, PCRE2 above it. */
export class SplitMatcher implements CompiledPattern {
  readonly engine = 'v8' as const;
  readonly reason: string;
  readonly obstacle: PatternObstacle | undefined;
  readonly source: string;
  readonly groupCount: number;
  private readonly pattern: Pattern;
  private readonly root: Node;
  private readonly v8: BacktrackingMatcher;
  private readonly limit: number;
  private readonly pcre2: (() => Pcre2) | undefined;
  private compiled: Pcre2Pattern | undefined;

  constructor(
    pattern: Pattern,
    root: Node,
    obstacle: PatternObstacle,
    v8: BacktrackingMatcher,
    pcre2: (() => Pcre2) | undefined,
  ) {
    this.pattern = pattern;
    this.source = pattern.source;
    this.groupCount = pattern.groupCount;
    this.root = root;
    this.v8 = v8;
    this.pcre2 = pcre2;
    const { what, safeBytes } = obstacle;
    this.limit = safeBytes;
    const linear = safeBytes === Infinity;
    this.obstacle = linear ? undefined : obstacle;
    this.reason = linear ? `${what}, linear` : `${what}, pcre2 above ${safeBytes} bytes`;
  }

  readonly test = (subject: string): boolean => {
    if (subject.length <= this.limit) return this.v8.test(subject);
    return this.budgeted().exec(subject) !== null;
  };

  readonly exec = (subject: string, from = 0): MatcherResult | null => {
    if (from > subject.length) return null;
    if (subject.length <= this.limit) return this.v8.exec(subject, from);
    return this.budgeted().exec(subject, from);
  };

  readonly locate = (subject: string, from = 0): GroupSpans | null => {
    if (from > subject.length) return null;
    if (subject.length <= this.limit) return this.v8.locate(subject, from);
    return this.budgeted().locate(subject, from);
  };

  readonly requiredLiterals = (): LiteralSet | undefined => requiredLiterals(this.root);

  readonly describe = (): string => `v8: ${this.reason}`;

  readonly free = (): void => {
    this.compiled?.free();
    this.compiled = undefined;
  };

  private budgeted(): Pcre2Pattern {
    try {
      this.compiled ??= this.pcre2!().compile(this.pattern);
    } catch (error) {
      // V8 has accepted the pattern, but PCRE2 has limits of its own.
      if (error instanceof OperatorArgumentError) throw new MatchLimitError(error.message);
      throw error;
    }
    return this.compiled;
  }
}
