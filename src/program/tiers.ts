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

/** Rules that leave some of a source's values out. */
export interface TierPart {
  readonly source: ValueSource;
  /** Words of the phase's rules. */
  readonly rules: Int32Array;
}

/** One source of values, with the rules of one tier that look at them, or at some of them. */
export interface TierSource {
  /** Dense within the program. */
  readonly id: number;
  /** None that leaves values out. */
  readonly source: ValueSource;
  /** By stage; none twice. */
  readonly forms: readonly FormRules[];
  /** No rule twice. */
  readonly parts: readonly TierPart[];
}

export interface Tier {
  /** Dense within the phase. */
  readonly id: number;
  /** Words of the phase's rules: those of the tier. */
  readonly rules: Int32Array;
  readonly sources: readonly TierSource[];
  /** By id of a value source: the id of the tier's source that has its values. */
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
        return { id, rules: maskOf(rules, words), sources, sourceIds: sourceIdsOf(rules, sources) };
      }),
  };
}

function maskOf(rules: readonly TieredRule[], words: number): Int32Array {
  const mask = new Int32Array(words);
  for (const { bit } of rules) mask[bit >> 5]! |= 1 << (bit & 31);
  return mask;
}

/** Of what is left out of a source the values are read with all others of it, and once. */
const wholeOf = (source: ValueSource): ValueSource => source.whole ?? source;

interface SourceDraft {
  readonly forms: Map<PipelineNode, Form>;
  readonly parts: Map<ValueSource, Int32Array>;
}

function sourcesOf(
  rules: readonly TieredRule[],
  words: number,
  nextSourceId: () => number,
): readonly TierSource[] {
  const bySource = new Map<ValueSource, SourceDraft>();
  for (const tiered of rules) {
    const { sources, stages } = tiered.group;
    for (const source of sources) {
      if (source.isPassing) continue;
      const whole = wholeOf(source);
      let draft = bySource.get(whole);
      if (draft === undefined) {
        draft = { forms: new Map(), parts: new Map() };
        bySource.set(whole, draft);
      }
      for (const stage of stages) addForm(draft.forms, stage, tiered, words);
      const looksTwice = sources.some((other) => other !== source && wholeOf(other) === whole);
      if (source !== whole && !looksTwice) setBit(draft.parts, source, tiered.bit, words);
    }
  }
  return [...bySource].map(([source, { forms, parts }]) => ({
    id: nextSourceId(),
    source,
    forms: [...forms].map(([stage, { mask, minBytes, links }]) => ({
      stage,
      ...ruleWords(mask),
      minBytes,
      shortest: Number.isFinite(stage.growth) ? Math.ceil(minBytes / stage.growth) : 0,
      bound: boundOf(stage, minBytes),
      search: searchOf(stage, links),
    })),
    parts: [...parts].map(([part, rules]) => ({ source: part, rules })),
  }));
}

function addForm(
  forms: Map<PipelineNode, Form>,
  stage: PipelineNode,
  { bit, minBytes, link }: TieredRule,
  words: number,
): void {
  let form = forms.get(stage);
  if (form === undefined) {
    form = { mask: new Int32Array(words), minBytes, links: [] };
    forms.set(stage, form);
  }
  form.mask[bit >> 5]! |= 1 << (bit & 31);
  form.minBytes = Math.min(form.minBytes, minBytes);
  form.links.push(link);
}

function setBit<K>(masks: Map<K, Int32Array>, key: K, bit: number, words: number): void {
  const mask = masks.get(key) ?? new Int32Array(words);
  mask[bit >> 5]! |= 1 << (bit & 31);
  masks.set(key, mask);
}

function sourceIdsOf(rules: readonly TieredRule[], sources: readonly TierSource[]): Int32Array {
  const looked = rules.flatMap(({ group }) => group.sources.filter(({ isPassing }) => !isPassing));
  const most = looked.reduce((most, { id }) => Math.max(most, id), -1);
  const ids = new Int32Array(most + 1).fill(-1);
  const tierIds = new Map(sources.map(({ id, source }) => [source, id]));
  for (const source of looked) ids[source.id] = tierIds.get(wholeOf(source)) as number;
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
