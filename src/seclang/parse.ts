// Text to tree: one logical line, one directive.
//
// Never throws. A broken directive is reported, left out of the tree, and never hides the next one.
// Nothing is checked here that is not syntax: which variables, operators and actions exist is the
// ruleset's work.

import type { Token } from 'moo';
import nearley from 'nearley';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { createLocator, formatPlace } from '../diagnostics/position.ts';
import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Directive, Document, TargetNode, Word } from './ast.ts';
import type { RawDirective } from './build.ts';
import { type Complain, readActions, readOperator, readTargets } from './directive-parts.ts';
import { DIRECTIVE_NAMES, type DirectiveDefinition, findDirective } from './directives.ts';
import { SECLANG } from './grammar.gen.ts';
import {
  beginsDirective,
  type LogicalLine,
  type Segment,
  sourceOffset,
  splitLines,
} from './lines.ts';
import { recognise } from './recognise.ts';
import { BROKEN_QUOTE, createLexers, type Lexers } from './tokens.ts';
import { makeWord, spanInLine } from './word.ts';
import { quoted } from './wording.ts';

export interface ParseResult {
  readonly document: Document;
  readonly diagnostics: readonly Diagnostic[];
}

const DIRECTIVE_GRAMMAR = nearley.Grammar.fromCompiled(SECLANG);
const LONGEST_DIRECTIVE = 1024 * 1024;
const MOST_PROBLEMS = 1000;
const RULE_ID = /\bid:[ \t]*'?(\d{1,19})/i;

/** The tree of a source with everything that is wrong with its syntax, in source order. */
export function parse(source: Source): ParseResult {
  const { lines, trailingComments } = splitLines(source);
  const parser = new DocumentParser(source);
  for (const line of lines) parser.readLine(line);
  return {
    document: { source, directives: parser.directives, trailingComments },
    diagnostics: parser.diagnostics,
  };
}

class DocumentParser {
  readonly directives: Directive[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #lexers: Lexers = createLexers();
  readonly #locator = createLocator();
  #problems = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  readLine(line: LogicalLine): void {
    const complain: Complain = (code, message, span, help) =>
      this.#report(line, code, message, span, help);
    if (line.text.length > LONGEST_DIRECTIVE) {
      const span = spanInLine(this.#source, line, 0, 1);
      complain('directive-too-long', 'the directive is longer than 1 MiB', span);
      return;
    }
    const before = this.#problems;
    complainOfLine(this.#source, line, complain);
    const result = recognise<RawDirective>(
      DIRECTIVE_GRAMMAR,
      this.#lexers.directive,
      line.text,
      line.block === undefined ? undefined : blockToken(line.text.length),
    );
    if (result.failure === undefined) {
      const directive = this.#directive(line, result.node, complain);
      if (directive !== undefined && this.#problems === before) this.directives.push(directive);
      return;
    }
    const pieces = splitAtDirectives(line);
    if (pieces.length > 1) {
      for (const piece of pieces) this.#readPiece(piece, piece !== pieces[0]);
    } else if (line.unclosedBlock === undefined) {
      this.#complainOfWords(line, complain);
    }
  }

  /** One directive out of several that a stray backslash or an open quote joined. */
  #readPiece(piece: LogicalLine, isSwallowed: boolean): void {
    const complain: Complain = (code, message, span, help) =>
      this.#report(piece, code, message, span, help);
    if (isSwallowed) {
      complain(
        'swallowed-directive',
        'this line is joined to the one before, expected a directive of its own',
        spanInLine(this.#source, piece, 0, nameOf(piece.text).length),
        'remove the backslash at the end of the line before, or close the quote',
      );
    }
    const { text } = piece;
    const result = recognise<RawDirective>(DIRECTIVE_GRAMMAR, this.#lexers.directive, text);
    if (result.failure === undefined) this.#directive(piece, result.node, complain);
    else this.#complainOfWords(piece, complain);
  }

  #directive(line: LogicalLine, raw: RawDirective, complain: Complain): Directive | undefined {
    const definition = findDirective(raw.name.text);
    if (definition === undefined) return undefined;
    const words = raw.words.map((token) => makeWord(this.#source, line, token));
    const nameSpan = spanInLine(this.#source, line, 0, raw.name.text.length);
    const span = { ...nameSpan, end: words.at(-1)?.span.end ?? nameSpan.end };
    if (words.length < definition.minimum || words.length > definition.maximum) {
      complainOfCount(definition, words, span, complain);
      return undefined;
    }
    if (definition.effect === 'refused') {
      complain(
        'refused-directive',
        `${definition.name} is refused: ${definition.reason}`,
        nameSpan,
      );
      return undefined;
    }
    const { comments, detachedComments } = line;
    const base = { name: raw.name.text, nameSpan, span, comments, detachedComments };
    const parts = directiveParts(this.#lexers, definition, words, complain);
    return parts && { ...base, ...parts };
  }

  #complainOfWords(line: LogicalLine, complain: Complain): void {
    const source = this.#source;
    const name = nameOf(line.text);
    const nameSpan = spanInLine(source, line, 0, name.length);
    const definition = findDirective(name);
    if (definition === undefined) {
      complainOfName(name, nameSpan, complain);
      return;
    }
    const lexer = this.#lexers.directive;
    lexer.reset(line.text);
    const words: Word[] = [];
    for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
      if (token.type === BROKEN_QUOTE) {
        complainOfQuote(source, line, token.offset, complain);
        return;
      }
      if (token.offset > 0 && token.type !== 'blank') words.push(makeWord(source, line, token));
    }
    const end = words.at(-1)?.span.end ?? nameSpan.end;
    complainOfCount(definition, words, { ...nameSpan, end }, complain);
  }

  #report(
    line: LogicalLine,
    code: string,
    message: string,
    span: Span,
    help: string | undefined,
  ): void {
    this.#problems++;
    if (this.#problems > MOST_PROBLEMS) return;
    if (this.#problems === MOST_PROBLEMS) {
      this.diagnostics.push({
        severity: 'error',
        code: 'too-many-problems',
        message: `more than ${MOST_PROBLEMS} problems, the rest is not listed`,
        span,
      });
      return;
    }
    const notes = this.#notes(line, span);
    this.diagnostics.push({ severity: 'error', code, message, span, help, notes });
  }

  /** Names the directive when it begins on an earlier line than the problem. */
  #notes(line: LogicalLine, span: Span): readonly string[] | undefined {
    const start = this.#locator.position(this.#source, sourceOffset(line.segments, 0));
    if (start.line === this.#locator.position(this.#source, span.start).line) return undefined;
    const id = RULE_ID.exec(line.text)?.[1];
    const name = id === undefined ? nameOf(line.text) : `rule ${id}`;
    return [`in ${name}, which starts at ${formatPlace(this.#source, start)}`];
  }
}

type DirectiveParts<D = Directive> = D extends Directive
  ? Omit<D, 'name' | 'nameSpan' | 'span' | 'comments' | 'detachedComments'>
  : never;

/** The parts of a directive whose number of words is right; undefined when one of them is broken. */
function directiveParts(
  lexers: Lexers,
  definition: DirectiveDefinition,
  words: readonly Word[],
  complain: Complain,
): DirectiveParts | undefined {
  const [first, second, third] = words;
  const { shape } = definition;
  if (first === undefined || shape === 'setting' || shape === 'dataset') {
    return { type: 'setting', arguments: words };
  }
  switch (shape) {
    case 'rule': {
      // All three parts are read before any of them gives up, so that each is heard of at once.
      const targets = readTargets(lexers, first, complain);
      const operator = second && readOperator(lexers, second, complain);
      const actions = third && readActions(lexers, third, complain);
      if (targets === undefined || operator === undefined) return undefined;
      return { type: 'rule', targets, operator, actions };
    }
    case 'action':
    case 'default-action': {
      const actions = readActions(lexers, first, complain);
      return actions && { type: shape, actions };
    }
    case 'script':
      return {
        type: 'script',
        path: first,
        actions: second && readActions(lexers, second, complain),
      };
    case 'marker':
      return { type: 'marker', marker: first };
    case 'include':
      return { type: 'include', optional: definition.name !== 'Include', path: first };
    case 'remove':
      return { type: 'remove', by: selectsBy(definition), selectors: words };
    case 'update-target': {
      const targets = second && readTargets(lexers, second, complain);
      const replaced: readonly TargetNode[] | undefined =
        third && readTargets(lexers, third, complain);
      const by = selectsBy(definition);
      return targets && { type: 'update-target', by, selector: first, targets, replaced };
    }
    case 'update-action': {
      const actions = second && readActions(lexers, second, complain);
      return actions && { type: 'update-action', selector: first, actions };
    }
  }
}

function selectsBy(definition: DirectiveDefinition): 'id' | 'tag' | 'msg' {
  if (definition.name.endsWith('ByTag')) return 'tag';
  return definition.name.endsWith('ByMsg') ? 'msg' : 'id';
}

/** The line cut where a physical line begins with a directive's name. */
function splitAtDirectives(line: LogicalLine): readonly LogicalLine[] {
  const { text, segments } = line;
  const cuts: number[] = [0];
  for (const segment of segments.slice(1)) {
    let at = segment.at;
    while (at < text.length && ' \t\r\f\v'.includes(text[at]!)) at++;
    if (beginsDirective(text, at)) cuts.push(at);
  }
  let next = 0;
  return cuts.map((cut, index) => {
    const end = cuts[index + 1] ?? text.length;
    while (next < segments.length && segments[next]!.at <= cut) next++;
    const own: Segment[] = [{ at: 0, source: sourceOffset(segments, cut) }];
    for (; next < segments.length && segments[next]!.at < end; next++) {
      own.push({ at: segments[next]!.at - cut, source: segments[next]!.source });
    }
    return {
      ...line,
      text: text.slice(cut, end),
      segments: own,
      comments: index === 0 ? line.comments : [],
      detachedComments: index === 0 ? line.detachedComments : [],
    };
  });
}

function nameOf(text: string): string {
  return /^[^ \t\r\f\v]*/.exec(text)?.[0] ?? '';
}

/** Stands for the lines between backticks, which the lexer never sees. */
function blockToken(offset: number): Token {
  return { type: 'block', value: '', text: '', offset, lineBreaks: 0, line: 1, col: 1 };
}

function complainOfLine(source: Source, line: LogicalLine, complain: Complain): void {
  if (line.looseBackslash !== undefined) {
    const start = line.looseBackslash;
    complain(
      'blank-after-backslash',
      'the backslash at the end of this line has blanks behind it, expected the line end',
      { source, start, end: start + 1 },
      'remove the blanks',
    );
  }
  if (line.unclosedBlock !== undefined) {
    const start = line.unclosedBlock;
    complain(
      'unclosed-dataset',
      'the list opened here is never closed, expected a line that begins with "`"',
      { source, start, end: start + 1 },
    );
  }
}

function complainOfName(name: string, span: Span, complain: Complain): void {
  if (name.startsWith('<')) {
    complain(
      'apache-section',
      `${quoted(name, 0, name.length)} is an Apache section, expected a directive`,
      span,
      'remove the lines that open and close the section',
    );
    return;
  }
  const near = suggest(name, DIRECTIVE_NAMES);
  const isFragment = !/^[A-Za-z]/.test(name);
  complain(
    'unknown-directive',
    `${quoted(name, 0, name.length)} is not a directive`,
    span,
    near !== undefined
      ? `did you mean "${near}"?`
      : isFragment
        ? 'a line continues the one before only if that one ends with a backslash'
        : undefined,
  );
}

function complainOfQuote(
  source: Source,
  line: LogicalLine,
  offset: number,
  complain: Complain,
): void {
  const quote = line.text[offset]!;
  let at = offset + 1;
  while (at < line.text.length && line.text[at] !== quote) at += line.text[at] === '\\' ? 2 : 1;
  if (at >= line.text.length) {
    complain(
      'unclosed-quote',
      `the quote opened here is never closed, expected ${quote} before the end of the directive`,
      spanInLine(source, line, offset, offset + 1),
    );
  } else {
    complain(
      'text-after-quote',
      `found ${quoted(line.text, at + 1, at + 2)} directly behind a closing quote, expected a blank`,
      spanInLine(source, line, at, at + 2),
      `inside the word, write \\${quote}`,
    );
  }
}

function complainOfCount(
  definition: DirectiveDefinition,
  words: readonly Word[],
  span: Span,
  complain: Complain,
): void {
  const { name, minimum, maximum } = definition;
  const surplus = words[maximum];
  const range =
    maximum === minimum
      ? `${minimum}`
      : maximum === Number.POSITIVE_INFINITY
        ? `at least ${minimum}`
        : `${minimum} to ${maximum}`;
  const expected = maximum === 0 ? 'none' : range;
  const isComment = surplus?.text.startsWith('#') === true;
  const help = isComment
    ? 'put the comment on a line of its own'
    : surplus === undefined
      ? undefined
      : 'put an argument with blanks in double quotes';
  complain(
    'wrong-argument-count',
    `${name} has ${words.length} argument${words.length === 1 ? '' : 's'}, expected ${expected}`,
    surplus?.span ?? span,
    help,
  );
}
