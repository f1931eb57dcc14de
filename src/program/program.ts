// The compiled rule set: what the machine walks. Immutable, shared between sites and transactions.
//
// Transformation pipelines are interned as paths in one tree, so that `t:lowercase` after
// `t:urlDecodeUni` is computed once for a value however many rules ask for it.

import type { Phase } from '../model/phase.ts';
import type { Settings } from '../model/settings.ts';
import type { Transformation } from '../model/transformation.ts';
import type { Rule, RuleLink, Ruleset } from '../ruleset/ruleset.ts';
import type { RuleSelections } from './selections.ts';

/** One step of a pipeline, reached from the raw value through its parents. The root has no parent. */
export interface PipelineNode {
  /** 0 for the root; dense. */
  readonly id: number;
  readonly parent: PipelineNode | undefined;
  readonly transformation: Transformation | undefined;
}

export interface ProgramLink {
  readonly source: RuleLink;
  /** The end of the link's pipeline. */
  readonly pipeline: PipelineNode;
  /** All stages from the root on, for multiMatch; undefined without it. */
  readonly stages: readonly PipelineNode[] | undefined;
}

/**
 * Rules that look at the same values: the same targets, exclusions and pipeline. What is found out about the
 * values once holds for all of them.
 */
export interface TargetGroup {
  /** Dense within the phase. */
  readonly id: number;
  /** Any of the links: they agree in targets and exclusions. */
  readonly link: RuleLink;
  /** The stages whose values are tested: the end of the pipeline, or all of them for multiMatch. */
  readonly stages: readonly PipelineNode[];
  /** False when no rule of the group can be told by literals. */
  readonly hasFilters: boolean;
}

export interface Instruction {
  readonly rule: Rule;
  readonly links: readonly ProgramLink[];
  /** Undefined when the rule's values may change while the phase runs. */
  readonly group: TargetGroup | undefined;
  /** The rule's bit in the phase's literal filter; -1 when it has to be run whenever there is a value. */
  readonly filter: number;
}

/** Looks for the literals of all rules of a phase at once. */
export interface LiteralFilter {
  /** Words of a bit set of rules. */
  readonly words: number;
  /** Sets the bit of every rule one of whose literals occurs in the value. */
  readonly mark: (value: string, bits: Int32Array) => void;
}

export interface Program {
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  readonly phases: Readonly<Record<Phase, readonly Instruction[]>>;
  readonly groupCounts: Readonly<Record<Phase, number>>;
  readonly filters: Readonly<Record<Phase, LiteralFilter | undefined>>;
  readonly pipelineCount: number;
  readonly selections: RuleSelections;
  readonly ruleset: Ruleset;
}
