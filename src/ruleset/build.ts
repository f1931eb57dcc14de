// Rules under construction: drafts with their conditions, still open to updates and removals.

import type { Span } from '../diagnostics/span.ts';
import type { RuleDraft } from '../model/action.ts';
import type { TargetExclusion } from '../model/control.ts';
import type { RuleOperator, Target } from './ruleset.ts';

/** One condition and its actions. */
export interface LinkBuild {
  readonly span: Span;
  targets: Target[];
  exclusions: TargetExclusion[];
  readonly operator: RuleOperator | undefined;
  readonly draft: RuleDraft;
}

/** What SecDefaultAction said for a phase when the rule was read. */
export interface DefaultActions {
  readonly phase: number;
  readonly draft: RuleDraft;
}

/** A rule or chain; `links[0]` is the starter. */
export interface RuleBuild {
  readonly kind: 'rule';
  /** SecRuleUpdateActionById changes it where the engine lets it. */
  id: number;
  readonly phase: number;
  defaults: DefaultActions | undefined;
  readonly links: LinkBuild[];
  removed: boolean;
  /** The directive that did it. */
  removedBy?: 'id' | 'tag' | 'msg';
}

export interface MarkerBuild {
  readonly kind: 'marker';
  readonly name: string;
}

export type Item = RuleBuild | MarkerBuild;
