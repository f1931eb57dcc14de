// Reads an action list into a draft: each action's record changes the draft, mistakes are reported.

import type { Span } from '../diagnostics/span.ts';
import {
  type ActionContext,
  type ActionDefinition,
  ActionValueError,
  type RuleDraft,
} from '../model/action.ts';
import type { Behaviour } from '../model/compatibility.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type { ActionNode } from '../seclang/ast.ts';
import type { CheckContext } from './context.ts';
import { actionMacro } from './macros.ts';
import { allowedProgram } from './programs.ts';
import { loadScript } from './scripts.ts';
import { suggestion } from './suggestion.ts';

/** Which list is read: what may stand in it depends on that. */
export type ActionPlace = 'rule' | 'link' | 'default' | 'update';

export function emptyDraft(): RuleDraft {
  return {
    id: undefined,
    phase: undefined,
    msg: undefined,
    logdata: undefined,
    tags: [],
    severity: undefined,
    rev: undefined,
    ver: undefined,
    maturity: undefined,
    accuracy: undefined,
    status: undefined,
    disruptive: undefined,
    log: undefined,
    auditlog: undefined,
    capture: undefined,
    multiMatch: undefined,
    chain: false,
    skip: undefined,
    skipAfter: undefined,
    transformations: [],
    effects: [],
    xmlns: new Map(),
  };
}

/** One for a list of actions: `place` tells where the one stands that is being applied. */
function actionContext(place: () => Span, context: CheckContext): ActionContext {
  const { library, report } = context;
  return {
    behaviour: context.behaviour,
    macro: (text) => actionMacro(text, place(), context),
    warn: (code, message, help) => report.warning({ code, message, span: place(), help }),
    variableName: (name) => {
      const variable = library.variables.find(name);
      if (variable !== undefined) return variable.name;
      const help = suggestion(name, library.variables.names);
      throw new ActionValueError(`"${name}" is not a variable`, {
        code: 'unknown-variable',
        ...(help !== undefined && { help }),
      });
    },
    transformation: (name) => {
      const transformation = library.transformations.find(name);
      if (transformation !== undefined) return transformation;
      const help = suggestion(name, library.transformations.names, (found) => `t:${found}`);
      throw new ActionValueError(`"t:${name}" is not a transformation`, {
        code: 'unknown-transformation',
        ...(help !== undefined && { help }),
      });
    },
    loadScript: (path) => loadScript(path, place(), context),
    allowedProgram: (path) => allowedProgram(path, place(), context),
    pattern: (source) => {
      const matcher = context.compilePattern(source);
      return (text) => matcher.test(text);
    },
  };
}

const PLACES: Readonly<Record<ActionPlace, string>> = {
  rule: 'a rule',
  link: 'a chained rule',
  default: 'SecDefaultAction',
  update: 'SecRuleUpdateActionById',
};

/** libmodsecurity and Coraza read over the metadata of chained rules. */
function ignoredInLink({ group, name }: ActionDefinition, behaviour: Behaviour): boolean {
  if (name === 'skipAfter') return behaviour.linkSkipAfter === 'ignored';
  if (name === 'status' && behaviour.linkStatus === 'last-holds') return false;
  return behaviour.linkMetadata === 'ignored' && (group === 'metadata' || group === 'data');
}

function isCarriedOutInLink({ name }: ActionDefinition, behaviour: Behaviour): boolean {
  if (name === 'status') return behaviour.linkStatus === 'last-holds';
  return name === 'skipAfter' && behaviour.linkSkipAfter === 'carried-out';
}

/** Applies the actions to the draft, in order. */
export function applyActions(
  draft: RuleDraft,
  nodes: readonly ActionNode[],
  place: ActionPlace,
  context: CheckContext,
): void {
  const { library, report } = context;
  let span: Span | undefined;
  const applying = actionContext(() => span as Span, context);
  for (const node of nodes) {
    const definition = library.actions.find(node.name);
    if (definition === undefined) {
      report.error({
        code: 'unknown-action',
        message: `"${node.name}" is not an action`,
        span: node.nameSpan,
        help: suggestion(node.name, library.actions.names),
      });
      continue;
    }
    if (place === 'link' && !definition.inLink && ignoredInLink(definition, context.behaviour)) {
      continue;
    }
    if (
      (place === 'link' &&
        !definition.inLink &&
        !isCarriedOutInLink(definition, context.behaviour)) ||
      (place === 'default' && !definition.inDefault)
    ) {
      report.error({
        code: 'misplaced-action',
        message: `"${definition.name}" must not stand in ${PLACES[place]}`,
        span: node.span,
        help:
          place === 'link'
            ? `move ${definition.name} to the rule that starts the chain`
            : `give ${definition.name} in the rules themselves`,
      });
      continue;
    }
    if (place === 'default' && definition.name === 'block') {
      report.warning({
        code: 'no-effect',
        message: '"block" in SecDefaultAction refers to itself',
        span: node.span,
        help: 'say what blocking rules are to do: deny, drop, redirect or pass',
      });
      if (draft.disruptive !== undefined) continue;
    }
    const value = node.value ?? '';
    if (definition.value === 'required' && value === '') {
      report.error({
        code: 'missing-action-value',
        message: `"${definition.name}" needs a value`,
        span: node.span,
        help: definition.summary,
      });
      continue;
    }
    if (definition.value === 'none' && node.value !== undefined) {
      report.warning({
        code: 'needless-action-value',
        message: `"${definition.name}" takes no value; "${value}" is ignored`,
        span: node.valueSpan ?? node.span,
      });
    }
    span = node.valueSpan ?? node.span;
    try {
      definition.apply(draft, value, applying);
    } catch (error) {
      if (!(error instanceof ActionValueError || error instanceof OperatorArgumentError))
        throw error;
      report.error({
        code: error.code,
        message: error.message,
        span,
        help: error.help,
      });
    }
  }
}
