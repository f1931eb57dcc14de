// The checked rule set: names resolved, defaults merged, chains linked, exclusions applied. Immutable.
//
// Everything that can go wrong with rules has gone wrong before this exists; the program and the
// reference interpreter both start from here.

import type { Span } from '../diagnostics/span.ts';
import type { XPath } from '../http/xpath.ts';
import type { Macro, RuleEffect } from '../model/action.ts';
import type { TargetExclusion } from '../model/control.ts';
import type { Memo } from '../model/memo.ts';
import type { CompiledOperator, OperatorDefinition } from '../model/operator.ts';
import type { Phase } from '../model/phase.ts';
import type { Settings } from '../model/settings.ts';
import type { Transformation } from '../model/transformation.ts';
import type { VariableDefinition } from '../model/variable.ts';
import type { RuleFacts, RuleTest } from '../model/verdict.ts';
import type { OperatorData } from './operator-data.ts';

export type TargetSelector =
  /** `key` is lower case. */
  | { readonly kind: 'literal'; readonly key: string; readonly written: string }
  | { readonly kind: 'regex'; readonly matches: (key: string) => boolean; readonly written: string }
  /** `key` leads to the compiled form: the same text means other things under other namespaces. */
  | { readonly kind: 'xpath'; readonly expression: string; readonly key: string };

export interface Target {
  readonly variable: VariableDefinition;
  readonly count: boolean;
  /** The variable's name as the rule spells it. */
  readonly written: string;
  /** Exclusions for this target alone, where their place in the list matters. */
  readonly exclusions?: readonly TargetExclusion[];
  readonly selector: TargetSelector | undefined;
}

export interface RuleOperator {
  readonly definition: OperatorDefinition;
  readonly negated: boolean;
  /** As written, before macro expansion. */
  readonly argument: string;
  readonly macro: Macro | undefined;
  readonly compiled: CompiledOperator;
}

/** One condition of a rule: the starter's own, or a chained one. */
export interface RuleLink {
  readonly targets: readonly Target[];
  readonly exclusions: readonly TargetExclusion[];
  /** Undefined for SecAction: it always matches. */
  readonly operator: RuleOperator | undefined;
  readonly transformations: readonly Transformation[];
  /** Their names as the rule spells them, for logs. */
  readonly writtenTransformations: readonly string[];
  readonly multiMatch: boolean;
  readonly capture: boolean;
  readonly effects: readonly RuleEffect[];
  /** What matches say of the condition, where it is the same in all of them: without macros. */
  readonly test: RuleTest | undefined;
  readonly xmlns: ReadonlyMap<string, string>;
  readonly span: Span;
}

export type ResolvedDisruptive =
  | { readonly kind: 'pass' }
  /** Ends the rules of the phase, and nothing else. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'allow'; readonly scope: 'phase' | 'request' | 'transaction' }
  | { readonly kind: 'deny' | 'drop'; readonly status: number }
  | { readonly kind: 'redirect' | 'proxy'; readonly status: number; readonly url: Macro };

export interface Rule {
  /** Place among all rules, in load order. */
  readonly index: number;
  readonly facts: RuleFacts;
  readonly phase: Phase;
  readonly msg: Macro | undefined;
  readonly logdata: Macro | undefined;
  readonly tags: readonly Macro[];
  /** The same as texts, where no macro is in them. */
  readonly plainTags: readonly string[] | undefined;
  readonly log: boolean;
  readonly auditlog: boolean;
  readonly disruptive: ResolvedDisruptive;
  readonly skip: number;
  /** Index of the first rule to go on with after a match; undefined without skipAfter, infinite for never. */
  readonly resumeAt: number | undefined;
  /** The starter's own condition first, then the chain. */
  readonly links: readonly RuleLink[];
}

/** What a later text finds taken, and what it can refer to. */
export interface Declared {
  /** Where each id was given. Removing a rule does not give its id back. */
  readonly ids: ReadonlyMap<number, Span>;
  readonly markers: ReadonlySet<string>;
  readonly operatorData: OperatorData;
  /** Where compiling finds again what it worked out before. */
  readonly memo: Memo;
}

/** A rule that a directive has taken out again: logs tell of it where it stood. */
export interface RemovedRule {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly hasOperator: boolean;
  readonly phase: Phase;
  readonly by: 'id' | 'tag' | 'msg';
  /** Index of the first rule behind it, of any phase. */
  readonly before: number;
}

export interface Ruleset {
  readonly settings: Settings;
  readonly declared: Declared;
  readonly rules: readonly Rule[];
  /** In load order. */
  readonly removed: readonly RemovedRule[];
  /** Rules of each phase, in load order. */
  readonly phases: Readonly<Record<Phase, readonly Rule[]>>;
  /** Every XPath that a target names, by key, compiled with the namespaces of its rule. */
  readonly xpaths: ReadonlyMap<string, XPath>;
}
