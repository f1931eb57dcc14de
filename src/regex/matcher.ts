// Patterns to matchers: which engine runs which pattern.
//
// Regular patterns, all of CRS among them, are run by automata: linear in the subject, in every path,
// decisions and captures alike. Other patterns go to V8 where the translation is exact and the
// worst case of backtracking is known to be small for the length of the subject, and to PCRE2 under
// its budget otherwise.
//
// Compiling parses and chooses. Automata, V8 expressions and PCRE2 code are built at first use, except
// that a pattern left to PCRE2 is compiled at once, because only PCRE2 can tell whether it is valid.

import type { Matcher, MatcherResult, PatternOptions } from '../model/operator.ts';
import { MatchLimitError, OperatorArgumentError } from '../model/operator.ts';
import type { Node, Pattern } from './ast.ts';
import { BacktrackingMatcher } from './backtracking.ts';
import { sizeOf } from './byte-set.ts';
import { CaptureAutomaton } from './captures.ts';
import { DecisionAutomaton } from './decision.ts';
import type { Dialect } from './dialect.ts';
import { dialectFlags } from './dialect.ts';
import type { LiteralSet } from './literals.ts';
import { requiredLiterals } from './literals.ts';
import { parsePattern } from './parse.ts';
import type { Pcre2, Pcre2Pattern } from './pcre2.ts';
import type { Program } from './program.ts';
import { buildProgram, fitsAlphabet, isRegular, MAX_PROGRAM_SIZE, programSize } from './program.ts';
import { simplify } from './simplify.ts';
import { translate } from './translate.ts';
import { isAnchored, minWidth } from './width.ts';
import { v8SubjectLimit } from './work.ts';

export interface CompileOptions extends PatternOptions {
  /** Default: modsecurity-2. */
  readonly dialect?: Dialect;
  /** Called at most once per pattern that needs it. Without it such patterns are refused. */
  readonly pcre2?: () => Pcre2;
}

export interface CompiledPattern extends Matcher {
  readonly source: string;
  /**
   * What every matching subject contains, case-folded, or undefined when nothing is known. Computed
   * anew at each call.
   */
  readonly requiredLiterals: () => LiteralSet | undefined;
  /** One line for the load report: the engine, why, and what it holds at the moment. */
  readonly describe: () => string;
  /** Gives back what was built; it is built again when needed. */
  readonly free: () => void;
}

/**
 * Throws `OperatorArgumentError`: `invalid-regex` with the offset, `regex-unsupported` for Unicode
 * modes, `regex-needs-pcre2` when only PCRE2 can run the pattern and there is none.
 */
export function compilePattern(source: string, options: CompileOptions = {}): CompiledPattern {
  const pattern = parsePattern(source, dialectFlags(options.dialect ?? 'modsecurity-2', options));
  const simple = pattern.plain || pattern.foreign.length > 0;
  const root = simple ? pattern.root : simplify(pattern.root);
  const obstacle = automatonObstacle(pattern, root);
  if (obstacle === undefined) return new AutomatonMatcher(pattern, root);
  return compileBacktracking(pattern, root, obstacle, options.pcre2);
}

/** Why automata cannot run the pattern, or undefined when they can. */
function automatonObstacle(pattern: Pattern, root: Node): string | undefined {
  if (pattern.foreign.length > 0) return pattern.foreign[0];
  if (!pattern.plain) {
    if (!isRegular(root)) return firstIrregular(root);
    if (!fitsAlphabet(root)) return 'too many lookarounds';
  }
  if (programSize(root, true) > MAX_PROGRAM_SIZE) return 'counted repeats make it too large';
  return undefined;
}

function firstIrregular(node: Node): string | undefined {
  switch (node.kind) {
    case 'sequence':
    case 'choice': {
      const children = node.kind === 'sequence' ? node.items : node.options;
      for (const child of children) {
        const found = firstIrregular(child);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case 'group':
      return firstIrregular(node.body);
    case 'repeat':
      return node.mode === 'possessive' ? 'a possessive quantifier' : firstIrregular(node.body);
    case 'look':
      return isRegular(node) ? undefined : `a look${node.behind ? 'behind' : 'ahead'}`;
    case 'atomic':
      return 'an atomic group';
    case 'backreference':
      return 'a backreference';
    case 'set':
    case 'assert':
    case 'foreign':
      return undefined;
  }
}

class AutomatonMatcher implements CompiledPattern {
  readonly engine = 'dfa' as const;
  readonly reason = 'regular';
  readonly source: string;
  readonly groupCount: number;
  private readonly root: Node;
  private readonly minBytes: number;
  private program: Program | undefined;
  private decision: DecisionAutomaton | undefined;
  private captures: CaptureAutomaton | undefined;

  constructor(pattern: Pattern, root: Node) {
    this.source = pattern.source;
    this.groupCount = pattern.groupCount;
    this.root = root;
    this.minBytes = minWidth(root);
  }

  readonly test = (subject: string): boolean => {
    if (subject.length < this.minBytes) return false;
    return (this.decision ?? this.buildDecision()).test(subject);
  };

  readonly exec = (subject: string, from = 0): MatcherResult | null => {
    if (from > subject.length) return null;
    if (!(this.decision ?? this.buildDecision()).test(subject, from)) return null;
    return (this.captures ?? this.buildCaptures()).exec(subject, from);
  };

  readonly requiredLiterals = (): LiteralSet | undefined => requiredLiterals(this.root);

  readonly describe = (): string => {
    const { decision, captures } = this;
    const held = decision === undefined ? 'not built yet' : `${decision.stateCount} states`;
    const flushes = (decision?.flushes ?? 0) + (captures?.flushes ?? 0);
    return `dfa: ${this.reason}, ${held}${flushes > 0 ? `, flushed ${flushes} times` : ''}`;
  };

  readonly free = (): void => {
    this.program = undefined;
    this.decision = undefined;
    this.captures = undefined;
  };

  private buildDecision(): DecisionAutomaton {
    this.program ??= buildProgram(this.root, false);
    this.decision = new DecisionAutomaton(this.program);
    return this.decision;
  }

  private buildCaptures(): CaptureAutomaton {
    this.program ??= buildProgram(this.root, false);
    const program = buildProgram(this.root, true, this.program.alphabet);
    this.captures = new CaptureAutomaton(program, this.groupCount);
    return this.captures;
  }
}

function compileBacktracking(
  pattern: Pattern,
  root: Node,
  obstacle: string,
  pcre2: (() => Pcre2) | undefined,
): CompiledPattern {
  const translated = translate(root, pattern.groupCount);
  const sticky = beginsWithAnything(root);
  const limit =
    translated.kind === 'translated' ? v8SubjectLimit(root, sticky || isAnchored(root)) : 0;
  const needs = limit < Infinity;
  if (needs && pcre2 === undefined) {
    throw new OperatorArgumentError(
      `Regular expression: it has ${obstacle}, which needs PCRE2, and PCRE2 is not there`,
      { code: 'regex-needs-pcre2', help: `write the pattern without ${obstacle}` },
    );
  }
  if (translated.kind === 'refused') {
    return new BudgetedMatcher(pattern, root, `${obstacle}; in V8: ${translated.reason}`, pcre2!());
  }
  const { translation } = translated;
  if (limit < MIN_V8_BYTES) {
    return new BudgetedMatcher(pattern, root, `${obstacle}; V8 could backtrack long`, pcre2!());
  }
  const v8 = new BacktrackingMatcher(translation, sticky);
  return new SplitMatcher(pattern, root, obstacle, v8, limit, pcre2);
}

/** V8 for fewer bytes than this is not worth a second engine. */
const MIN_V8_BYTES = 32;

/** `.*` in front, with DOTALL: if anything matches, a match starts where the search does. */
function beginsWithAnything(root: Node): boolean {
  const first = root.kind === 'sequence' ? root.items[0] : root;
  if (first?.kind !== 'repeat' || first.min !== 0 || first.max !== Infinity) return false;
  return first.mode !== 'possessive' && first.body.kind === 'set' && sizeOf(first.body.set) === 256;
}

/** V8 up to a length, PCRE2 above it. */
class SplitMatcher implements CompiledPattern {
  readonly engine = 'v8' as const;
  readonly reason: string;
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
    obstacle: string,
    v8: BacktrackingMatcher,
    limit: number,
    pcre2: (() => Pcre2) | undefined,
  ) {
    this.pattern = pattern;
    this.source = pattern.source;
    this.groupCount = pattern.groupCount;
    this.root = root;
    this.v8 = v8;
    this.limit = limit;
    this.pcre2 = pcre2;
    this.reason =
      limit === Infinity ? `${obstacle}, linear` : `${obstacle}, pcre2 above ${limit} bytes`;
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

class BudgetedMatcher implements CompiledPattern {
  readonly engine = 'pcre2' as const;
  readonly reason: string;
  readonly source: string;
  readonly groupCount: number;
  private readonly root: Node;
  private readonly foreign: boolean;
  private readonly compiled: Pcre2Pattern;

  constructor(pattern: Pattern, root: Node, reason: string, pcre2: Pcre2) {
    this.source = pattern.source;
    this.groupCount = pattern.groupCount;
    this.root = root;
    this.foreign = pattern.foreign.length > 0;
    this.reason = reason;
    this.compiled = compileBudgeted(pattern, pcre2);
  }

  readonly test = (subject: string): boolean => this.compiled.exec(subject) !== null;

  readonly exec = (subject: string, from = 0): MatcherResult | null =>
    from > subject.length ? null : this.compiled.exec(subject, from);

  /** Verbs can end a match early and conditions can skip parts, so foreign syntax promises nothing. */
  readonly requiredLiterals = (): LiteralSet | undefined =>
    this.foreign ? undefined : requiredLiterals(this.root);

  readonly describe = (): string => `pcre2: ${this.reason}`;

  readonly free = (): void => this.compiled.free();
}
