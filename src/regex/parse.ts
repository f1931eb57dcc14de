// PCRE patterns to trees: PCRE2 without UTF, in the C locale.
//
// Everything PCRE2 10.42 accepts is either parsed, or parsed around and listed as foreign, which is
// to say that only PCRE2 can run it. Anything else is an OperatorArgumentError with an offset.

import type { Node, Pattern, RepeatMode } from './ast.ts';
import { ANY_BYTE, NOT_NEWLINE, singleByte, WORD } from './byte-set.ts';
import { isPosixSyntax, readClass } from './classes.ts';
import type { Flags } from './dialect.ts';
import { readEscape } from './escapes.ts';
import { readGroup } from './groups.ts';
import type { NodeItem } from './reader.ts';
import { Reader } from './reader.ts';

/** `{n}` above this is an error in PCRE. */
const MAX_COUNT = 65535;

export function parsePattern(source: string, flags: Flags): Pattern {
  const reader = new Reader(source);
  readSettings(reader);
  const root = readAlternatives(reader, flags);
  if (!reader.atEnd) {
    reader.fail('a closing parenthesis without an opening one', reader.at, 'write \\)');
  }
  reader.checkReferences();
  const { groupCount, foreign, foreignAt, settings } = reader;
  return { source, root, groupCount, foreign, foreignAt, settings, plain: reader.plain };
}

/** Settings that change nothing here: limits are ours, the rest steers optimisations. */
const IGNORED_SETTING =
  /\(\*(?:NO_AUTO_POSSESS|NO_DOTSTAR_ANCHOR|NO_JIT|NO_START_OPT|LF|LIMIT_(?:MATCH|DEPTH|RECURSION|HEAP)=\d+)\)/y;
const PASSED_ON_SETTING =
  /\(\*(?:CR|CRLF|ANY|ANYCRLF|NUL|BSR_ANYCRLF|BSR_UNICODE|NOTEMPTY|NOTEMPTY_ATSTART)\)/y;
const UNICODE_SETTING = /\(\*(?:UTF(?:8|16|32)?|UCP)\)/y;

function readSettings(reader: Reader): void {
  for (;;) {
    const at = reader.at;
    if (reader.take(IGNORED_SETTING)) continue;
    const passedOn = reader.take(PASSED_ON_SETTING);
    if (passedOn) {
      reader.settings += passedOn[0];
      reader.addForeign(passedOn[0], at);
      continue;
    }
    const unicode = reader.take(UNICODE_SETTING);
    if (!unicode) return;
    reader.refuse(
      `${unicode[0]} asks for Unicode, and patterns here match bytes`,
      at,
      'write characters above 0x7f as their UTF-8 bytes',
    );
  }
}

const LITERAL: readonly Node[] = literals(false);
const CASELESS: readonly Node[] = literals(true);

function literals(caseless: boolean): readonly Node[] {
  return Array.from({ length: 256 }, (_, byte) => ({
    kind: 'set',
    set: singleByte(byte, caseless),
  }));
}

/** 1 for each byte that is a literal wherever an item can stand, outside extended mode. */
const PLAIN: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  '\\()[{*+?|.^$'.includes(String.fromCharCode(byte)) ? 0 : 1,
);

/** One alternation, up to a `)` or the end; `(?i)` inside it also holds for later alternatives. */
function readAlternatives(reader: Reader, outer: Flags, onlyOne = false): Node {
  let flags = outer;
  const options: Node[] = [];
  let items: Node[] = [];
  // Whether a quantifier may follow; what it repeats is then the last item.
  let repeatable = false;
  let quoted = false;
  for (;;) {
    // Most of a pattern is chars that stand for themselves.
    const code = reader.text.charCodeAt(reader.at);
    if (PLAIN[code] === 1 && !quoted && !flags.extended) {
      items.push(flags.caseless ? CASELESS[code]! : LITERAL[code]!);
      reader.at++;
      repeatable = true;
      continue;
    }
    const char = reader.peek();
    if (quoted) {
      if (char === '' || reader.eat('\\E')) {
        quoted = false;
      } else {
        items.push(literal(reader, flags));
        repeatable = true;
      }
      continue;
    }
    if (char === '' || char === ')' || (char === '|' && onlyOne)) break;
    if (char === '|') {
      reader.at++;
      options.push(sequence(items));
      items = [];
      repeatable = false;
      continue;
    }
    if (char === '\\') {
      if (reader.eat('\\E')) continue;
      if (reader.eat('\\Q')) {
        quoted = true;
        continue;
      }
    }
    if (flags.extended && skipBlank(reader)) continue;
    if (char === '*' || char === '+' || char === '?' || char === '{') {
      const quantifier = readQuantifier(reader, flags);
      if (quantifier !== undefined) {
        if (!repeatable) {
          reader.fail(
            'a quantifier has nothing before it to repeat',
            quantifier.at,
            'write a backslash before it for the char itself',
          );
        }
        items.push(repeat(reader, items.pop()!, quantifier));
        repeatable = false;
        continue;
      }
    }
    const item = readItem(reader, flags);
    if (item.kind === 'node') {
      items.push(item.node);
      repeatable = !item.fixed;
    } else if (item.kind === 'flags') {
      flags = item.flags;
      repeatable = false;
    }
  }
  options.push(sequence(items));
  return options.length === 1 ? options[0]! : { kind: 'choice', options };
}

function sequence(items: readonly Node[]): Node {
  return items.length === 1 ? items[0]! : { kind: 'sequence', items };
}

function literal(reader: Reader, flags: Flags): Node {
  return literalNode(reader.byte(), flags);
}

function literalNode(byte: number, flags: Flags): Node {
  return (flags.caseless ? CASELESS : LITERAL)[byte]!;
}

/** White space and comments in extended mode. */
function skipBlank(reader: Reader): boolean {
  return reader.take(/[\t-\r ]+|#[^\n]*\n?/y) !== null;
}

function classKey(text: string, flags: Flags): string {
  return `${flags.caseless ? 'i' : ''}${flags.extendedMore ? 'x' : ''}${text}`;
}

type Item =
  | NodeItem
  | { readonly kind: 'flags'; readonly flags: Flags }
  | { readonly kind: 'nothing' };

function readItem(reader: Reader, flags: Flags): Item {
  const char = reader.peek();
  switch (char) {
    case '(':
      reader.at++;
      return readGroup(reader, flags, readAlternatives);
    case '[':
      return readBracket(reader, flags);
    case '.':
      reader.at++;
      if (flags.dotAll) return item({ kind: 'set', set: ANY_BYTE });
      if (reader.settings !== '') return item({ kind: 'foreign', what: '.', parts: ['\\N'] });
      return item({ kind: 'set', set: NOT_NEWLINE });
    case '^':
      reader.at++;
      if (!flags.multiline) return item({ kind: 'assert', what: 'subject-start' }, true);
      return item(lineAssertion(reader, 'line-start', '(?m:^)'), true);
    case '$':
      reader.at++;
      return item(dollar(reader, flags), true);
    case '\\': {
      reader.at++;
      const read = readEscape(reader, flags, false);
      if (read.kind === 'byte') {
        return item(literalNode(read.byte, flags));
      }
      return read.kind === 'set' ? item({ kind: 'set', set: read.set }) : read;
    }
    default:
      return item(literal(reader, flags));
  }
}

function item(node: Node, fixed = false): Item {
  return { kind: 'node', node, fixed };
}

function dollar(reader: Reader, flags: Flags): Node {
  if (flags.multiline) return lineAssertion(reader, 'line-end', '(?m:$)');
  if (flags.dollarEndOnly) return { kind: 'assert', what: 'subject-end' };
  if (reader.settings !== '') return { kind: 'foreign', what: '$', parts: ['\\Z'] };
  return { kind: 'assert', what: 'subject-end-or-last-newline' };
}

/** Under `(*CRLF)` and its kin, PCRE2 knows what a line is. */
function lineAssertion(reader: Reader, what: 'line-start' | 'line-end', text: string): Node {
  if (reader.settings !== '') return { kind: 'foreign', what: text, parts: [text] };
  return { kind: 'assert', what };
}

function readBracket(reader: Reader, flags: Flags): Item {
  // The two classes that are no classes: start and end of a word.
  for (const [written, behind] of [
    ['[[:<:]]', false],
    ['[[:>:]]', true],
  ] as const) {
    if (!reader.eat(written)) continue;
    reader.plain = false;
    const word: Node = { kind: 'look', behind, negated: false, body: { kind: 'set', set: WORD } };
    return item({ kind: 'sequence', items: [{ kind: 'assert', what: 'word-boundary' }, word] });
  }
  if (isPosixSyntax(reader.text, reader.at)) {
    reader.fail('a POSIX class stands outside a class', reader.at, 'write [[:name:]]');
  }
  // Long patterns repeat their classes over and over. Equal text means the same under equal flags.
  const open = reader.at;
  const known = reader.classes.get(
    classKey(reader.text.slice(open, reader.text.indexOf(']', open + 2) + 1), flags),
  );
  if (known !== undefined) {
    reader.at = reader.text.indexOf(']', open + 2) + 1;
    return known;
  }
  reader.at++;
  const read = readClass(reader, flags);
  if (read.kind === 'foreign') {
    return item({ kind: 'foreign', what: read.text, parts: [read.text] });
  }
  const made: NodeItem = { kind: 'node', node: { kind: 'set', set: read.set }, fixed: false };
  reader.classes.set(classKey(reader.text.slice(open, reader.at), flags), made);
  return made;
}

interface Quantifier {
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly mode: RepeatMode;
}

function readQuantifier(reader: Reader, flags: Flags): Quantifier | undefined {
  const at = reader.at;
  const counts = readCounts(reader);
  if (counts === undefined) return undefined;
  // PCRE2 lets comments and empty quotes stand before the suffix, and blanks in extended mode.
  while (reader.take(/\(\?#[^)]*\)|\\E|\\Q\\E/y) !== null || (flags.extended && skipBlank(reader)));
  let mode: RepeatMode = flags.swapGreed ? 'lazy' : 'greedy';
  if (reader.eat('+')) mode = 'possessive';
  else if (reader.eat('?')) mode = flags.swapGreed ? 'greedy' : 'lazy';
  return { at, ...counts, mode };
}

function readCounts(reader: Reader): { min: number; max: number } | undefined {
  if (reader.eat('*')) return { min: 0, max: Infinity };
  if (reader.eat('+')) return { min: 1, max: Infinity };
  if (reader.eat('?')) return { min: 0, max: 1 };
  const at = reader.at;
  // Anything else after a brace makes it a literal: `{,3}` as well.
  const braced = reader.take(/\{(\d+)(,(\d*))?\}/y);
  if (braced === null) return undefined;
  const min = Number(braced[1]);
  const max = braced[2] === undefined ? min : braced[3] ? Number(braced[3]) : Infinity;
  if (min > MAX_COUNT || (max !== Infinity && max > MAX_COUNT)) {
    reader.fail(`a count above ${MAX_COUNT}`, at);
  }
  if (max < min) reader.fail('a quantifier whose upper count is below its lower', at);
  return { min, max };
}

function repeat(reader: Reader, body: Node, quantifier: Quantifier): Node {
  const { at, min, max, mode } = quantifier;
  const place = mode === 'possessive' ? { at } : {};
  if (mode === 'possessive') reader.plain = false;
  // A lookaround consumes nothing, so PCRE tries it once at most.
  if (body.kind === 'look' && min > 0) return body;
  return { kind: 'repeat', body, min, max: body.kind === 'look' ? 1 : max, mode, ...place };
}
