// Tree to canonical text: parsing the text again gives an equal tree, but for spans.
//
// Double quotes by default, four blanks of indentation, one action per line once a rule is longer than
// a line. Comments are kept; those inside a directive move above it.

import type {
  ActionNode,
  Directive,
  Document,
  OperatorNode,
  Selector,
  TargetNode,
  Word,
} from './ast.ts';

const WIDTH = 100;
const CONTINUED = ' \\\n    ';
const PLAIN_LITERAL = /^[^|,'/ \t\r\f\v\n][^|, \t\r\f\v\n]*$/;
const PLAIN_REGEX = /^[^|,'" \t\r\f\v\n]*$/;
const PLAIN_XPATH = /^[^|,()[\]'" \t\r\f\v\n]+$/;
const BARE_WORD = /^[^'" \t\r\f\v\n][^ \t\r\f\v\n]*$/;

/** The document as text, with a line end behind the last line. */
export function print(document: Document): string {
  const parts: string[] = [];
  for (const directive of document.directives) {
    const text = printDirective(directive);
    const isSpacious =
      directive.comments.length > 0 ||
      directive.detachedComments.length > 0 ||
      text.includes('\n') ||
      parts.at(-1)?.includes('\\\n');
    if (isSpacious && parts.length > 0) parts.push('');
    for (const block of directive.detachedComments) {
      for (const comment of block) parts.push(printComment(comment));
      parts.push('');
    }
    for (const comment of directive.comments) parts.push(printComment(comment));
    parts.push(text);
  }
  if (document.trailingComments.length > 0 && parts.length > 0) parts.push('');
  for (const comment of document.trailingComments) parts.push(printComment(comment));
  return parts.map((part) => `${part}\n`).join('');
}

/** One directive, without its comments and without a line end behind it. */
export function printDirective(directive: Directive): string {
  const { name } = directive;
  switch (directive.type) {
    case 'rule': {
      const targets = targetsWord(directive.targets);
      const words = [name, targets, printWord(printOperator(directive.operator), '"')];
      return withActions(words.join(' '), directive.actions);
    }
    case 'action':
    case 'default-action':
      return withActions(name, directive.actions);
    case 'script':
      return withActions(`${name} ${written(directive.path)}`, directive.actions);
    case 'marker':
      return `${name} ${written(directive.marker)}`;
    case 'include':
      return `${name} ${written(directive.path)}`;
    case 'remove':
      return [name, ...directive.selectors.map(written)].join(' ');
    case 'update-target': {
      const { selector, targets, replaced } = directive;
      const words = [name, written(selector), targetsWord(targets)];
      if (replaced !== undefined) words.push(targetsWord(replaced));
      return words.join(' ');
    }
    case 'update-action':
      return withActions(`${name} ${written(directive.selector)}`, directive.actions);
    case 'setting':
      return [name, ...directive.arguments.map(written)].join(' ');
  }
}

/** Targets as they stand in a rule, without quotes around the list. */
export function printTargets(targets: readonly TargetNode[]): string {
  return targets.map((target) => printTarget(target, printSelector)).join('|');
}

/** The operator as it stands in a rule, without the quotes around it. */
export function printOperator(operator: OperatorNode): string {
  const { negated, implicit, name, argument } = operator;
  const sign = negated ? '!' : '';
  if (!implicit) return `${sign}@${name}${argument === '' ? '' : ` ${argument}`}`;
  // An operator of blanks is a pattern that is empty; an empty word would be an error.
  return `${sign}${argument}` || ' ';
}

export function printAction(action: ActionNode): string {
  const { name, value, quoted } = action;
  if (value === undefined) return name;
  const inner = quoted ? escaped(value, "'") : undefined;
  return inner === undefined ? `${name}:${value}` : `${name}:'${inner}'`;
}

function printTarget(target: TargetNode, selectorText: (selector: Selector) => string): string {
  const sign = target.exclude ? '!' : target.count ? '&' : '';
  const { selector } = target;
  return `${sign}${target.name}${selector === undefined ? '' : `:${selectorText(selector)}`}`;
}

function printSelector(selector: Selector): string {
  const { kind, value } = selector;
  const bare = bareSelector(selector);
  // Other engines cut an unquoted regex at a separator.
  if (kind === 'regex') return PLAIN_REGEX.test(value) ? bare : inSingleQuotes(bare);
  return (kind === 'xpath' ? PLAIN_XPATH : PLAIN_LITERAL).test(value) ? bare : inSingleQuotes(bare);
}

function bareSelector({ kind, value }: Selector): string {
  return kind === 'regex' ? `/${escaped(value, '/') ?? value}/` : value;
}

/** Bare where no blank or quote forbids it. */
function targetsWord(targets: readonly TargetNode[]): string {
  const text = printTargets(targets);
  if (BARE_WORD.test(text) && !hasOpenEnd(text)) return text;
  return (
    quotedWord(withClosedEnd(text), '"') ??
    // Single quotes around selectors may be what cannot be quoted once more.
    quotedWord(
      withClosedEnd(targets.map((each) => printTarget(each, bareSelector)).join('|')),
      '"',
    ) ??
    text
  );
}

function inSingleQuotes(text: string): string {
  const inner = escaped(text, "'");
  return inner === undefined ? text : `'${inner}'`;
}

function withActions(head: string, actions: readonly ActionNode[] | undefined): string {
  if (actions === undefined) return head;
  const printed = actions.map(printAction);
  const word = printWord(withClosedEnd(printed.join(',')), '"');
  if (head.length + 1 + word.length <= WIDTH) return `${head} ${word}`;
  // A word that has to stay bare cannot be indented.
  const text = word.startsWith('"')
    ? printWord(withClosedEnd(printed.join(',\\\n    ')), '"')
    : word;
  return `${head}${CONTINUED}${text}`;
}

/** A blank keeps a backslash at the end from escaping the quote; lists ignore it. */
function withClosedEnd(text: string): string {
  return hasOpenEnd(text) ? `${text} ` : text;
}

function hasOpenEnd(text: string): boolean {
  let end = text.length;
  while (text[end - 1] === '\\') end--;
  return (text.length - end) % 2 === 1;
}

function written(word: Word): string {
  return printWord(word.text, word.quote);
}

/** The word in the wanted quotes, or in others that can hold it. */
function printWord(text: string, quote: Word['quote']): string {
  if (quote === '`')
    return `\`\n${text === '' ? '' : `${text.replace(/\r(?=\n|$)/g, '\r\r')}\n`}\``;
  if (quote === '' && BARE_WORD.test(text)) return text;
  return quotedWord(text, quote === "'" ? "'" : '"') ?? text;
}

/** The word in the wanted quotes, or in the other ones if only those can hold it. */
function quotedWord(text: string, quote: '"' | "'"): string | undefined {
  const other = quote === '"' ? "'" : '"';
  for (const candidate of [quote, other]) {
    const inner = escaped(text, candidate);
    if (inner !== undefined) return `${candidate}${inner}${candidate}`;
  }
  return undefined;
}

/**
 * The text as it stands between two quotes, which removes one level of backslashes in front of the
 * quote only. Undefined when no text reads as this one: it has a lone backslash before a quote or at
 * its end.
 */
function escaped(text: string, quote: string): string | undefined {
  let out = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') {
      const next = text[at + 1];
      if (next === undefined || next === quote) return undefined;
      at++;
    } else if (text[at] === quote) {
      out += `${text.slice(copied, at)}\\`;
      copied = at;
    }
  }
  return out + text.slice(copied);
}

function printComment(text: string): string {
  // A line end takes one carriage return with it.
  return `#${text}${text.endsWith('\r') ? '\r' : ''}`;
}
