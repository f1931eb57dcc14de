// Compiles a checked rule set into the program that the machine runs.

import { PHASES, type Phase } from '../model/phase.ts';
import type { Rule, Ruleset } from '../ruleset/ruleset.ts';
import { createGroupBuilder } from './groups.ts';
import { createLiteralFilterBuilder, worthwhileLiterals } from './literal-filter.ts';
import { createPipelineTree, type PipelineTree, pipelineStages } from './pipeline.ts';
import type { Instruction, LiteralFilter, Program, ProgramLink } from './program.ts';
import { createRuleSelections } from './selections.ts';
import { changesArguments, hasStableTargets } from './stability.ts';

export interface CompileOptions {
  /** False runs every rule on every value, as the reference does: for comparison. Default true. */
  readonly filters?: boolean;
}

interface CompiledPhase {
  readonly instructions: readonly Instruction[];
  readonly groups: number;
  readonly filter: LiteralFilter | undefined;
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

  function compilePhase(phase: Phase): CompiledPhase {
    const groups = createGroupBuilder();
    const filters = createLiteralFilterBuilder();
    const instructions = ruleset.phases[phase].map((rule): Instruction => {
      const links = compileLinks(rule, tree);
      const starter = links[0] as ProgramLink;
      if (options.filters === false || !hasStableTargets(starter.source, argumentsChange)) {
        return { rule, links, group: undefined, filter: -1 };
      }
      const requirement = worthwhileLiterals(starter.source);
      const filter = requirement === undefined ? -1 : filters.add(requirement);
      return { rule, links, group: groups.groupOf(starter, filter >= 0), filter };
    });
    return {
      instructions: Object.freeze(instructions),
      groups: groups.count(),
      filter: filters.build(),
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
    filters: Object.freeze(each(({ filter }) => filter)),
    pipelineCount: tree.size(),
    selections: createRuleSelections(ruleset.rules),
    ruleset,
  });
}
