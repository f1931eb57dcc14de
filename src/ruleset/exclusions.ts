// SecRuleRemove* and SecRuleUpdate*: changes to rules that stand before the directive.
//
// Texts are patterns that are searched in tags and messages, as in ModSecurity v2; v3 and Coraza compare
// whole texts, which finds a subset.

import type { Macro, RuleDraft } from '../model/action.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type {
  RemoveDirective,
  UpdateActionDirective,
  UpdateTargetDirective,
  Word,
} from '../seclang/ast.ts';
import type { LinkBuild, RuleBuild } from './build.ts';
import type { CheckContext } from './context.ts';
import { applyActions, emptyDraft } from './draft.ts';
import type { Target } from './ruleset.ts';
import { resolveTargets } from './targets.ts';

type Select = (rule: RuleBuild) => boolean;

/** Ids and ranges, `1`, `1-5`, several in one word by blanks or commas. */
function idSelector(word: Word, context: CheckContext): Select | undefined {
  const ranges: [number, number][] = [];
  for (const part of word.text.split(/[\s,]+/).filter((text) => text !== '')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    const low = Number(match?.[1]);
    const high = match?.[2] === undefined ? low : Number(match[2]);
    if (match === null || high < low) {
      context.report.error({
        code: 'bad-rule-selector',
        message: `"${part}" is not a rule id or a range of ids`,
        span: word.span,
        help: 'write ids (942100) and ranges (942000-942999)',
      });
      return undefined;
    }
    ranges.push([low, high]);
  }
  return (rule) => ranges.some(([low, high]) => rule.id >= low && rule.id <= high);
}

function textSelector(by: 'tag' | 'msg', word: Word, context: CheckContext): Select | undefined {
  try {
    const exact = context.behaviour.textSelectors === 'exact';
    const matcher = exact
      ? { test: (text: string) => text === word.text }
      : context.compilePattern(word.text);
    const answers = new Map<string, boolean>();
    // Rules share their tags.
    const test = ({ source }: Macro): boolean => {
      let answer = answers.get(source);
      if (answer === undefined) {
        answer = matcher.test(source);
        answers.set(source, answer);
      }
      return answer;
    };
    return ({ links }) => {
      const draft = links[0]?.draft;
      if (draft === undefined) return false;
      if (by === 'msg') return draft.msg !== undefined && test(draft.msg);
      return draft.tags.some(test);
    };
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    context.report.error({
      code: error.code,
      message: error.message,
      span: word.span,
      help: error.help,
    });
    return undefined;
  }
}

function select(
  by: 'id' | 'tag' | 'msg',
  word: Word,
  rules: readonly RuleBuild[],
  context: CheckContext,
  mustExist = false,
): readonly RuleBuild[] {
  const selects = by === 'id' ? idSelector(word, context) : textSelector(by, word, context);
  if (selects === undefined) return [];
  const selected = rules.filter((rule) => !rule.removed && selects(rule));
  if (selected.length === 0) {
    context.report[mustExist ? 'error' : 'warning']({
      code: 'no-rule-selected',
      message: `no rule before this line has the ${by} "${word.text}"`,
      span: word.span,
      help: 'exclusions work on rules that stand before them: move this line behind the rules',
    });
  }
  return selected;
}

export function removeRules(
  directive: RemoveDirective,
  rules: readonly RuleBuild[],
  context: CheckContext,
): void {
  // A message may hold blanks without being quoted.
  for (const word of directive.selectors) {
    for (const rule of select(directive.by, word, rules, context)) {
      rule.removed = true;
      rule.removedBy = directive.by;
    }
  }
}

function sameTarget(one: Target, other: Target): boolean {
  if (one.variable !== other.variable || one.selector?.kind !== other.selector?.kind) return false;
  const a = one.selector;
  const b = other.selector;
  if (a === undefined || b === undefined) return true;
  if (a.kind === 'xpath') return b.kind === 'xpath' && a.expression === b.expression;
  return b.kind !== 'xpath' && a.written.toLowerCase() === b.written.toLowerCase();
}

export function updateTargets(
  directive: UpdateTargetDirective,
  rules: readonly RuleBuild[],
  context: CheckContext,
): void {
  if (rules.length === 0 && directive.by === 'id') {
    context.report.error({
      code: 'no-rule-selected',
      message: `${directive.name} stands before any rule`,
      span: directive.span,
      help: 'move this line behind the rules it changes',
    });
    return;
  }
  const { targets, exclusions } = resolveTargets(directive.targets, context, true);
  const replaced =
    directive.replaced === undefined ? [] : resolveTargets(directive.replaced, context).targets;
  const { refuses } = context.behaviour;
  const mustExist = directive.by === 'id' && refuses.has('updates-of-unknown-rules');
  for (const rule of select(directive.by, directive.selector, rules, context, mustExist)) {
    rule.links.forEach((link, at) => {
      // Exclusions reach every link of a chain (ModSecurity v2), additions the starter alone.
      if (at === 0 || context.behaviour.updateReaches === 'chain') {
        link.exclusions.push(...exclusions);
      }
      if (at === 0) changeTargets(link, targets, replaced);
    });
  }
}

function changeTargets(
  link: LinkBuild,
  targets: readonly Target[],
  replaced: readonly Target[],
): void {
  if (replaced.length > 0) {
    const kept = link.targets.filter((target) => !replaced.some((old) => sameTarget(old, target)));
    if (kept.length === link.targets.length) return;
    link.targets = kept;
  }
  link.targets.push(...targets);
}

/** Lays what an update gives over what the rule has; lists are continued. */
function overlay(draft: RuleDraft, update: RuleDraft): void {
  draft.msg = update.msg ?? draft.msg;
  draft.logdata = update.logdata ?? draft.logdata;
  draft.severity = update.severity ?? draft.severity;
  draft.rev = update.rev ?? draft.rev;
  draft.ver = update.ver ?? draft.ver;
  draft.maturity = update.maturity ?? draft.maturity;
  draft.accuracy = update.accuracy ?? draft.accuracy;
  draft.status = update.status ?? draft.status;
  draft.disruptive = update.disruptive ?? draft.disruptive;
  draft.log = update.log ?? draft.log;
  draft.auditlog = update.auditlog ?? draft.auditlog;
  draft.capture = update.capture ?? draft.capture;
  draft.multiMatch = update.multiMatch ?? draft.multiMatch;
  if (update.skip !== undefined || update.skipAfter !== undefined) {
    draft.skip = update.skip;
    draft.skipAfter = update.skipAfter;
  }
  draft.tags.push(...update.tags);
  draft.transformations.push(...update.transformations);
  draft.effects.push(...update.effects);
  for (const [prefix, uri] of update.xmlns) draft.xmlns.set(prefix, uri);
}

export function updateActions(
  directive: UpdateActionDirective,
  rules: readonly RuleBuild[],
  context: CheckContext,
): void {
  const { selector } = directive;
  const match = /^(\d+)(?::(\d+))?$/.exec(selector.text.trim());
  if (match === null) {
    context.report.error({
      code: 'bad-rule-selector',
      message: `"${selector.text}" is not a rule id`,
      span: selector.span,
      help: 'write an id (942100), or an id and the place of a chained rule (942100:1)',
    });
    return;
  }
  const { refuses, updateId } = context.behaviour;
  if (match[2] !== undefined && refuses.has('chain-offsets')) {
    context.report.error({
      code: 'other-dialect',
      message: `${context.behaviour.compatibility} does not know the place of a chained rule here`,
      span: selector.span,
    });
  }
  for (const action of directive.actions) {
    if (/^id$/i.test(action.name) && updateId !== 'refused') continue;
    if (/^(?:id|phase|chain)$/i.test(action.name)) {
      context.report.error({
        code: 'misplaced-action',
        message: `"${action.name}" cannot be changed by ${directive.name}`,
        span: action.span,
        help: 'change the rule itself',
      });
    }
  }
  const update = emptyDraft();
  applyActions(update, directive.actions, 'update', context);
  const id = Number(match[1]);
  const at = Number(match[2] ?? 0);
  const rule = rules.find((candidate) => candidate.id === id && !candidate.removed);
  const link = rule?.links[at];
  if (rule === undefined || link === undefined) {
    context.report[refuses.has('updates-of-unknown-rules') ? 'error' : 'warning']({
      code: 'no-rule-selected',
      message: `no rule before this line has the id "${selector.text}"`,
      span: selector.span,
      help: 'updates work on rules that stand before them: move this line behind the rules',
    });
    return;
  }
  const { updateNolog, updateStatusAlone } = context.behaviour;
  if (updateNolog === 'ignored' && update.log === false) update.log = undefined;
  const onlyStatus = update.status !== undefined && update.disruptive === undefined;
  overlay(link.draft, update);
  if (updateId === 'renumbers') rule.id = update.id ?? rule.id;
  if (onlyStatus && updateStatusAlone === 'loses-action') link.draft.disruptive = undefined;
}
