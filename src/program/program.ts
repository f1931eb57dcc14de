// The compiled rule set: what the machine walks. Immutable, shared between sites and transactions.
//
// Transformation pipelines are interned as paths in one tree, so that `t:lowercase` after
// `t:urlDecodeUni` is computed once for a value however many rules ask for it.

import type { Phase } from '../model/phase.ts';
import type { Settings } from '../model/settings.ts';
import type { Transformation } from '../model/transformation.ts';
import type { Rule, RuleLink, RuleOperator, Ruleset, Target } from '../ruleset/ruleset.ts';
import type { ClosedUse } from './closed-rules.ts';
import type { ExpectedValue } from './expectation.ts';
import type { Fact } from './facts.ts';
import type { RuleSelections } from './selections.ts';
import type { Shortcut } from './shortcuts.ts';
import type { Tier } from './tiers.ts';

/** One step of a pipeline, reached from the raw value through its parents. The root has no parent. */
export interface PipelineNode {
  /** 0 for the root; dense. */
  readonly id: number;
  readonly parent: PipelineNode | undefined;
  readonly transformation: Transformation | undefined;
  /** The same for all nodes with this transformation; dense. 0 for the root. */
  readonly step: number;
  /** Byte classes (byte-classes.ts) without which the transformation leaves a value as it is. */
  readonly alters: number;
  /** Of those, the classes without which no more than the case of ASCII letters changes. */
  readonly altersMore: number;
  /** Classes that the step may bring in; -1 for any. */
  readonly adds: number;
  /** As `Transformation.mostBytes`, for this step alone. */
  readonly mostBytes: ((text: string, enough: number) => number) | undefined;
  /** As `Transformation.deletes`, of all steps; undefined where anything may happen. */
  readonly deletes: string | undefined;
  /** At most so many bytes come out of all steps for each that goes in; infinite where that is unknown. */
  readonly growth: number;
}

export interface ProgramLink {
  readonly source: RuleLink;
  /** The end of the link's pipeline. */
  readonly pipeline: PipelineNode;
  /** All stages from the root on, for multiMatch; undefined without it. */
  readonly stages: readonly PipelineNode[] | undefined;
  /** Of a closed rule: what it looks at beside TX. */
  readonly facts: readonly Fact[];
}

/** The values of one target, exclusions applied; what groups are made of. */
export interface ValueSource {
  /** Dense within the phases that share a filter. */
  readonly id: number;
  /** From this phase on the values stay what they are. */
  readonly finalFrom: Phase;
  /** True for values that rules may write while the phase runs: nothing is known of them beforehand. */
  readonly isPassing: boolean;
  /** That target alone, with the exclusions that reach it. */
  readonly link: Pick<RuleLink, 'targets' | 'exclusions'>;
  /** The same target of a collection without exclusions, where there are any. */
  readonly whole: ValueSource | undefined;
}

/**
 * Rules that look at the same values: the same targets, exclusions and pipeline. What is found out about the
 * values once holds for all of them.
 */
export interface TargetGroup {
  /** By target, in the order of the rules. */
  readonly sources: readonly ValueSource[];
  /** Those of them that are passing; mostly none. */
  readonly passing: readonly ValueSource[];
  /** The stages whose values are tested: the end of the pipeline, or all of them for multiMatch. */
  readonly stages: readonly PipelineNode[];
}

/** A starter that one look decides: it has one value at most. */
export interface Probe {
  readonly target: Target;
  readonly pipeline: PipelineNode;
  readonly operator: RuleOperator;
}

export interface Instruction {
  readonly rule: Rule;
  readonly links: readonly ProgramLink[];
  /** Undefined when the rule's values may change while the phase runs. */
  readonly group: TargetGroup | undefined;
  /** The rule's bit in the filter of its phase; -1 without a group. */
  readonly bit: number;
  /**
   * For a negated starter: the bit of its operator as if it were not negated, in the same filter. A value without it
   * is sure to be matched by the rule. -1 where there is none.
   */
  readonly denial: number;
  /** The rule's tier in its phase; -1 without a group. */
  readonly tier: number;
  /** True when a value that the starter did not match need not be tested by it again. */
  readonly isPure: boolean;
  /** Undefined where it takes more than a look. */
  readonly probe: Probe | undefined;
  /** Set for closed rules (closed-rules.ts). */
  readonly closed: ClosedUse | undefined;
}

/** Reads values for all grouped rules of a phase, and of those that see the same message, at once. */
export interface ValueFilter {
  /** Whose rules it is for: those of requests or those of responses. */
  readonly id: 0 | 1;
  /** Words of a set of rules. */
  readonly words: number;
  /** The rules that no literal is looked for. */
  readonly always: readonly number[];
  /** No rules at all. */
  readonly none: readonly number[];
  /** Adds the rules whose literals occur, in any case, to `found`, and returns the text's byte classes. */
  readonly read: (text: string, found: number[]) => number;
  /** The rules that may match a value of these classes, whatever it holds. */
  readonly possible: (classes: number) => readonly number[];
}

/** What is looked up about the grouped rules of one phase. */
export interface PhaseFilter {
  readonly filter: ValueFilter;
  /** The words of the filter that hold the phase's rules, and no others. */
  readonly fromWord: number;
  readonly words: number;
  /** All of them that have a tier. */
  readonly rules: readonly number[];
  readonly tiers: readonly Tier[];
  /** The first source of its tiers, and how many they have. */
  readonly firstSource: number;
  readonly sources: number;
  readonly places: Places;
}

/** What is different while a variable of TX has the value that it is expected to have. */
export interface QuietPlaces extends ExpectedValue {
  /** As `Places.nextOpen`, without those whose starter that value keeps from matching. */
  readonly nextOpen: Int32Array;
}

/** Where the instructions of a phase stand; each list is one longer than the phase, and its last entry is its end. */
export interface Places {
  /** By place: the first instruction there or behind of which values alone do not tell that it is hopeless. */
  readonly nextOpen: Int32Array;
  /** Undefined where no rule is expected to fail for what is in TX. */
  readonly quiet: QuietPlaces | undefined;
  /** By place: the bit of the first grouped instruction there or behind, of those of the phase. */
  readonly nextBit: Int32Array;
  /** By bit: the place of the instruction. */
  readonly ofBit: Int32Array;
}

export interface Program {
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  readonly phases: Readonly<Record<Phase, readonly Instruction[]>>;
  /** Undefined where no rule has a group. */
  readonly filters: Readonly<Record<Phase, PhaseFilter | undefined>>;
  /** How many sources the tiers of all phases have. */
  readonly sources: number;
  /** Which pipelines leave values of these byte classes as they are. */
  readonly shortcuts: (classes: number) => Shortcut;
  readonly selections: RuleSelections;
  readonly ruleset: Ruleset;
}
