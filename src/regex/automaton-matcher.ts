// The matcher of regular patterns: a decision automaton, and, once captures are asked for, a search along the
// paths of the short part in which the match lies, or an automaton where that part is long.

import type { ByteClasses, ClassNeed } from '../base/class-need.ts';
import type { MatcherResult } from '../model/operator.ts';
import type { Node } from './ast.ts';
import { type ByteSet, keyOf } from './byte-set.ts';
import { CaptureAutomaton } from './captures.ts';
import type { CompiledPattern } from './compiled-pattern.ts';
import { DecisionAutomaton } from './decision.ts';
import { buildGappedSearch, type GappedSearch } from './gapped-search.ts';
import { type GroupSpans, resultOfSlots, spansOfSlots } from './group-spans.ts';
import type { LiteralSet } from './literals.ts';
import { requiredLiterals } from './literals.ts';
import { PathSearch } from './path-search.ts';
import { buildProgram, type Program } from './program.ts';
import { restricted } from './restrict.ts';
import { matchesWhole } from './whole.ts';
import { classNeed } from './within.ts';

/** A match in a longer part is left to the automaton, which reads it faster once it is built. */
const LONGEST_SEARCH = 2048;

/** Longer patterns are not looked at: whoever means the whole subject says so in a few bytes. */
const LONGEST_WHOLE = 16;

/** What has to be known of a pattern before it is run. */
export interface AutomatonFacts {
  readonly groupCount: number;
  /** As many groups each match has, counted up to the last. */
  readonly certainGroups: number;
  /** Shorter subjects do not match. */
  readonly minBytes: number;
}

/** Finds again what was made of the pattern and `more`, or makes it. */
export type AutomatonRecall = <T extends object | number | null>(
  kind: 'literals' | 'needs',
  more: string,
  make: () => T,
) => T;

/** More words than these are in most texts anyway, and take long to list. */
const FEW_WORDS = 256;

/** From so many bytes on a search for one or two texts pays. */
const SEARCH_WORTH = 1024;
const FEW_TEXTS = 2;

function searchOf(required: LiteralSet | undefined): GappedSearch | undefined {
  if (required === undefined || required.wholes.texts.length > FEW_TEXTS) return undefined;
  return buildGappedSearch(required.wholes.texts);
}

export class AutomatonMatcher implements CompiledPattern {
  readonly engine = 'dfa' as const;
  readonly reason = 'regular';
  readonly source: string;
  readonly groupCount: number;
  readonly certainGroups: number;
  private readonly root: () => Node;
  private readonly recall: AutomatonRecall;
  readonly minBytes: number;
  private isWhole: boolean | undefined;
  private wholeSlots: Int32Array | undefined;
  private decision: DecisionAutomaton | undefined;
  private captureProgram: Program | undefined;
  private paths: PathSearch | undefined;
  private captures: CaptureAutomaton | undefined;
  /** Null where no search is worth while. */
  private search: GappedSearch | null | undefined;

  constructor(
    source: string,
    { groupCount, certainGroups, minBytes }: AutomatonFacts,
    root: () => Node,
    recall: AutomatonRecall,
  ) {
    this.source = source;
    this.groupCount = groupCount;
    this.certainGroups = certainGroups;
    this.minBytes = minBytes;
    this.root = root;
    this.recall = recall;
  }

  readonly test = (subject: string): boolean => {
    if (subject.length < this.minBytes) return false;
    if (subject.length >= SEARCH_WORTH && !this.mayMatch(subject)) return false;
    return (this.decision ?? this.buildDecision()).test(subject);
  };

  readonly exec = (subject: string, from = 0): MatcherResult | null => {
    const slots = this.find(subject, from);
    return slots && resultOfSlots(subject, slots);
  };

  readonly locate = (subject: string, from = 0): GroupSpans | null => {
    const slots = this.find(subject, from);
    return slots && spansOfSlots(slots);
  };

  readonly requiredLiterals = (): LiteralSet | undefined =>
    this.recall('literals', '', () => requiredLiterals(this.root()) ?? null) ?? undefined;

  readonly requiredLiteralsOf = (bytes: ByteSet): LiteralSet | 'never' | undefined => {
    const found = this.recall('literals', keyOf(bytes), (): LiteralSet | 0 | null => {
      const left = restricted(this.root(), bytes);
      return left === undefined ? 0 : (requiredLiterals(left, FEW_WORDS) ?? null);
    });
    return found === 0 ? 'never' : (found ?? undefined);
  };

  readonly needs = (classes: ByteClasses): ClassNeed =>
    this.recall('needs', classes.key, () => classNeed(this.root(), classes));

  readonly describe = (): string => {
    const { decision, captures } = this;
    const held = decision === undefined ? 'not built yet' : `${decision.stateCount} states`;
    const flushes = (decision?.flushes ?? 0) + (captures?.flushes ?? 0);
    return `dfa: ${this.reason}, ${held}${flushes > 0 ? `, flushed ${flushes} times` : ''}`;
  };

  readonly free = (): void => {
    this.decision = undefined;
    this.search = undefined;
    this.captureProgram = undefined;
    this.paths = undefined;
    this.captures = undefined;
  };

  /** Texts that every match holds are found faster than matches. */
  private mayMatch(subject: string): boolean {
    if (this.search === undefined) this.search = searchOf(this.requiredLiterals()) ?? null;
    return this.search === null || this.search(subject);
  }

  /** Begin and end of each group; they hold until the next search. */
  private find(subject: string, from: number): Int32Array | null {
    if (from > subject.length || subject.length < this.minBytes) return null;
    this.isWhole ??= this.source.length <= LONGEST_WHOLE && matchesWhole(this.root());
    if (this.isWhole && from === 0) {
      this.wholeSlots ??= new Int32Array(2);
      this.wholeSlots[1] = subject.length;
      return this.wholeSlots;
    }
    // Whoever walks through all matches is served by what remembers how far it has read.
    if (from > 0) return (this.captures ?? this.buildCaptures()).slots(subject, from);
    const decision = this.decision ?? this.buildDecision();
    const range = decision.locate(subject);
    if (range === null) return null;
    const { low, end } = range;
    if (end - low <= LONGEST_SEARCH) {
      const found = (this.paths ?? this.buildPaths()).find(subject, low, end);
      if (found !== undefined) return found;
    }
    return (this.captures ?? this.buildCaptures()).slotsFrom(subject, low);
  }

  private buildDecision(): DecisionAutomaton {
    this.decision = new DecisionAutomaton(buildProgram(this.root(), false));
    return this.decision;
  }

  private programOfCaptures(decision: DecisionAutomaton): Program {
    this.captureProgram ??= buildProgram(this.root(), true, decision.alphabet);
    return this.captureProgram;
  }

  private buildPaths(): PathSearch {
    const decision = this.decision ?? this.buildDecision();
    this.paths = new PathSearch(this.programOfCaptures(decision), this.groupCount);
    return this.paths;
  }

  private buildCaptures(): CaptureAutomaton {
    const decision = this.decision ?? this.buildDecision();
    const program = this.programOfCaptures(decision);
    this.captures = new CaptureAutomaton(program, decision, this.groupCount);
    return this.captures;
  }
}
