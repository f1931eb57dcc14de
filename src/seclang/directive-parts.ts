// Targets, operators and actions: from what the grammars recognised to nodes of the tree.
//
// Every node is led back to the source through the word it stands in. What a word says wrong is
// reported item by item; a part with any mistake has no node.

import type { Span } from '../diagnostics/span.ts';
import type { ActionNode, OperatorNode, Selector, TargetNode, Word } from './ast.ts';
import type { RawAction, RawOperator, RawSelector, RawTarget } from './build.ts';
import type { Failure } from './recognise.ts';
import { recognise, recogniseList } from './recognise.ts';
import type { Recognisers } from './recognisers.ts';
import type { Syntax } from './syntax.ts';
import { BROKEN_QUOTE } from './tokens.ts';
import { spanInWord } from './word.ts';
import { ACTION_TOKENS, expectation, quoted, TARGET_TOKENS } from './wording.ts';

/** Takes one problem of the part at hand. */
export type Complain = (code: string, message: string, span: Span, help?: string) => void;

/** A slash at both ends; an escaped slash does not end a regex. */
const QUOTED_REGEX = /^\/[^\\]*(?:\\.[^\\]*)*\/$/s;
/** libmodsecurity takes a dot for a colon behind collections that rules write to. */
const DOTTED = /(?<=^|[|,&!])(tx|global|ip|resource|session|user)\./gi;
const EMPTY_OPERATOR: RawOperator = { negation: undefined, name: undefined, argument: undefined };
const BLANKS_AT_END = /[ \t\r\f\v]+$/;

/** The targets of a word; undefined when it cannot be read. */
export function readTargets(
  recognisers: Recognisers,
  word: Word,
  complain: Complain,
  syntax: Syntax,
): readonly TargetNode[] | undefined {
  const text =
    syntax.dottedTargets === 'keys'
      ? word.text.replace(DOTTED, (_whole, name: string) => `${name}:`)
      : word.text;
  const { items, failures } = recogniseList<RawTarget>(recognisers.targets, text);
  for (const failure of failures) complainOfTarget(word, failure, complain);
  return failures.length > 0 ? undefined : items.map((raw) => targetNode(word, raw));
}

/** The operator of a word; undefined when it cannot be read. */
export function readOperator(
  recognisers: Recognisers,
  word: Word,
  complain: Complain,
  syntax: Syntax,
): OperatorNode | undefined {
  if (word.text === '' && syntax.emptyOperators === 'refused') {
    complain('empty-operator', 'the operator is empty', word.span, 'write @unconditionalMatch');
    return undefined;
  }
  if (word.text === '') return operatorNode(word, EMPTY_OPERATOR);
  const { node, failure } = recognise<RawOperator>(recognisers.operator, word.text);
  if (failure !== undefined) {
    const { start, end } = extent(word, failure);
    complain(
      'bad-operator',
      'found "@" without a name, expected the name of an operator directly behind it',
      spanInWord(word, start, end),
      'to search for "@" itself write "@rx @"',
    );
    return undefined;
  }
  return operatorNode(word, node);
}

/** The actions of a word; undefined when it cannot be read. */
export function readActions(
  recognisers: Recognisers,
  word: Word,
  complain: Complain,
  syntax: Syntax,
): readonly ActionNode[] | undefined {
  const { text } = word;
  let { items, failures } = recogniseList<RawAction>(recognisers.actions, text);
  const isOpen = failures.at(-1)?.token?.type === BROKEN_QUOTE;
  if (isOpen && syntax.unclosedValues === 'rest-of-list') {
    const closed = `${text}'`;
    ({ items, failures } = recogniseList<RawAction>(recognisers.actions, closed));
  }
  for (const failure of failures) complainOfAction(word, failure, complain);
  return failures.length > 0
    ? undefined
    : items.map((raw) => actionNode(word, raw, syntax, recognisers.shared));
}

function targetNode(word: Word, raw: RawTarget): TargetNode {
  const { prefix, name, selector } = raw;
  const nameText = name.text.endsWith(':') ? name.text.slice(0, -1) : name.text;
  const start = prefix?.offset ?? name.offset;
  const end = selector?.end ?? name.offset + name.text.length;
  return {
    count: prefix?.type === 'count',
    exclude: prefix?.type === 'exclude',
    name: nameText,
    selector: selector && selectorNode(word, selector, name.type === 'xmlKey'),
    nameSpan: spanInWord(word, name.offset, name.offset + nameText.length),
    span: spanInWord(word, start, end),
  };
}

function selectorNode(word: Word, raw: RawSelector, isXml: boolean): Selector {
  const span = spanInWord(word, raw.start, raw.end);
  const text = word.text.slice(raw.start, raw.end);
  if (raw.kind === 'xpath') return { kind: 'xpath', value: text, span };
  if (raw.kind === 'literal') return { kind: 'literal', value: text, span };
  if (raw.kind === 'regex') {
    return { kind: 'regex', value: withoutEscaped(text.slice(1, -1), '/'), span };
  }
  const inner = unquoted(text);
  if (isXml) return { kind: 'xpath', value: inner, span };
  // As in ModSecurity 2: quoted text between slashes is a regex, any other a literal key.
  if (QUOTED_REGEX.test(inner)) {
    return { kind: 'regex', value: withoutEscaped(inner.slice(1, -1), '/'), span };
  }
  return { kind: 'literal', value: inner, span };
}

function operatorNode(word: Word, raw: RawOperator): OperatorNode {
  const { negation, name, argument } = raw;
  const at = name === undefined ? 0 : name.text.indexOf('@') + 1;
  const nameStart = name === undefined ? (argument?.offset ?? word.text.length) : name.offset + at;
  const nameEnd = name === undefined ? nameStart : name.offset + name.text.length;
  const argumentStart = argument?.offset ?? word.text.length;
  const start =
    negation === undefined ? nameStart - (name === undefined ? 0 : 1) : negation.text.indexOf('!');
  return {
    negated: negation !== undefined,
    name: name === undefined ? 'rx' : name.text.slice(at),
    implicit: name === undefined,
    argument: argument?.text ?? '',
    nameSpan: spanInWord(word, nameStart, nameEnd),
    argumentSpan: spanInWord(word, argumentStart, word.text.length),
    span: spanInWord(word, start, word.text.length),
    word,
    argumentStart,
  };
}

function actionNode(
  word: Word,
  raw: RawAction,
  { quotesInValues }: Syntax,
  shared: Recognisers['shared'],
): ActionNode {
  const { name, value } = raw;
  const colon = name.type === 'key' ? name.text.indexOf(':') : name.text.length;
  const nameSpan = spanInWord(word, name.offset, name.offset + colon);
  if (name.type !== 'key') {
    return {
      name: shared(name.text),
      value: undefined,
      quoted: false,
      nameSpan,
      valueSpan: undefined,
      span: nameSpan,
    };
  }
  const start = value?.offset ?? name.offset + name.text.replace(BLANKS_AT_END, '').length;
  const end = start + (value?.text.length ?? 0);
  const isQuoted = value?.type === 'quoted';
  const text = value?.text ?? '';
  const inset = isQuoted ? 1 : 0;
  const inner = isQuoted && quotesInValues === 'kept' ? text.slice(1, -1) : undefined;
  return {
    name: shared(name.text.slice(0, colon)),
    value: shared(inner ?? (isQuoted ? unquoted(text) : text)),
    quoted: isQuoted,
    nameSpan,
    valueSpan: spanInWord(word, start + inset, end - inset),
    span: spanInWord(word, name.offset, end),
  };
}

/** Without the single quotes around it; `\'` becomes `'`, every other backslash stays. */
function unquoted(text: string): string {
  return withoutEscaped(text.slice(1, -1), "'");
}

/** Removes the backslash in front of `char`, where it is not escaped itself. */
function withoutEscaped(text: string, char: string): string {
  if (!text.includes(`\\${char}`)) return text;
  return text.replace(/\\(.)/gs, (pair, escaped: string) => (escaped === char ? char : pair));
}

function extent(word: Word, failure: Failure): { start: number; end: number } {
  const { token } = failure;
  if (token === undefined) return { start: word.text.length, end: word.text.length };
  return { start: token.offset, end: token.offset + token.text.length };
}

function complainOfTarget(word: Word, failure: Failure, complain: Complain): void {
  const { start, end } = extent(word, failure);
  const type = failure.token?.type;
  if (type === BROKEN_QUOTE) {
    complain(
      'unclosed-quote',
      'the quote opened here is not closed in this word',
      spanInWord(word, start, start + 1),
      'a blank ends a word: put the whole list of targets in double quotes if a selector has blanks',
    );
  } else if (type === 'brokenRegex') {
    complain(
      'unclosed-selector-regex',
      'the selector begins with "/" but has no closing "/"',
      spanInWord(word, start, end),
      "close the regular expression, or quote a literal key: ARGS:'/key'",
    );
  } else {
    const found = quoted(word.text, start, end);
    complain(
      'bad-target',
      expectation(found, failure.expected, TARGET_TOKENS),
      spanInWord(word, start, end),
      word.text[start] === '.' ? 'in a target, a colon stands before the key: TX:name' : undefined,
    );
  }
}

function complainOfAction(word: Word, failure: Failure, complain: Complain): void {
  const { start, end } = extent(word, failure);
  if (failure.token?.type === BROKEN_QUOTE) {
    complain(
      'unclosed-quote',
      'the single quote opened here is never closed',
      spanInWord(word, start, start + 1),
      "close it, and write \\' for a single quote inside the value",
    );
    return;
  }
  const found = quoted(word.text, start, end);
  const isQuote = word.text[start] === "'";
  // Where an action may stand, a separator in front of it is possible but not the point.
  const isItem = failure.expected.includes('flag');
  const expected = failure.expected.filter((type) => !isItem || type !== 'separator');
  complain(
    'bad-action',
    expectation(found, expected, ACTION_TOKENS),
    spanInWord(word, start, end),
    isQuote ? "single quotes go around the whole value: setvar:'tx.a=b c'" : undefined,
  );
}
