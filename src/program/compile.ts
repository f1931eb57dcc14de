// Compiles a checked rule set into the program that the machine runs.

import { PHASES, type Phase } from '../model/phase.ts';
import type { Rule, RuleLink, Ruleset } from '../ruleset/ruleset.ts';
import { createGroupBuilder } from './groups.ts';
import { createPipelineTree, type PipelineTree, pipelineStages } from './pipeline.ts';
import type { Instruction, Probe, Program, ProgramLink, ValueFilter } from './program.ts';
import { createRuleSelections } from './selections.ts';
import { createShortcuts } from './shortcuts.ts';
import { changesArguments, hasStableTargets } from './stability.ts';
import { buildValueFilter } from './value-filter.ts';

export interface CompileOptions {
  /** False runs every rule on every value, as the reference does: for comparison. Default true. */
  readonly filters?: boolean;
}

interface CompiledPhase {
  readonly instructions: readonly Instruction[];
  readonly groups: number;
  readonly sources: number;
  readonly filter: ValueFilter | undefined;
}

/** A negated operator that finds something does not match, but its captures are stored. */
function isPure({ operator, capture }: RuleLink): boolean {
  if (operator === undefined || operator.macro !== undefined) return false;
  return operator.compiled.isPure === true && !(operator.negated && capture);
}

/** For a starter with one target that has at most one value, as it came. */
function probeOf({ source, pipeline, stages }: ProgramLink): Probe | undefined {
  const { operator, targets, exclusions } = source;
  const target = targets[0];
  if (operator === undefined || target === undefined || targets.length > 1) return undefined;
  if (exclusions.length > 0 || target.exclusions !== undefined) return undefined;
  if (stages !== undefined || pipeline.parent !== undefined || !isPure(source)) return undefined;
  const { variable, selector, count } = target;
  const isSole =
    variable.kind === 'scalar'
      ? !count
      : variable.kind === 'collection' &&
        selector?.kind === 'literal' &&
        (count || variable.find !== undefined);
  return isSole ? { target, operator } : undefined;
}

function compileLinks(rule: Rule, tree: PipelineTree): readonly ProgramLink[] {
  return rule.links.map((source) => {
    const pipeline = tree.intern(source.transformations);
    const stages = source.multiMatch ? pipelineStages(pipeline) : undefined;
    return { source, pipeline, stages };
  });
}

export function compileProgram(ruleset: Ruleset, options: CompileOptions = {}): Program {
  const tree = createPipelineTree();
  const argumentsChange = changesArguments(ruleset);
  const filters = options.filters ?? true;

  function compilePhase(phase: Phase): CompiledPhase {
    const groups = createGroupBuilder();
    const grouped: RuleLink[] = [];
    const instructions = ruleset.phases[phase].map((rule): Instruction => {
      const links = compileLinks(rule, tree);
      const starter = links[0] as ProgramLink;
      if (!filters || !hasStableTargets(starter.source, argumentsChange)) {
        const probe = filters ? probeOf(starter) : undefined;
        return { rule, links, group: undefined, bit: -1, isPure: false, probe };
      }
      const bit = grouped.push(starter.source) - 1;
      const group = groups.groupOf(starter);
      return { rule, links, group, bit, isPure: isPure(starter.source), probe: undefined };
    });
    return {
      instructions: Object.freeze(instructions),
      groups: groups.groupCount(),
      sources: groups.sourceCount(),
      filter: buildValueFilter(grouped),
    };
  }

  const compiled = new Map(PHASES.map((phase) => [phase, compilePhase(phase)]));
  const each = <T>(pick: (phase: CompiledPhase) => T): Record<Phase, T> =>
    Object.fromEntries(
      PHASES.map((phase) => [phase, pick(compiled.get(phase) as CompiledPhase)]),
    ) as Record<Phase, T>;
  return Object.freeze({
    settings: ruleset.settings,
    rules: ruleset.rules,
    phases: Object.freeze(each(({ instructions }) => instructions)),
    groupCounts: Object.freeze(each(({ groups }) => groups)),
    sourceCounts: Object.freeze(each(({ sources }) => sources)),
    filters: Object.freeze(each(({ filter }) => filter)),
    shortcuts: createShortcuts(tree.nodes()),
    selections: createRuleSelections(ruleset.rules),
    ruleset,
  });
}
