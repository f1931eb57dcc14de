// The compiled rule set: what the machine walks. Immutable, shared between sites and transactions.
//
// Transformation pipelines are interned as paths in one tree, so that `t:lowercase` after
// `t:urlDecodeUni` is computed once for a value however many rules ask for it.

import type { Phase } from '../model/phase.ts';
import type { Settings } from '../model/settings.ts';
import type { Transformation } from '../model/transformation.ts';
import type { Rule, RuleLink, Ruleset } from '../ruleset/ruleset.ts';

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

export interface Instruction {
  readonly rule: Rule;
  readonly links: readonly ProgramLink[];
}

export interface Program {
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  readonly phases: Readonly<Record<Phase, readonly Instruction[]>>;
  readonly pipelineCount: number;
  readonly ruleset: Ruleset;
}
