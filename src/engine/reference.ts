// The reference interpreter: slow, obvious, and right by inspection. It stays for ever as the oracle that
// the machine is tested against, so it shares with it the library and the view, but no evaluation code:
// no cache, no frame, no program, one rule after the other.

import { asciiLower } from '../base/ascii.ts';
import type { TargetExclusion } from '../model/control.ts';
import type { OperatorRun } from '../model/operator.ts';
import type { Pair } from '../model/pair.ts';
import type { Phase } from '../model/phase.ts';
import type { MatchedVariable } from '../model/view.ts';
import type { Rule, RuleLink, Ruleset, Target } from '../ruleset/ruleset.ts';
import { completeRule } from './complete.ts';
import { willInterrupt } from './disrupt.ts';
import { failureCode } from './failure-code.ts';
import type { CollectionRequest, TransactionState } from './state.ts';

export type OpenCollection = (request: CollectionRequest) => void;

/** Runs all rules of the phase. `open` answers collection requests at once. */
export function interpretPhase(
  ruleset: Ruleset,
  phase: Phase,
  state: TransactionState,
  open: OpenCollection,
): void {
  state.phase = phase;
  let skip = 0;
  let resumeAt = 0;
  for (const rule of ruleset.rules) {
    if (rule.phase !== phase || rule.index < resumeAt) continue;
    if (state.engine === 'Off') break;
    if (skip > 0) {
      skip--;
      continue;
    }
    if (state.removals.isRemoved(rule.index)) continue;
    if (isAllowed(state)) break;
    state.runningRule = rule;
    state.matched.all = [];
    if (interpretRule(rule, state, open)) {
      if (rule.skip > 0) skip = rule.skip;
      if (rule.resumeAt !== undefined) resumeAt = rule.resumeAt;
    }
    if (phase !== 5 && state.interruption !== null) break;
  }
  state.runningRule = undefined;
}

function isAllowed({ allowed, phase }: TransactionState): boolean {
  if (allowed.phase === phase) return true;
  if (phase === 5) return false;
  return allowed.transaction || (allowed.request && phase < 3);
}

function interpretRule(rule: Rule, state: TransactionState, open: OpenCollection): boolean {
  let detail = '';
  for (const link of rule.links) {
    const result = interpretLink(rule, link, state, open);
    if (!result.matched) return false;
    detail = result.detail;
  }
  completeRule(rule, rule.links.at(-1) as RuleLink, detail, state);
  return true;
}

interface LinkResult {
  readonly matched: boolean;
  readonly detail: string;
}

function interpretLink(
  rule: Rule,
  link: RuleLink,
  state: TransactionState,
  open: OpenCollection,
): LinkResult {
  const { operator } = link;
  if (operator === undefined) {
    act(link, { name: 'REMOTE_ADDR', value: state.clientAddress }, state, open);
    return { matched: true, detail: '' };
  }
  const isStarter = link === rule.links[0];
  const removed = isStarter ? (state.removals.targetsOf(rule.index) ?? []) : [];
  const argument = operator.macro === undefined ? operator.argument : operator.macro.expand(state);
  let matched = false;
  let detail = '';
  for (const { name, value } of elementsOf(link, removed, state)) {
    for (const form of formsOf(link, value, state)) {
      const run: OperatorRun = {
        capturing: link.capture,
        captures: [],
        argument,
        detail: '',
        transaction: state,
        target: name,
      };
      let hit = false;
      try {
        hit = operator.compiled.evaluate(form, run);
      } catch (error) {
        state.fail(failureCode(error), error instanceof Error ? error.message : String(error));
        continue;
      }
      if (hit && link.capture && run.captures.length > 0) {
        for (let slot = 0; slot <= 9; slot++) {
          const captured = run.captures[slot];
          if (captured === undefined) state.tx.unset(String(slot));
          else state.tx.set(String(slot), captured);
        }
      }
      if (hit === operator.negated) continue;
      matched = true;
      if (run.detail !== '') detail = run.detail;
      act(link, { name, value: form }, state, open);
      if (link === rule.links.at(-1) && willInterrupt(rule, state)) return { matched, detail };
    }
  }
  return { matched, detail };
}

function act(
  link: RuleLink,
  match: MatchedVariable,
  state: TransactionState,
  open: OpenCollection,
): void {
  state.matched.last = match;
  state.matched.all.push(match);
  for (const effect of link.effects) {
    effect.run(state);
    if (state.collectionRequest !== undefined) open(state.collectionRequest);
  }
}

function formsOf(link: RuleLink, raw: string, state: TransactionState): readonly string[] {
  const environment = {
    unicodeMap: state.settings.unicodeMap,
    htmlEntities: 'superset',
  } as const;
  const stages = [raw];
  for (const { apply } of link.transformations) {
    stages.push(apply(stages.at(-1) as string, environment));
  }
  if (!link.multiMatch) return stages.slice(-1);
  return stages.filter((form, at) => at === 0 || form !== stages[at - 1]);
}

function elementsOf(
  link: RuleLink,
  removed: readonly TargetExclusion[],
  state: TransactionState,
): readonly MatchedVariable[] {
  return link.targets.flatMap((target) => {
    if (!target.count) return listTarget(target, [...link.exclusions, ...removed], state);
    const elements = listTarget(target, removed, state);
    const { variable, selector } = target;
    const written =
      variable.kind === 'collection' && selector !== undefined && selector.kind !== 'xpath'
        ? `:${selector.written}`
        : variable.kind === 'document' && selector?.kind === 'xpath' && selector.expression !== ''
          ? `:${selector.expression}`
          : '';
    return [{ name: variable.name + written, value: String(elements.length) }];
  });
}

function listTarget(
  { variable, selector }: Target,
  exclusions: readonly TargetExclusion[],
  state: TransactionState,
): readonly MatchedVariable[] {
  const applicable = exclusions.filter((exclusion) => exclusion.variable === variable.name);
  const keeps = (key: string | undefined): boolean =>
    !applicable.some(({ key: excluded, matches }) => {
      if (matches !== undefined) return key !== undefined && matches(key);
      return excluded === undefined || (key !== undefined && asciiLower(key) === excluded);
    });
  if (variable.kind === 'scalar') {
    const value = variable.read(state);
    return value !== undefined && keeps(undefined) ? [{ name: variable.name, value }] : [];
  }
  if (variable.kind === 'document') {
    const expression = selector?.kind === 'xpath' ? selector.expression : '';
    if (!keeps(expression)) return [];
    const name = expression === '' ? variable.name : `${variable.name}:${expression}`;
    const key = selector?.kind === 'xpath' ? selector.key : '';
    return variable.select(state, key).map((value) => ({ name, value }));
  }
  const selects = ({ key }: Pair): boolean => {
    if (selector?.kind === 'literal') return asciiLower(key) === selector.key;
    return selector?.kind !== 'regex' || selector.matches(key);
  };
  return variable
    .list(state)
    .filter((pair) => selects(pair) && keeps(pair.key))
    .map(({ key, value }) => ({
      name: variable.keyIsName ? key : `${variable.name}:${key}`,
      value,
    }));
}
