// Compiles a checked rule set into the program that the machine runs.

import { PHASES, type Phase } from '../model/phase.ts';
import type { Rule, RuleLink, Ruleset } from '../ruleset/ruleset.ts';
import { type ClosedUse, closedUse } from './closed-rules.ts';
import { createExpectation, type ExpectedValue } from './expectation.ts';
import { type Fact, factOf } from './facts.ts';
import { createGroupBuilder, type GroupBuilder } from './groups.ts';
import { createPipelineTree, type PipelineTree, pipelineStages } from './pipeline.ts';
import { placesOf } from './places.ts';
import type { Instruction, PhaseFilter, Probe, Program, ProgramLink } from './program.ts';
import { createRuleSelections } from './selections.ts';
import { createShortcuts } from './shortcuts.ts';
import { changesArguments, hasStableTargets } from './stability.ts';
import { createTierBuilder } from './tiers.ts';
import { buildValueFilter, worthwhileLiterals } from './value-filter.ts';

export interface CompileOptions {
  /** False runs every rule on every value, as the reference does: for comparison. Default true. */
  readonly filters?: boolean;
}

/** Phases whose rules look at the same values, by and large. */
const REQUEST_PHASES: readonly Phase[] = [1, 2];
const RESPONSE_PHASES: readonly Phase[] = [3, 4, 5];

interface CompiledPhase {
  readonly instructions: readonly Instruction[];
  readonly filter: PhaseFilter | undefined;
}

const NO_FACTS: readonly Fact[] = Object.freeze([]);

/** The bits of a filter, as they are given out. */
type Starters = (RuleLink | undefined)[];

/** A negated operator that finds something does not match, but its captures are stored. */
function isPure({ operator, capture }: RuleLink): boolean {
  if (operator === undefined || operator.macro !== undefined) return false;
  return operator.compiled.isPure === true && !(operator.negated && capture);
}

/** The operator of a negated starter by itself, where literals tell of most values that it does not match. */
function denialOf(link: RuleLink): RuleLink | undefined {
  const { operator } = link;
  if (operator?.negated !== true || operator.compiled.isPure !== true) return undefined;
  const plain: RuleLink = { ...link, operator: { ...operator, negated: false } };
  return worthwhileLiterals(plain) === undefined ? undefined : plain;
}

function minBytesOf({ operator }: RuleLink): number {
  if (operator === undefined || operator.negated || operator.macro !== undefined) return 0;
  return operator.compiled.minBytes ?? 0;
}

/** For a starter with one target that has at most one value. */
function probeOf({ source, pipeline, stages }: ProgramLink): Probe | undefined {
  const { operator, targets, exclusions } = source;
  const target = targets[0];
  if (operator === undefined || target === undefined || targets.length > 1) return undefined;
  if (exclusions.length > 0 || target.exclusions !== undefined) return undefined;
  if (stages !== undefined || !isPure(source)) return undefined;
  const { variable, selector, count } = target;
  const isSole =
    variable.kind === 'scalar'
      ? !count
      : variable.kind === 'collection' &&
        (count || (selector?.kind === 'literal' && variable.find !== undefined));
  return isSole ? { target, pipeline, operator } : undefined;
}

function compileLinks(rule: Rule, tree: PipelineTree): readonly ProgramLink[] {
  return rule.links.map((source) => {
    const pipeline = tree.intern(source.transformations);
    const stages = source.multiMatch ? pipelineStages(pipeline) : undefined;
    return { source, pipeline, stages, facts: NO_FACTS };
  });
}

function withFacts(links: readonly ProgramLink[], { repeats }: ClosedUse): readonly ProgramLink[] {
  return links.map((link) => {
    const targets = link.source.targets.filter(
      ({ variable }) => variable.name !== 'TX' || repeats !== 'misses-of-all',
    );
    const facts = targets.flatMap((target) => factOf(target) ?? []);
    return facts.length === 0 ? link : { ...link, facts };
  });
}

export function compileProgram(ruleset: Ruleset, options: CompileOptions = {}): Program {
  const tree = createPipelineTree(ruleset.settings.behaviour);
  const argumentsChange = changesArguments(ruleset);
  const filters = options.filters ?? true;

  const expectation = createExpectation();
  let sourceIds = 0;

  /** Gives bits to grouped rules; the filter's own part is known when the whole side is. */
  function compilePhase(
    phase: Phase,
    starters: Starters,
    groups: GroupBuilder,
  ): { instructions: readonly Instruction[]; part: Omit<PhaseFilter, 'filter'> } {
    const tiers = createTierBuilder(() => sourceIds++);
    const first = starters.length;
    expectation.startPhase();
    const failures: (ExpectedValue | undefined)[] = [];
    const grouped = ruleset.phases[phase].map((rule): Instruction => {
      const links = compileLinks(rule, tree);
      const starter = links[0] as ProgramLink;
      const probe = filters ? probeOf(starter) : undefined;
      const isStable = filters && hasStableTargets(starter.source, argumentsChange);
      const use = filters ? closedUse(rule, ruleset.settings.behaviour) : undefined;
      // A look takes less than to compare what it might show.
      const isLook = probe !== undefined && !isStable && use?.repeats !== 'matches';
      const closed = isLook ? undefined : use;
      const isGrouped = isStable && closed === undefined;
      let instruction: Instruction;
      if (isGrouped) {
        const bit = starters.push(starter.source) - 1;
        const group = groups.groupOf(starter);
        const tier = tiers.add(rule, {
          group,
          bit: bit - first,
          minBytes: minBytesOf(starter.source),
          link: starter.source,
        });
        instruction = {
          rule,
          links,
          group,
          bit,
          denial: -1,
          tier,
          isPure: isPure(starter.source),
          probe,
          closed: undefined,
        };
      } else {
        const none = { group: undefined, bit: -1, denial: -1, tier: -1, isPure: false };
        const seen = closed === undefined ? links : withFacts(links, closed);
        instruction = { rule, links: seen, ...none, probe, closed };
      }
      failures.push(filters ? expectation.failure(rule) : undefined);
      const matches = expectation.pass(rule);
      if (matches !== false) tiers.pass(rule);
      return instruction;
    });
    // Behind the bits of all rules.
    const instructions = grouped.map((instruction): Instruction => {
      const starter = instruction.bit < 0 ? undefined : instruction.links[0]?.source;
      const denial = starter && denialOf(starter);
      return denial === undefined
        ? instruction
        : { ...instruction, denial: starters.push(denial) - 1, probe: undefined };
    });
    while (starters.length % 32 !== 0) starters.push(undefined);
    const fromWord = first >> 5;
    const words = (starters.length >> 5) - fromWord;
    const firstSource = sourceIds;
    const finished = tiers.finish(words);
    const part = {
      fromWord,
      words,
      rules: Array.from({ length: words }, (_, word) =>
        finished.reduce((all, { rules }) => all | rules[word]!, 0),
      ),
      tiers: finished,
      firstSource,
      sources: sourceIds - firstSource,
      places: placesOf(instructions, first, failures),
    };
    return { instructions: Object.freeze(instructions), part };
  }

  function compileSide(phases: readonly Phase[], id: 0 | 1): readonly [Phase, CompiledPhase][] {
    const starters: Starters = [];
    const groups = createGroupBuilder();
    const compiledPhases = phases.map((phase) => compilePhase(phase, starters, groups));
    const filter = buildValueFilter(starters, id, ruleset.declared.memo);
    return phases.map((phase, at) => {
      const { instructions, part } = compiledPhases[at] as ReturnType<typeof compilePhase>;
      return [phase, { instructions, filter: part.words === 0 ? undefined : { filter, ...part } }];
    });
  }

  const compiled = new Map([...compileSide(REQUEST_PHASES, 0), ...compileSide(RESPONSE_PHASES, 1)]);
  const each = <T>(pick: (phase: CompiledPhase) => T): Record<Phase, T> =>
    Object.fromEntries(
      PHASES.map((phase) => [phase, pick(compiled.get(phase) as CompiledPhase)]),
    ) as Record<Phase, T>;
  return Object.freeze({
    settings: ruleset.settings,
    rules: ruleset.rules,
    phases: Object.freeze(each(({ instructions }) => instructions)),
    filters: Object.freeze(each(({ filter }) => filter)),
    sources: sourceIds,
    shortcuts: createShortcuts(tree.nodes()),
    selections: createRuleSelections(ruleset.rules),
    ruleset,
  });
}
