// The matcher of regular patterns: a decision automaton, and one for captures once they are asked for.

import type { MatcherResult } from '../model/operator.ts';
import type { Node, Pattern } from './ast.ts';
import { CaptureAutomaton } from './captures.ts';
import type { CompiledPattern } from './compiled-pattern.ts';
import { DecisionAutomaton } from './decision.ts';
import { type GroupSpans, spansOfSlots } from './group-spans.ts';
import type { LiteralSet } from './literals.ts';
import { requiredLiterals } from './literals.ts';
import { buildProgram } from './program.ts';
import { minWidth } from './width.ts';

export class AutomatonMatcher implements CompiledPattern {
  readonly engine = 'dfa' as const;
  readonly reason = 'regular';
  readonly source: string;
  readonly groupCount: number;
  private readonly root: Node;
  private readonly minBytes: number;
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
    return (this.captures ?? this.buildCaptures()).exec(subject, from);
  };

  readonly locate = (subject: string, from = 0): GroupSpans | null => {
    if (from > subject.length) return null;
    const slots = (this.captures ?? this.buildCaptures()).slots(subject, from);
    return slots && spansOfSlots(slots);
  };

  readonly requiredLiterals = (): LiteralSet | undefined => requiredLiterals(this.root);

  readonly describe = (): string => {
    const { decision, captures } = this;
    const held = decision === undefined ? 'not built yet' : `${decision.stateCount} states`;
    const flushes = (decision?.flushes ?? 0) + (captures?.flushes ?? 0);
    return `dfa: ${this.reason}, ${held}${flushes > 0 ? `, flushed ${flushes} times` : ''}`;
  };

  readonly free = (): void => {
    this.decision = undefined;
    this.captures = undefined;
  };

  private buildDecision(): DecisionAutomaton {
    this.decision = new DecisionAutomaton(buildProgram(this.root, false));
    return this.decision;
  }

  private buildCaptures(): CaptureAutomaton {
    const decision = this.decision ?? this.buildDecision();
    const program = buildProgram(this.root, true, decision.alphabet);
    this.captures = new CaptureAutomaton(program, decision, this.groupCount);
    return this.captures;
  }
}
