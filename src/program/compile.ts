// Compiles a checked rule set into the program that the machine runs.

import { PHASES, type Phase } from '../model/phase.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { createPipelineTree, pipelineStages } from './pipeline.ts';
import type { Instruction, Program } from './program.ts';

export function compileProgram(ruleset: Ruleset): Program {
  const tree = createPipelineTree();
  const compilePhase = (phase: Phase): readonly Instruction[] =>
    ruleset.phases[phase].map((rule) => ({
      rule,
      links: rule.links.map((source) => {
        const pipeline = tree.intern(source.transformations);
        return {
          source,
          pipeline,
          stages: source.multiMatch ? pipelineStages(pipeline) : undefined,
        };
      }),
    }));
  const phases = Object.fromEntries(
    PHASES.map((phase): [Phase, readonly Instruction[]] => [
      phase,
      Object.freeze(compilePhase(phase)),
    ]),
  ) as Record<Phase, readonly Instruction[]>;
  return Object.freeze({
    settings: ruleset.settings,
    rules: ruleset.rules,
    phases: Object.freeze(phases),
    pipelineCount: tree.size(),
    ruleset,
  });
}
