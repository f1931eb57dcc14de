// Forms of rules that Portcullis loads but the chosen engine would not.
//
// Every check names what it refuses with a word of `Refusal`; an engine's record lists its words. Nothing is
// checked for Portcullis itself, whose own errors are found where directives are carried out.

import type { Span } from '../diagnostics/span.ts';
import { hasMacro } from '../library/macro.ts';
import type { Refusal } from '../model/compatibility.ts';
import type { ActionNode, Directive, OperatorNode, TargetNode } from '../seclang/ast.ts';
import type { CheckContext } from './context.ts';

/** Reports what the chosen engine would refuse of the directive. */
export function checkDialect(directive: Directive, context: CheckContext): void {
  const { refuses, unknown, compatibility } = context.behaviour;
  if (refuses.size === 0 && unknown.size === 0) return;
  const complain = (what: string, span: Span): void => {
    context.report.error({
      code: 'other-dialect',
      message: `${compatibility} does not load ${what}`,
      span,
      help: 'change the line, or choose another SecCompatibility',
    });
  };
  const check: Check = {
    context,
    refuse: (refusal, what, span) => {
      if (refuses.has(refusal)) complain(what, span);
    },
    know: (key, what, span) => {
      if (unknown.has(key.toLowerCase())) complain(what, span);
    },
  };
  check.know(directive.name, directive.name, directive.nameSpan);
  checkLines(directive, check);
  checkSettings(directive, check);
  if ('actions' in directive && directive.actions !== undefined) {
    checkActions(directive, directive.actions, check);
  }
  if (directive.type === 'rule') {
    checkOperator(directive.operator, check);
    checkTargets(directive.targets, check);
  }
}

/** For a link of a chain, and the directive behind it. */
export function checkLink(
  directive: Directive,
  next: Directive | undefined,
  context: CheckContext,
): void {
  const { refuses, compatibility } = context.behaviour;
  const complain = (what: string): void =>
    context.report.error({
      code: 'other-dialect',
      message: `${compatibility} does not load ${what}`,
      span: directive.span,
      help: 'change the line, or choose another SecCompatibility',
    });
  if (directive.type === 'action' && refuses.has('chained-actions')) {
    complain('a SecAction in a chain');
  }
  if (directive.type !== 'rule' || directive.actions !== undefined || next === undefined) return;
  // libmodsecurity reads the next line for actions, unless a blank line or a comment stands between.
  const { source, end } = directive.span;
  const isNextLine =
    next.span.source === source &&
    /^[ \t]*\r?\n[ \t]*$/.test(source.text.slice(end, next.span.start));
  if (isNextLine && refuses.has('links-without-actions')) {
    complain('a link without actions right above another directive');
  }
}

/** For SecUploadKeepFiles in a rule set without SecUploadDir. */
export function checkKeptUploads({ span }: Directive, { behaviour, report }: CheckContext): void {
  if (!behaviour.refuses.has('kept-uploads-without-directory')) return;
  report.error({
    code: 'other-dialect',
    message: `${behaviour.compatibility} does not keep uploads without a directory for them`,
    span,
    help: 'name one: SecUploadDir',
  });
}

interface Check {
  readonly context: CheckContext;
  readonly refuse: (refusal: Refusal, what: string, span: Span) => void;
  readonly know: (key: string, what: string, span: Span) => void;
}

/** Whether Go's regexp, which never goes back, refuses the pattern. */
function isBacktracking(pattern: string): boolean {
  // What is escaped or in a class is no operator.
  const operators = pattern.replace(/\\(?![1-9Z])./gs, 'x').replace(/\[\^?\]?[^\]]*\]/g, 'x');
  return /\(\?(?:[=!>]|<[=!])|\\[1-9Z]|[+*?}]\+/.test(operators);
}

const textOf = ({ source, start, end }: Span): string => source.text.slice(start, end);

function checkLines({ span, comments }: Directive, { refuse }: Check): void {
  const lines = textOf(span).split('\n').slice(1);
  if (lines.some((line) => /^\s*(?:#|$)/.test(line))) {
    refuse('broken-continuations', 'blank lines and comments inside a directive', span);
  }
  if (comments.some((comment) => comment.endsWith('\\')) && hidesLines(span, comments.length)) {
    refuse('continued-comments', 'what is left of a rule whose first line is a comment', span);
  }
}

/** Whether a line above belongs to a comment only by the backslash in front of it. */
function hidesLines({ source, start }: Span, count: number): boolean {
  let below = '';
  let end = source.text.lastIndexOf('\n', start - 1);
  for (let line = 0; line < count && end >= 0; line++) {
    const before = end === 0 ? -1 : source.text.lastIndexOf('\n', end - 1);
    const text = source.text.slice(before + 1, end).trim();
    if (text.startsWith('#') && text.endsWith('\\') && /^[^#]/.test(below)) return true;
    below = text;
    end = before;
  }
  return false;
}

function checkSettings(directive: Directive, { refuse }: Check): void {
  const { name, span } = directive;
  if (directive.type === 'remove' && directive.by === 'id') {
    const isRange = directive.selectors.some(({ quote, text }) => quote !== '' && /-/.test(text));
    if (isRange) refuse('quoted-ranges', 'a range of ids in quotes', span);
  }
  if (directive.type !== 'setting') return;
  const text = directive.arguments[0]?.text ?? '';
  if (/^SecAuditLogRelevantStatus$/i.test(name) && isBacktracking(text)) {
    refuse('backtracking-patterns', 'look-around', span);
  }
  if (/^SecCookieFormat$/i.test(name) && text === '1') {
    refuse('version-1-cookies', `${name} 1`, span);
  }
  if (/^SecUploadKeepFiles$/i.test(name) && /^RelevantOnly$/i.test(text)) {
    refuse('relevant-uploads', `${name} RelevantOnly`, span);
  }
}

function checkActions(directive: Directive, actions: readonly ActionNode[], check: Check): void {
  const { refuse, know } = check;
  const disruptive = actions.filter(({ name }) => DISRUPTIVE.test(name));
  if (
    directive.type === 'default-action' &&
    disruptive.length > 0 &&
    disruptive.every(({ name }) => /^block$/i.test(name))
  ) {
    refuse(
      'default-block',
      'block as the only disruptive action of SecDefaultAction',
      directive.span,
    );
  }
  if (directive.type === 'action' && actions.some(({ name }) => /^chain$/i.test(name))) {
    refuse('chained-actions', 'a SecAction that starts a chain', directive.span);
  }
  const { source } = directive.span;
  actions.forEach((action, at) => {
    const next = actions[at + 1];
    const { end } = action.span;
    const between = source.text.slice(end, next?.span.start ?? end).replace(/\\\r?\n\s*/g, '');
    const commas = between.split(',').length - 1;
    if (next !== undefined) {
      if (commas === 0)
        refuse('blanks-for-commas', 'actions without a comma between them', next.span);
      if (commas > 1) refuse('doubled-commas', 'two commas in a row', next.span);
    }
    checkAction(directive, action, check);
    know(`!${action.name}`, `the action ${action.name}`, action.nameSpan);
    if (action.name === 't') know(`t:${action.value ?? ''}`, `t:${action.value}`, action.span);
  });
  const last = actions.at(-1);
  const behind = last === undefined ? '' : source.text.slice(last.span.end, directive.span.end);
  if (last !== undefined && /^['\s]*,/.test(behind)) {
    refuse('doubled-commas', 'a comma behind the last action', last.span);
  }
  if (last !== undefined && /^[ \t]+"/.test(behind)) {
    refuse('action-blanks', 'blanks around actions', last.span);
  }
}

const TEXT_ARGUMENTS = /^(?:contains|beginsWith|endsWith|streq|within|strmatch|eq|ge|gt|le|lt)$/i;
const METADATA = /^(?:msg|logdata|rev|ver|tag|severity|maturity|accuracy)$/i;
const DISRUPTIVE = /^(?:allow|block|deny|drop|pass|pause|proxy|redirect)$/i;
const DISRUPTION = /^(?:deny|drop|redirect|proxy|block)$/i;

function checkAction(directive: Directive, action: ActionNode, { refuse }: Check): void {
  const { name, span } = action;
  const value = action.value ?? '';
  const lower = name.toLowerCase();
  if (/:[ \t]/.test(textOf(span).slice(name.length, name.length + 2))) {
    refuse('colon-blanks', 'a blank behind the colon', span);
  }
  if (lower === 'msg' && !action.quoted && /[ \t]/.test(value)) {
    refuse('blanks-in-messages', 'an unquoted message with blanks', span);
  }
  if (action.quoted && /\\(?!')/.test(value)) {
    refuse('backslashes-in-quotes', 'a backslash in a quoted value', span);
  }
  if (lower === 'accuracy' || lower === 'maturity') {
    refuse('accuracy-and-maturity', name, span);
  }
  if (lower === 't' && value.startsWith('-')) {
    refuse('negative-transformations', `t:${value}`, span);
  }
  if (directive.type === 'default-action') {
    if (METADATA.test(name)) refuse('default-metadata', `${name} in SecDefaultAction`, span);
    if (lower === 't') {
      refuse('default-transformations', 't: in SecDefaultAction', span);
      if (value.toLowerCase() === 'none') {
        refuse('default-transformation-none', 't:none in SecDefaultAction', span);
      }
    }
  }
  if (lower === 'setvar') checkSetvar(action, value, refuse);
  if (lower === 'ctl') checkCtl(value, span, refuse);
  if (lower === 'initcol' && !/^(?:global|ip|resource|session|user)\b/i.test(value)) {
    refuse('unknown-collections', `initcol of ${value}`, span);
  }
  if (lower === 'exec' && !/\.lua$/i.test(value)) refuse('programs', `exec of ${value}`, span);
  if (lower === 'xmlns') refuse('namespaces', name, span);
  if ('actions' in directive && DISRUPTION.test(name)) {
    const phase = directive.actions?.find((other) => other.name.toLowerCase() === 'phase')?.value;
    if (phase === '5' || phase === 'logging') {
      refuse('disruption-in-logging', `${name} in phase 5`, span);
    }
  }
}

function checkSetvar(action: ActionNode, value: string, refuse: Check['refuse']): void {
  if (/=$/.test(value)) refuse('empty-variables', 'setvar with an empty value', action.span);
  if (action.quoted && value.includes(',')) {
    refuse('quoted-assignments-with-commas', 'a comma in setvar', action.span);
  }
  if (!/^!?tx[.:]/i.test(value)) {
    refuse('persistent-variables', `setvar of ${value}`, action.span);
  }
}

function checkCtl(value: string, span: Span, refuse: Check['refuse']): void {
  if (/^debugLogLevel/i.test(value)) refuse('ctl-debug-log-level', `ctl:${value}`, span);
  if (/^responseBodyAccess/i.test(value)) refuse('ctl-response-body-access', `ctl:${value}`, span);
  if (/^requestBodyProcessor=MULTIPART/i.test(value)) refuse('ctl-multipart', `ctl:${value}`, span);
  if (/^ruleRemove(?:By|TargetBy)(?:Tag|Id)=.*(?:[\^$]|:\/)/i.test(value)) {
    refuse('ctl-patterns', `ctl:${value}`, span);
  }
}

function checkOperator(operator: OperatorNode, check: Check): void {
  const { refuse, know, context } = check;
  const { name, argument, word, span } = operator;
  if (context.behaviour.unknownOperators === 'refused') know(`@${name}`, `@${name}`, span);
  if (argument === '' && operator.implicit && word.text.trim() === '!') {
    refuse('bare-negation', 'an operator that is only "!"', span);
  }
  if (word.quote === '') refuse('bare-operators', 'an operator without quotes', span);
  if (word.quote === "'") refuse('single-quoted-operators', 'an operator in single quotes', span);
  const known = context.library.operators.find(name);
  // An argument of @geoLookup is read over.
  const takesArgument = known?.argument !== 'none' && known?.name !== 'geoLookup';
  if (argument === '' && takesArgument && !operator.implicit) {
    refuse('empty-arguments', `@${name} without an argument`, span);
    if (TEXT_ARGUMENTS.test(name))
      refuse('empty-text-arguments', `@${name} without an argument`, span);
  }
  if (hasMacro(argument)) {
    for (const [, variable = ''] of argument.matchAll(/%\{([A-Za-z_]+)/g)) {
      if (context.library.variables.find(variable) === undefined) {
        refuse('unknown-macros', `a macro of ${variable}`, span);
      }
    }
  }
  if (/^rx$/i.test(name) && isBacktracking(argument)) {
    refuse('backtracking-patterns', 'look-around, back-references and possessive repeats', span);
  }
  if (/^ipMatch$/i.test(name) && /,\s|\s,|\/0(?!\d)/.test(argument)) {
    refuse('address-list-blanks', 'blanks in a list of addresses, and /0', span);
  }
}

// Facts of the connection and the machine that an engine does not count.
const CONNECTION_FACTS = /^(?:REMOTE_USER|AUTH_TYPE|SESSIONID|USERID)$/i;

function checkTargets(targets: readonly TargetNode[], check: Check): void {
  const { refuse, know, context } = check;
  const first = targets[0];
  if (first === undefined) return;
  const { source } = first.span;
  const list = source.text.slice(first.span.start, targets.at(-1)?.span.end);
  if (source.text[first.span.start - 1] === '"') {
    refuse('quoted-targets', 'a list of targets in quotes', first.span);
  }
  if (/\s\||\|\s/.test(list)) refuse('blanks-around-targets', 'blanks around "|"', first.span);
  for (const { name, selector, count, span, nameSpan } of targets) {
    know(`$${name}`, name, nameSpan);
    const variable = context.library.variables.find(name);
    const isEmpty = selector?.value === '' || (selector === undefined && /:$/.test(textOf(span)));
    if (isEmpty) refuse('empty-selectors', `${name}: without a key`, span);
    if (variable === undefined && /^HTTP_/i.test(name)) refuse('header-prefix', name, nameSpan);
    if (count && variable?.kind === 'scalar') {
      refuse('count-of-scalars', `&${name}`, span);
      if (CONNECTION_FACTS.test(name)) refuse('count-of-connection-facts', `&${name}`, span);
    }
    if (selector?.kind === 'regex') {
      const written = textOf(selector.span);
      const quoted = written.startsWith("'");
      if (!quoted && selector.value.includes('|')) {
        refuse('unquoted-pipes', '"|" in an unquoted selector', span);
      }
      if (quoted && /\\(?!')/.test(written)) {
        refuse('backslashes-in-quotes', 'a backslash in a quoted selector', span);
      }
    }
  }
}
