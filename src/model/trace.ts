// What can be told of rules while they run: for debug logs and for people who ask why a rule matched.
//
// The engine asks for a trace once per transaction. Without one it tells nothing and builds nothing.

import type { Phase } from './phase.ts';
import type { EngineMode } from './settings.ts';
import type { RuleMatch } from './verdict.ts';
import type { TransactionView } from './view.ts';

/** One condition of a rule, about to be tested. */
export interface TracedLink {
  /** Id of the rule, which is that of a chain's starter. */
  readonly ruleId: number;
  /** Place in the chain; 0 for the starter. */
  readonly at: number;
  /** Undefined: SecAction. */
  readonly operator: string | undefined;
  readonly negated: boolean;
  /** With its macros expanded, and as written. */
  readonly argument: string;
  readonly writtenArgument: string;
  /** `ARGS|REQUEST_HEADERS:Host`. */
  readonly targets: string;
  /** Prefix -> URI, of `xmlns`. */
  readonly namespaces: ReadonlyMap<string, string>;
}

/** A rule that was not run. */
export interface TracedRule {
  readonly ruleId: number;
  readonly file: string;
  readonly line: number;
  /** False for SecAction. */
  readonly hasOperator: boolean;
}

/** Why a rule was not run. */
export type SkipReason =
  | 'skip'
  | 'skip-after'
  | 'allow'
  | 'removed-by-id'
  | 'removed-by-tag'
  | 'removed-by-msg'
  /** By a directive, so that it is not there at all. */
  | 'not-loaded-by-id'
  | 'not-loaded-by-tag'
  | 'not-loaded-by-msg';

export interface Trace {
  phaseBegins(phase: Phase, ruleCount: number): void;
  phaseEnds(phase: Phase): void;
  /** SecRuleEngine is Off: no phase will run. */
  engineIsOff(): void;
  ruleSkipped(rule: TracedRule, reason: SkipReason): void;
  linkBegins(link: TracedLink): void;
  /** One step of the pipeline, for the value that is tested next. */
  transformed(at: number, transformation: string, value: string): void;
  /** Before the operator is asked; `variable` is the full name. */
  testing(variable: string, value: string): void;
  /** What the operator said, negation included. */
  tested(matched: boolean): void;
  captured(slot: number, value: string, operator: string): void;
  /** A non-disruptive action runs. */
  effect(action: string): void;
  /** Undefined: removed. */
  variableSet(collection: string, key: string, value: string | undefined): void;
  environmentSet(key: string, value: string | undefined): void;
  ruleEngineSet(mode: EngineMode): void;
  requestBodyAccessSet(on: boolean): void;
  /** An operator or a Lua script said something. */
  told?(level: number, text: string): void;
  linkEnds(matched: boolean, isLast: boolean): void;
  /** The rule has matched as a whole; `action` is the disruptive action it names. */
  ruleMatched(match: RuleMatch, action: string): void;
}

/** Called when a transaction begins; undefined: nobody wants to know. */
export type TraceFactory = (transaction: TransactionView) => Trace | undefined;
