// Turns builds into rules: defaults merged, markers resolved, everything frozen.

import type { Disruptive, Macro, RuleDraft, TransformationStep } from '../model/action.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { Phase } from '../model/phase.ts';
import type { RuleTest } from '../model/verdict.ts';
import type { DefaultActions, Item, LinkBuild, RuleBuild } from './build.ts';
import type { CheckContext } from './context.ts';
import type { ResolvedDisruptive, Rule, RuleLink, RuleOperator, Target } from './ruleset.ts';

// ModSecurity's own status for a denied request.
const DENIED = 403;
const REDIRECTS = [301, 302, 303, 307];

function resolveDisruptive(
  own: Disruptive | undefined,
  status: number | undefined,
  defaults: DefaultActions | undefined,
  behaviour: Behaviour,
): ResolvedDisruptive {
  const inherited = defaults?.draft.disruptive;
  // A rule without a disruptive action inherits the default's, as `block` does (v2, Coraza; v3 only block).
  const inherits = own?.kind === 'block' || (own === undefined && behaviour.inheritsDisruptive);
  const action = inherits ? inherited : own;
  const answer = status ?? defaults?.draft.status;
  switch (action?.kind) {
    case 'allow':
      return { kind: 'allow', scope: action.scope ?? 'transaction' };
    case 'pause':
      return { kind: 'pause' };
    case 'deny':
      return {
        kind: 'deny',
        status: answer === 200 && !behaviour.deniesWith200 ? DENIED : (answer ?? DENIED),
      };
    case 'drop':
      if (behaviour.dropStatus === 'none') return { kind: 'drop', status: 0 };
      return {
        kind: 'drop',
        status: answer ?? (behaviour.dropStatus === 'given' ? 0 : DENIED),
      };
    case 'redirect':
    case 'proxy':
      if (action.url === undefined) return { kind: 'pass' };
      return {
        kind: action.kind,
        status: isRedirect(answer, behaviour) ? answer : 302,
        url: action.url,
      };
    case 'block':
    case 'pass':
    case undefined:
      return { kind: 'pass' };
  }
}

function isRedirect(status: number | undefined, behaviour: Behaviour): status is number {
  return (
    status !== undefined &&
    ((behaviour.redirectStatus === 'any-3xx' && status >= 300 && status < 400) ||
      REDIRECTS.includes(status))
  );
}

function pipeline(
  draft: RuleDraft,
  defaults: DefaultActions | undefined,
): readonly TransformationStep[] {
  let list: TransformationStep[] = [];
  for (const step of [...(defaults?.draft.transformations ?? []), ...draft.transformations]) {
    if (step === 'none') list = [];
    else list.push(step);
  }
  return list;
}

/** XPath targets of rules that declare namespaces get a key of their own. */
function withNamespaces(target: Target, xmlns: ReadonlyMap<string, string>): Target {
  const { selector } = target;
  if (selector?.kind !== 'xpath' || xmlns.size === 0) return target;
  const declared = [...xmlns].map(([prefix, uri]) => `${prefix}=${uri}`).sort();
  return {
    ...target,
    selector: { ...selector, key: `${selector.expression}\0${declared.join('\0')}` },
  };
}

function finishLink(
  link: LinkBuild,
  defaults: DefaultActions | undefined,
  starter: boolean,
): RuleLink {
  const { draft } = link;
  const steps = pipeline(draft, defaults);
  return Object.freeze({
    targets: Object.freeze(link.targets.map((target) => withNamespaces(target, draft.xmlns))),
    exclusions: Object.freeze([...link.exclusions]),
    operator: link.operator,
    transformations: Object.freeze(steps.map(({ transformation }) => transformation)),
    writtenTransformations: Object.freeze(steps.map(({ written }) => written)),
    multiMatch: draft.multiMatch ?? defaults?.draft.multiMatch ?? false,
    capture: draft.capture ?? defaults?.draft.capture ?? false,
    effects: Object.freeze([...(starter ? (defaults?.draft.effects ?? []) : []), ...draft.effects]),
    test: plainTest(link.operator),
    xmlns: draft.xmlns,
    span: link.span,
  });
}

function plainTest(operator: RuleOperator | undefined): RuleTest | undefined {
  if (operator === undefined || operator.macro !== undefined) return undefined;
  const { definition, argument, negated } = operator;
  return Object.freeze({ operator: definition.name, argument, negated });
}

function plainTags(tags: readonly Macro[]): readonly string[] | undefined {
  const texts = tags.flatMap(({ literal }) => (literal === undefined ? [] : [literal]));
  return texts.length === tags.length ? Object.freeze(texts) : undefined;
}

/** Metadata that a later link gives counts for the whole chain where the starter gives none. */
function chainDraft(build: RuleBuild): RuleDraft {
  const [starter, ...rest] = build.links.map((link) => link.draft);
  const draft = { ...(starter as RuleDraft) };
  for (const link of rest) {
    draft.logdata = draft.logdata ?? link.logdata;
    // Only libmodsecurity lets a link have one.
    draft.status = link.status ?? draft.status;
    draft.skipAfter = draft.skipAfter ?? link.skipAfter;
    draft.tags = [...draft.tags, ...link.tags];
  }
  return draft;
}

interface Placed {
  readonly build: RuleBuild;
  /** Place among all items, markers included. */
  readonly at: number;
}

/** Index of the first live rule of any phase that stands behind the place. */
function firstRuleBehind(placed: readonly Placed[], at: number): number {
  let low = 0;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placed[middle]!.at > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function resumeAt(
  { build, at }: Placed,
  skipAfter: string,
  items: readonly Item[],
  placed: readonly Placed[],
  context: CheckContext,
): number {
  const { behaviour } = context;
  for (let place = at + 1; place < items.length; place++) {
    const item = items[place] as Item;
    if (item.kind === 'marker' && item.name === skipAfter) return firstRuleBehind(placed, place);
    if (
      behaviour.skipToId &&
      item.kind === 'rule' &&
      String(item.id) === skipAfter &&
      item.phase === build.phase
    ) {
      return firstRuleBehind(placed, place);
    }
  }
  const before = items.some((item) => item.kind === 'marker' && item.name === skipAfter);
  const span = build.links[0]?.span;
  if (before) {
    context.report.warning({
      code: 'marker-before-rule',
      message: `the marker "${skipAfter}" stands before the rule, so the rest of the phase is skipped`,
      span,
      help: 'move the SecMarker behind the rule',
    });
  } else {
    context.report.error({
      code: 'unknown-marker',
      message: `there is no SecMarker "${skipAfter}" to skip to`,
      span,
      help: `add "SecMarker ${skipAfter}" behind the rule; names are case-sensitive`,
    });
  }
  const skipsAll = !before && behaviour.missingMarker === 'everything';
  return skipsAll ? Number.POSITIVE_INFINITY : placed.length;
}

function isLogged(build: RuleBuild, draft: RuleDraft, behaviour: Behaviour): boolean {
  if (build.id === 0 && !behaviour.logsRulesWithoutId) return false;
  const silent = build.links[0]?.operator === undefined && draft.msg === undefined;
  if (silent && !behaviour.logsSilentActions) return false;
  return draft.log ?? build.defaults?.draft.log ?? behaviour.loggedPhases.includes(build.phase);
}

/** How many rules `skip` leaves out; in Coraza markers count as well. */
function rulesSkipped(
  { build, at }: Placed,
  skip: number,
  items: readonly Item[],
  { markersCount }: Behaviour,
): number {
  if (!markersCount || skip === 0) return skip;
  let rules = 0;
  let counted = 0;
  for (let place = at + 1; place < items.length && counted < skip; place++) {
    const item = items[place] as Item;
    if (item.kind === 'marker') counted++;
    else if (!item.removed && item.phase === build.phase) {
      counted++;
      rules++;
    }
  }
  return rules;
}

/** Rules in load order, without the removed ones. */
export function finishRules(items: readonly Item[], context: CheckContext): readonly Rule[] {
  const placed: Placed[] = [];
  items.forEach((item, at) => {
    if (item.kind === 'rule' && !item.removed) placed.push({ build: item, at });
  });
  return placed.map((place, index) => {
    const { build } = place;
    const draft = chainDraft(build);
    const { defaults } = build;
    const starter = build.links[0] as LinkBuild;
    const tags = Object.freeze([...(defaults?.draft.tags ?? []), ...draft.tags]);
    const rule: Rule = {
      index,
      phase: build.phase as Phase,
      facts: Object.freeze({
        id: build.id,
        phase: build.phase as Phase,
        file: starter.span.source.name,
        line: context.locator.lineNumber(starter.span.source, starter.span.start),
        rev: draft.rev ?? '',
        ver: draft.ver ?? '',
        severity: draft.severity ?? defaults?.draft.severity,
        maturity: draft.maturity ?? 0,
        accuracy: draft.accuracy ?? 0,
      }),
      msg: draft.msg,
      logdata: draft.logdata ?? defaults?.draft.logdata,
      tags,
      plainTags: plainTags(tags),
      log: isLogged(build, draft, context.behaviour),
      auditlog: draft.auditlog ?? defaults?.draft.auditlog ?? true,
      disruptive: Object.freeze(
        resolveDisruptive(draft.disruptive, draft.status, defaults, context.behaviour),
      ),
      skip: rulesSkipped(place, draft.skip ?? 0, items, context.behaviour),
      resumeAt:
        draft.skipAfter === undefined
          ? undefined
          : resumeAt(place, draft.skipAfter, items, placed, context),
      links: Object.freeze(build.links.map((link, at) => finishLink(link, defaults, at === 0))),
    };
    return Object.freeze(rule);
  });
}
