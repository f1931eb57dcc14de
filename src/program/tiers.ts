// Sorts the rules of a phase into tiers: those that run, or are skipped, together.
//
// Rules between a `skipAfter` and its marker are skipped whenever that rule matches. What they look at is read
// when the first of them is about to run; where the same condition guards many stretches, as CRS guards those of
// each paranoia level, they are read at once, and with those before them where the paranoia level is expected to let
// them run. A tier is only about when to read: rules skip as they say.

import { buildGappedSearch, type GappedSearch, MOST_TEXTS } from '../regex/gapped-search.ts';
import type { Rule, RuleLink } from '../ruleset/ruleset.ts';
import type { PipelineNode, TargetGroup, ValueSource } from './program.ts';
import { ruleWords } from './rule-words.ts';
import type { FormBound, FormRules } from './shortcuts.ts';

/** One source of values, with the rules of one tier that look at them. */
export interface TierSource {
  /** Dense within the program. */
  readonly id: number;
  readonly source: ValueSource;
  /** By stage; none twice. */
  readonly forms: readonly FormRules[];
}

export interface Tier {
  /** Dense within the phase. */
  readonly id: number;
  /** Words of the phase's rules: those of the tier. */
  readonly rules: Int32Array;
  readonly sources: readonly TierSource[];
  /** By id of a value source: the id of the tier's source of its values. */
  readonly sourceIds: Int32Array;
}

interface TieredRule {
  readonly group: TargetGroup;
  /** The rule's bit among those of the phase. */
  readonly bit: number;
  /** Shorter values do not match. */
  readonly minBytes: number;
  readonly link: RuleLink;
}

export interface TierBuilder {
  /** Puts a grouped rule of the phase into its tier and returns the tier's id; rules come in order. */
  readonly add: (rule: Rule, tiered: TieredRule) => number;
  /** To be called, behind `add`, for every rule that is not expected to fail. */
  readonly pass: (rule: Rule) => void;
  /** `words` is what the phase's rules take. */
  readonly finish: (words: number) => readonly Tier[];
}

/** Rules with the same condition guard the same tier. */
function conditionOf({ targets, exclusions, operator, transformations }: RuleLink): string {
  const names = targets.map(({ variable, count, selector }) => {
    const key = selector?.kind === 'literal' ? selector.key : selector;
    return [variable.name, count, key];
  });
  const steps = transformations.map(({ name }) => name);
  const test = [operator?.definition.name, operator?.negated, operator?.argument];
  return JSON.stringify([names, exclusions.length, test, steps]);
}

/** `nextSourceId` numbers sources over all phases of a program. */
export function createTierBuilder(nextSourceId: () => number): TierBuilder {
  const open: { readonly until: number; readonly condition: string }[] = [];
  const ids = new Map<string, number>();
  const members: TieredRule[][] = [];

  return {
    add: ({ index }, tiered) => {
      const guards = open.filter(({ until }) => until > index);
      const key = [...new Set(guards.map(({ condition }) => condition))].sort().join('\n');
      let id = ids.get(key);
      if (id === undefined) {
        id = members.push([]) - 1;
        ids.set(key, id);
      }
      members[id]?.push(tiered);
      return id;
    },
    pass: ({ index, resumeAt, links }) => {
      if (resumeAt === undefined) return;
      const stillOpen = open.filter(({ until }) => until > index);
      const condition = links.map(conditionOf).join(' and ');
      open.splice(0, open.length, ...stillOpen, { until: resumeAt, condition });
    },
    finish: (words) =>
      members.map((rules, id) => {
        const sources = sourcesOf(rules, words, nextSourceId);
        return { id, rules: maskOf(rules, words), sources, sourceIds: sourceIdsOf(sources) };
      }),
  };
}

function maskOf(rules: readonly TieredRule[], words: number): Int32Array {
  const mask = new Int32Array(words);
  for (const { bit } of rules) mask[bit >> 5]! |= 1 << (bit & 31);
  return mask;
}

function sourcesOf(
  rules: readonly TieredRule[],
  words: number,
  nextSourceId: () => number,
): readonly TierSource[] {
  const bySource = new Map<ValueSource, Map<PipelineNode, Form>>();
  for (const { group, bit, minBytes, link } of rules) {
    for (const source of group.sources) {
      if (source.isPassing) continue;
      let byStage = bySource.get(source);
      if (byStage === undefined) {
        byStage = new Map();
        bySource.set(source, byStage);
      }
      for (const stage of group.stages) {
        let form = byStage.get(stage);
        if (form === undefined) {
          form = { mask: new Int32Array(words), minBytes, links: [] };
          byStage.set(stage, form);
        }
        form.mask[bit >> 5]! |= 1 << (bit & 31);
        form.minBytes = Math.min(form.minBytes, minBytes);
        form.links.push(link);
      }
    }
  }
  return [...bySource].map(([source, byStage]) => ({
    id: nextSourceId(),
    source,
    forms: [...byStage].map(([stage, { mask, minBytes, links }]) => ({
      stage,
      ...ruleWords(mask),
      minBytes,
      shortest: Number.isFinite(stage.growth) ? Math.ceil(minBytes / stage.growth) : 0,
      bound: boundOf(stage, minBytes),
      search: searchOf(stage, links),
    })),
  }));
}

function sourceIdsOf(sources: readonly TierSource[]): Int32Array {
  const most = sources.reduce((most, { source }) => Math.max(most, source.id), -1);
  const ids = new Int32Array(most + 1).fill(-1);
  for (const { id, source } of sources) ids[source.id] = id;
  return ids;
}

/** What tells that no rule matches the form, where a few texts decide that. */
function searchOf(
  { parent, deletes }: PipelineNode,
  links: readonly RuleLink[],
): GappedSearch | undefined {
  if (parent === undefined || deletes === undefined || links.length > MOST_TEXTS) return undefined;
  const texts: string[] = [];
  for (const { operator } of links) {
    if (operator === undefined || operator.negated || operator.macro !== undefined)
      return undefined;
    const requirement = operator.compiled.requires?.();
    const required = requirement?.wholes?.texts ?? requirement?.literals ?? [];
    if (required.length === 0 || texts.length + required.length > MOST_TEXTS) return undefined;
    texts.push(...required);
  }
  return buildGappedSearch(texts, deletes);
}

/** By the first step that can tell. */
function boundOf(stage: PipelineNode, minBytes: number): FormBound | undefined {
  let bound: FormBound | undefined;
  for (let at: PipelineNode | undefined = stage; at !== undefined; at = at.parent) {
    const { parent, mostBytes, growth } = at;
    // Behind it bytes may become more.
    const enough = (minBytes * growth) / stage.growth;
    if (parent !== undefined && mostBytes !== undefined && enough > 0) {
      bound = { before: parent, mostBytes, enough };
    }
  }
  return bound;
}

interface Form {
  readonly mask: Int32Array;
  minBytes: number;
  readonly links: RuleLink[];
}
