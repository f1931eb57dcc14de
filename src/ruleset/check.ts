// Checks directives in load order and builds the rule set: the one place where directives act.
//
// Every mistake is reported; a broken rule never hides the next one. With errors in the report the rule
// set still holds all that could be understood, for tools; whoever runs it decides whether to.

import { formatPlace } from '../diagnostics/position.ts';
import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';
import type { RuleDraft } from '../model/action.ts';
import { NO_MEMO } from '../model/memo.ts';
import { PHASES, type Phase } from '../model/phase.ts';
import type {
  ActionDirective,
  ActionNode,
  DefaultActionDirective,
  Directive,
  MarkerDirective,
  RuleDirective,
  ScriptDirective,
} from '../seclang/ast.ts';
import { findDirective } from '../seclang/directives.ts';
import type { DefaultActions, Item, LinkBuild, RuleBuild } from './build.ts';
import type { CheckContext } from './context.ts';
import { checkDialect, checkKeptUploads, checkLink } from './dialect.ts';
import { applyActions, emptyDraft } from './draft.ts';
import { removeRules, updateActions, updateTargets } from './exclusions.ts';
import { finishRules } from './finish.ts';
import { resolveOperator } from './operators.ts';
import { removedRules } from './removed.ts';
import type { Rule, RuleLink, Ruleset } from './ruleset.ts';
import { SCRIPT_TARGET, scriptOperator } from './script-rule.ts';
import { createSettingsBuilder } from './settings.ts';
import { resolveTargets } from './targets.ts';
import { compileXPaths } from './xpaths.ts';

/** Rule sets repeat the usual defaults in their setup; only a change is worth a word. */
function saysTheSame(one: RuleDraft, other: RuleDraft): boolean {
  return (
    one.disruptive?.kind === other.disruptive?.kind &&
    one.status === other.status &&
    one.log === other.log &&
    one.auditlog === other.auditlog &&
    one.transformations.length === other.transformations.length
  );
}

/** What makes a rule, or a link of a chain. */
type Condition = RuleDirective | ActionDirective | ScriptDirective;

/** A chain whose next link has not come yet. */
interface OpenChain {
  readonly build: RuleBuild;
  readonly span: Span;
}

export function checkDirectives(directives: readonly Directive[], context: CheckContext): Ruleset {
  const { report, behaviour } = context;
  const settings = createSettingsBuilder(context);
  const items: Item[] = [];
  const rules: RuleBuild[] = [];
  const ids = new Map<number, Span>();
  const defaults = new Map<number, DefaultActions>();
  const defaultSources = new Map<number, Source>();
  let currentDefault: DefaultActions | undefined;
  let open: OpenChain | undefined;

  /** An unfinished chain can never match: it is reported and left out. */
  function breakChain(by: string): void {
    if (open === undefined) return;
    report.error({
      code: 'unfinished-chain',
      message: `the chain of rule ${open.build.id} is cut off by ${by}`,
      span: open.span,
      help: 'let the chained rule follow directly, or remove "chain"',
    });
    open.build.removed = true;
    open = undefined;
  }

  function addDefault(directive: DefaultActionDirective): void {
    const draft = emptyDraft();
    applyActions(draft, directive.actions, 'default', context);
    if (draft.disruptive === undefined || draft.phase === undefined) {
      const missing = draft.phase === undefined ? 'a phase' : 'a disruptive action';
      report.error({
        code: 'incomplete-default-action',
        message: `SecDefaultAction lacks ${missing}`,
        span: directive.span,
        help: 'write for example "phase:2,log,auditlog,pass"',
      });
      return;
    }
    if (draft.disruptive.kind === 'block') draft.disruptive = { kind: 'pass' };
    const before = defaults.get(draft.phase)?.draft;
    const changes = before !== undefined && !saysTheSame(before, draft);
    // The same again in another file is let through: CRS's setup repeats what our engine settings say.
    const { source } = directive.span;
    const repeats = before !== undefined && (changes || defaultSources.get(draft.phase) === source);
    defaultSources.set(draft.phase, source);
    if (repeats && behaviour.refuses.has('repeated-defaults')) {
      report.error({
        code: 'other-dialect',
        message: `SecDefaultAction for phase ${draft.phase} is given twice`,
        span: directive.span,
      });
    } else if (changes) {
      report.warning({
        code: 'default-action-redefined',
        message: `SecDefaultAction for phase ${draft.phase} is given again; it holds for the rules behind it`,
        span: directive.span,
      });
    }
    currentDefault = { phase: draft.phase, draft };
    defaults.set(draft.phase, currentDefault);
  }

  function placeOf({ source, start }: Span): string {
    return formatPlace(source, context.locator.position(source, start));
  }

  function mayLackId({ type }: Condition): boolean {
    return (
      behaviour.withoutId === 'all' || (behaviour.withoutId === 'actions' && type === 'action')
    );
  }

  function startRule(
    directive: Condition,
    link: LinkBuild | undefined,
    actions: readonly ActionNode[] | undefined,
  ): RuleBuild | undefined {
    const draft = link?.draft ?? emptyDraft();
    if (draft.id === undefined && mayLackId(directive)) draft.id = 0;
    if (draft.id === undefined) {
      // A broken id action has been reported already.
      if (!actions?.some((action) => action.name.toLowerCase() === 'id')) {
        report.error({
          code: 'missing-id',
          message: `this ${directive.name} has no id`,
          span: directive.nameSpan,
          help: 'give every rule an id of its own, such as id:10001',
        });
      }
      return undefined;
    }
    const first = draft.id === 0 ? undefined : ids.get(draft.id);
    if (first !== undefined) {
      report.error({
        code: 'duplicate-id',
        message: `the id ${draft.id} is taken already`,
        span: actions?.find((action) => action.name.toLowerCase() === 'id')?.span ?? directive.span,
        help: 'give every rule an id of its own',
        notes: [`first used at ${placeOf(first)}`],
      });
      return undefined;
    }
    // v2: a rule without phase takes that of the default actions in force, else phase 2.
    const phase =
      draft.phase ??
      (behaviour.phaseWithoutAction === 'default-action'
        ? (currentDefault?.phase ?? 2)
        : behaviour.phaseWithoutAction);
    const build: RuleBuild = {
      kind: 'rule',
      id: draft.id,
      phase,
      defaults: behaviour.defaultActions === 'shared' ? currentDefault : defaults.get(phase),
      links: link === undefined ? [] : [link],
      removed: link === undefined || phase === 0,
    };
    ids.set(draft.id, directive.span);
    rules.push(build);
    items.push(build);
    return build;
  }

  function addRule(directive: Condition): void {
    const isLink = open !== undefined;
    const { actions } = directive;
    if (actions === undefined && !isLink && behaviour.withoutId !== 'all') {
      report.error({
        code: 'missing-actions',
        message: `this ${directive.name} has no actions, and only a chained rule may do without`,
        span: directive.span,
        help: 'add at least an id: "id:10001,phase:2,pass"',
      });
    }
    const draft = emptyDraft();
    applyActions(draft, actions ?? [], isLink ? 'link' : 'rule', context);
    const link = createLink(directive, draft);
    let build: RuleBuild | undefined;
    if (open === undefined) {
      if (actions === undefined && behaviour.withoutId !== 'all') return;
      build = startRule(directive, link, actions);
    } else {
      build = open.build;
      if (link === undefined) build.removed = true;
      else build.links.push(link);
    }
    open =
      draft.chain && build !== undefined
        ? { build, span: open?.span ?? directive.span }
        : undefined;
    if (draft.chain && build === undefined) skipRestOfChain = true;
  }

  // Links of a chain whose starter is broken belong to nobody; they are still checked.
  let skipRestOfChain = false;

  function addOrphan(directive: Condition): void {
    const draft = emptyDraft();
    applyActions(draft, directive.actions ?? [], 'link', context);
    createLink(directive, draft);
    skipRestOfChain = draft.chain;
  }

  function createLink(directive: Condition, draft: LinkBuild['draft']): LinkBuild | undefined {
    if (directive.type === 'action') {
      return { span: directive.span, targets: [], exclusions: [], operator: undefined, draft };
    }
    if (directive.type === 'script') {
      const operator = scriptOperator(directive, context);
      const { span } = directive;
      return operator && { span, targets: [SCRIPT_TARGET], exclusions: [], operator, draft };
    }
    const { targets, exclusions } = resolveTargets(directive.targets, context);
    const operator = resolveOperator(directive.operator, context);
    if (operator === undefined) return undefined;
    return {
      span: directive.span,
      targets: [...targets],
      exclusions: [...exclusions],
      operator,
      draft,
    };
  }

  function addMarker(directive: MarkerDirective): void {
    breakChain(`SecMarker ${directive.marker.text}`);
    const { text, quote } = directive.marker;
    const kept = quote === "'" && behaviour.quotedMarkers === 'kept';
    items.push({ kind: 'marker', name: kept ? `'${text}'` : text });
  }

  function warnWithoutEffect({ name, nameSpan }: Directive): void {
    const known = findDirective(name);
    if (known?.effect !== 'accepted') return;
    report.warning({
      code: 'no-effect',
      message: `${name} is accepted but changes nothing: ${known.reason ?? known.summary}`,
      span: nameSpan,
      help: 'remove the line, or leave it for other engines',
    });
  }

  // libmodsecurity applies removals and updates to all rules, wherever they stand.
  const late: (() => void)[] = [];
  let keptUploads: Directive | undefined;
  let hasUploadDirectory = false;

  function change(carryOut: () => void): void {
    if (behaviour.updateBefore === 'carried-out') late.push(carryOut);
    else carryOut();
  }

  for (const [at, directive] of directives.entries()) {
    checkDialect(directive, context);
    switch (directive.type) {
      case 'rule':
      case 'action':
      case 'script':
        if (open !== undefined) checkLink(directive, directives[at + 1], context);
        if (skipRestOfChain) addOrphan(directive);
        else addRule(directive);
        continue;
      case 'marker':
        addMarker(directive);
        break;
      case 'default-action':
        addDefault(directive);
        break;
      case 'remove':
        change(() => removeRules(directive, rules, context));
        break;
      case 'update-target':
        change(() => updateTargets(directive, rules, context));
        break;
      case 'update-action':
        change(() => updateActions(directive, rules, context));
        break;
      case 'setting':
        if (/^SecUploadDir$/i.test(directive.name)) hasUploadDirectory = true;
        if (/^SecUploadKeepFiles$/i.test(directive.name)) {
          keptUploads = /^Off$/i.test(directive.arguments[0]?.text ?? '') ? undefined : directive;
        }
        warnWithoutEffect(directive);
        settings.add(directive);
        break;
      case 'include':
        break;
    }
    skipRestOfChain = false;
  }
  if (behaviour.unfinishedChains === 'never-match' && open !== undefined) open.build.removed = true;
  else breakChain('the end of the rules');
  for (const carryOut of late) carryOut();
  if (keptUploads !== undefined && !hasUploadDirectory) {
    checkKeptUploads(keptUploads, context);
  }

  if (behaviour.defaultActions === 'anywhere') {
    for (const rule of rules) rule.defaults = defaults.get(rule.phase);
  }
  const finished = finishRules(items, context);
  const phases = Object.fromEntries(
    PHASES.map((phase): [Phase, readonly Rule[]] => [
      phase,
      Object.freeze(finished.filter((rule) => rule.phase === phase)),
    ]),
  ) as Record<Phase, readonly Rule[]>;
  return Object.freeze({
    settings: Object.freeze({
      ...settings.build(),
      inspectsUploads: finished.some(({ links }) => links.some(inspectsFiles)),
    }),
    declared: Object.freeze({
      ids,
      markers: new Set(items.flatMap((item) => (item.kind === 'marker' ? [item.name] : []))),
      operatorData: context.operatorData,
      memo: context.memo ?? NO_MEMO,
    }),
    rules: finished,
    removed: removedRules(items, context),
    phases: Object.freeze(phases),
    xpaths: compileXPaths(finished, context),
  });
}

function inspectsFiles({ operator }: RuleLink): boolean {
  return operator?.definition.name === 'inspectFile';
}
