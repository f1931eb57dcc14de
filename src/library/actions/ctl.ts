// ctl: changes the engine for the rest of this transaction.

import { type ActionContext, type ActionDefinition, ActionValueError } from '../../model/action.ts';
import type { RuleSelector, TargetExclusion, TransactionControl } from '../../model/control.ts';
import { defineAction, EFFECT, numberValue, wordValue } from './define.ts';

type Effect = (control: TransactionControl) => void;
type Option = (value: string, context: ActionContext) => Effect;

const ON_OFF = ['On', 'Off'] as const;
// Coraza's; responses are looked at as they are, whichever is named.
const RESPONSE_PROCESSORS = ['JSON', 'XML', 'RAW'] as const;
const PROCESSORS = ['URLENCODED', 'MULTIPART', 'XML', 'JSON'] as const;

/** `1`, `1-5`: one id or one range. */
export function parseIdRange(text: string): readonly [number, number] {
  const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(text);
  if (match === null) {
    throw new ActionValueError(`"${text}" is not a rule id or a range of ids`, {
      help: 'write one id (942100) or one range (942000-942999)',
    });
  }
  const low = Number(match[1]);
  const high = match[2] === undefined ? low : Number(match[2]);
  if (high < low) throw new ActionValueError(`the range "${text}" runs backwards`);
  return [low, high];
}

/** `ARGS`, `ARGS:name`, `ARGS:/regex/`. */
export function parseExclusion(text: string, context: ActionContext): TargetExclusion {
  const colon = text.indexOf(':');
  const variable = context.variableName((colon < 0 ? text : text.slice(0, colon)).trim());
  let key = colon < 0 ? '' : text.slice(colon + 1).trim();
  if (key.length > 1 && key.startsWith("'") && key.endsWith("'")) key = key.slice(1, -1);
  if (key === '') return { variable, key: undefined, matches: undefined };
  if (key.length > 1 && key.startsWith('/') && key.endsWith('/')) {
    const source = key.slice(1, -1).replaceAll('\\/', '/');
    return { variable, key: undefined, matches: context.pattern(source) };
  }
  if (context.behaviour?.exclusionKeys === 'exact') {
    return { variable, key: undefined, matches: (own) => own === key };
  }
  return { variable, key: key.toLowerCase(), matches: undefined };
}

function patternSelector(by: 'tag' | 'msg', text: string, context: ActionContext): RuleSelector {
  if (text === '') throw new ActionValueError(`the ${by} to remove is missing`);
  if (context.behaviour?.textSelectors === 'exact') return { by, matches: (own) => own === text };
  return { by, matches: context.pattern(text) };
}

function idSelector(text: string): RuleSelector {
  return { by: 'id', ranges: [parseIdRange(text)] };
}

/** libmodsecurity reads the first id of a range. */
function firstIdSelector(text: string): RuleSelector {
  const [low] = parseIdRange(text);
  return { by: 'id', ranges: [[low, low]] };
}

/** `selector;TARGET[,TARGET...]`. */
function targetRemoval(
  value: string,
  context: ActionContext,
  select: (text: string) => RuleSelector,
): Effect {
  const semicolon = value.indexOf(';');
  if (semicolon < 0) {
    throw new ActionValueError(`"${value}" names no target`, {
      help: 'write the rules, a semicolon, then the target: 942100;ARGS:password',
    });
  }
  const selector = select(value.slice(0, semicolon));
  const targets = value.slice(semicolon + 1);
  if (/\|/.test(targets) && !targets.includes('/')) {
    throw new ActionValueError(`"${targets}" holds "|"`, { help: 'separate targets by commas' });
  }
  const exclusions = splitTargets(targets).map((target) => parseExclusion(target, context));
  return (control) => {
    for (const exclusion of exclusions) control.removeTargets(selector, exclusion);
  };
}

/** Commas separate targets, but not inside `/regex/`. */
function splitTargets(text: string): readonly string[] {
  const targets: string[] = [];
  let from = 0;
  let inRegex = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '/' && (inRegex || text[at - 1] === ':')) inRegex = !inRegex;
    else if (text[at] === ',' && !inRegex) {
      targets.push(text.slice(from, at));
      from = at + 1;
    }
  }
  targets.push(text.slice(from));
  return targets.map((target) => target.trim()).filter((target) => target !== '');
}

const onOff =
  (apply: (control: TransactionControl, on: boolean) => void): Option =>
  (value) => {
    const on = wordValue(value, ON_OFF) === 'On';
    return (control) => apply(control, on);
  };

const bytes =
  (apply: (control: TransactionControl, bytes: number) => void): Option =>
  (value) => {
    const limit = numberValue(value, 0, 1_073_741_824);
    return (control) => apply(control, limit);
  };

// RESPONSE_BODY is shown whenever the response is inspected: there is nothing to force.
const alwaysOn: Option = (value, context) => {
  if (wordValue(value, ON_OFF) === 'Off') return accepted('forceResponseBodyVariable', context);
  return () => {};
};

function accepted(option: string, context: ActionContext): Effect {
  context.warn('no-effect', `"ctl:${option}" is accepted but changes nothing here`, 'remove it');
  return () => {};
}

const OPTIONS: Readonly<Record<string, Option>> = Object.freeze({
  auditEngine: (value) => {
    const mode = wordValue(value, ['On', 'Off', 'RelevantOnly'] as const);
    return (control) => control.setAuditEngine(mode);
  },
  auditLogParts: (value) => {
    if (!/^[+-]?[A-Za-z]+$/.test(value))
      throw new ActionValueError(`"${value}" is not a list of parts`);
    return (control) => control.changeAuditLogParts(value.toUpperCase());
  },
  debugLogLevel: (value, context) => {
    numberValue(value, 0, 9);
    return accepted('debugLogLevel', context);
  },
  forceRequestBodyVariable: onOff((control, on) => control.setForceRequestBodyVariable(on)),
  forceResponseBodyVariable: alwaysOn,
  parseXmlIntoArgs: (value) => {
    const mode = wordValue(value, ['On', 'Off', 'OnlyArgs'] as const);
    return (control) => control.setParseXmlIntoArgs(mode);
  },
  requestBodyAccess: onOff((control, on) => control.setRequestBodyAccess(on)),
  requestBodyLimit: bytes((control, limit) => control.setRequestBodyLimit(limit)),
  requestBodyProcessor: (value, context) => {
    const unknown = context.behaviour?.unknownProcessors === 'body-error';
    const name = value.toUpperCase();
    const processor =
      unknown && !PROCESSORS.some((known) => known === name) ? name : wordValue(value, PROCESSORS);
    return (control) => control.setRequestBodyProcessor(processor);
  },
  responseBodyAccess: onOff((control, on) => control.setResponseBodyAccess(on)),
  responseBodyLimit: bytes((control, limit) => control.setResponseBodyLimit(limit)),
  responseBodyProcessor: (value, context) => {
    wordValue(value, RESPONSE_PROCESSORS);
    return accepted('responseBodyProcessor', context);
  },
  ruleEngine: (value) => {
    const mode = wordValue(value, ['On', 'Off', 'DetectionOnly'] as const);
    return (control) => control.setRuleEngine(mode);
  },
  ruleRemoveById: (value) => {
    const selector = idSelector(value);
    return (control) => control.removeRules(selector);
  },
  ruleRemoveByTag: (value, context) => {
    const selector = patternSelector('tag', value, context);
    return (control) => control.removeRules(selector);
  },
  ruleRemoveByMsg: (value, context) => {
    const selector = patternSelector('msg', value, context);
    return (control) => control.removeRules(selector);
  },
  ruleRemoveTargetById: (value, context) =>
    targetRemoval(
      value,
      context,
      context.behaviour?.ctlTargetRanges === 'first-id' ? firstIdSelector : idSelector,
    ),
  ruleRemoveTargetByTag: (value, context) =>
    targetRemoval(value, context, (text) => patternSelector('tag', text, context)),
  ruleRemoveTargetByMsg: (value, context) =>
    targetRemoval(value, context, (text) => patternSelector('msg', text, context)),
  hashEngine: (_value, context) => accepted('hashEngine', context),
  hashEnforcement: (_value, context) => accepted('hashEnforcement', context),
});

/** Coraza finds out at run time that a value is wrong, and does nothing then. */
function readOption(option: Option, value: string, context: ActionContext): Effect {
  try {
    return option(value, context);
  } catch (error) {
    const ignored = context.behaviour?.invalidCtl === 'ignored';
    if (!ignored || !(error instanceof ActionValueError)) throw error;
    context.warn('no-effect', `ctl with "${value}" does nothing: ${error.message}`);
    return () => {};
  }
}

export const CTL_OPTIONS: readonly string[] = Object.freeze(Object.keys(OPTIONS));

export const ctl: ActionDefinition = defineAction(
  'ctl',
  'Changes the engine for the rest of the transaction: ctl:option=value.',
  EFFECT,
  (draft, value, context) => {
    const equals = value.indexOf('=');
    const name = (equals < 0 ? value : value.slice(0, equals)).trim();
    const found = CTL_OPTIONS.find((option) => option.toLowerCase() === name.toLowerCase());
    const option = found === undefined ? undefined : OPTIONS[found];
    if (option === undefined || equals < 0) {
      throw new ActionValueError(
        equals < 0 ? `"${value}" has no value` : `"${name}" is not an option of ctl`,
        { code: 'unknown-ctl-option', help: `options are ${CTL_OPTIONS.join(', ')}` },
      );
    }
    const run = readOption(option, value.slice(equals + 1).trim(), context);
    draft.effects.push({ action: 'ctl', run });
  },
);
