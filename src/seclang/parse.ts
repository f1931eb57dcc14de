// Text to tree: one logical line, one directive.
//
// Never throws. A broken directive is reported, left out of the tree, and never hides the next one.
// Nothing is checked here that is not syntax: which variables, operators and actions exist is the
// ruleset's work.

import type { Token } from 'moo';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { createLocator, formatPlace } from '../diagnostics/position.ts';
import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Directive, Document, Word } from './ast.ts';
import { itemsOf, type RawDirective } from './build.ts';
import type { Complain } from './directive-parts.ts';
import { directiveParts } from './directive-shapes.ts';
import {
  complainOfCount,
  complainOfLine,
  complainOfName,
  complainOfQuote,
} from './directive-words.ts';
import { findDirective } from './directives.ts';
import { hasJoinedDirective, LineReader, type LogicalLine, sourceOffset } from './lines.ts';
import { recognise } from './recognise.ts';
import { createRecognisers, type Recognisers } from './recognisers.ts';
import { OWN_SYNTAX, type Syntax } from './syntax.ts';
import { BROKEN_QUOTE } from './tokens.ts';
import { makeWord, spanInLine } from './word.ts';

export interface ParseResult {
  readonly document: Document;
  readonly diagnostics: readonly Diagnostic[];
}

const LONGEST_DIRECTIVE = 1024 * 1024;
const MOST_PROBLEMS = 1000;
const RULE_ID = /\bid:[ \t]*'?(\d{1,19})/i;

/**
 * The tree of a source with everything that is wrong with its syntax, in source order. `recognisers` for the same
 * syntax know what they have learnt from sources before.
 */
export function parse(
  source: Source,
  syntax: Syntax = OWN_SYNTAX,
  recognisers: Recognisers = createRecognisers(syntax),
): ParseResult {
  const reader = new LineReader(source.text);
  const parser = new DocumentParser(source, syntax, recognisers);
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    parser.readLine(line);
    if (parser.isHopeless) break;
  }
  return {
    document: { source, directives: parser.directives, trailingComments: reader.trailingComments },
    diagnostics: parser.diagnostics,
  };
}

class DocumentParser {
  readonly directives: Directive[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #syntax: Syntax;
  readonly #recognisers: Recognisers;
  readonly #locator = createLocator();
  #problems = 0;
  #noted: { readonly line: LogicalLine; readonly notes: readonly string[] } | undefined;

  constructor(source: Source, syntax: Syntax, recognisers: Recognisers) {
    this.#source = source;
    this.#syntax = syntax;
    this.#recognisers = recognisers;
  }

  /** So many problems that reading on would help nobody. */
  get isHopeless(): boolean {
    return this.#problems >= MOST_PROBLEMS;
  }

  readLine(line: LogicalLine): void {
    const raw = this.#recognise(line);
    if (raw !== undefined) {
      this.#keep(line, raw);
      return;
    }
    if (!hasJoinedDirective(line)) {
      this.#complainOfWords(line);
      return;
    }
    const start = sourceOffset(line.segments, 0);
    const reader = new LineReader(this.#source.text, start, line.next, true);
    const { comments, detachedComments } = line;
    const first = reader.next();
    if (first !== undefined) this.#readPiece({ ...first, comments, detachedComments });
    for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
      this.#complainer(line)(
        'swallowed-directive',
        'this line is joined to the one before, expected a directive of its own',
        spanInLine(this.#source, piece, 0, nameOf(piece.text).length),
        'remove the backslash at the end of the line before, or close the quote',
      );
      this.#readPiece({ ...piece, comments: [], detachedComments: [] });
      if (this.isHopeless) break;
    }
  }

  /** One directive out of several that a stray backslash or an open quote joined. */
  #readPiece(piece: LogicalLine): void {
    const raw = this.#recognise(piece);
    if (raw === undefined) this.#complainOfWords(piece);
    else this.#keep(piece, raw);
  }

  #recognise(line: LogicalLine): RawDirective | undefined {
    const { text, block } = line;
    if (text.length > LONGEST_DIRECTIVE) return undefined;
    const extra = block === undefined ? undefined : blockToken(text.length);
    const recogniser = this.#recognisers.directive;
    const { node } = recognise<RawDirective>(recogniser, text, extra);
    if (node !== undefined || this.#syntax.openLists === 'refused') return node;
    // libmodsecurity closes a list of actions at the line end.
    const closed = recognise<RawDirective>(recogniser, `${text}"`).node;
    const shape = findDirective(nameOf(text))?.shape;
    const words = closed === undefined ? 0 : itemsOf(closed.words).length;
    const isList = (shape === 'rule' && words === 3) || (shape === 'action' && words === 1);
    return isList ? closed : undefined;
  }

  /** Keeps the directive if there is nothing to say about it. */
  #keep(line: LogicalLine, raw: RawDirective): void {
    const before = this.#problems;
    const complain = this.#complainer(line);
    complainOfLine(this.#source, line, complain);
    const directive = this.#directive(line, raw, complain);
    if (directive !== undefined && this.#problems === before) this.directives.push(directive);
  }

  #complainer(line: LogicalLine): Complain {
    return (code, message, span, help) => this.#report(line, code, message, span, help);
  }

  #directive(line: LogicalLine, raw: RawDirective, complain: Complain): Directive | undefined {
    const definition = findDirective(raw.name.text);
    if (definition === undefined) return undefined;
    let words = itemsOf(raw.words).map((token) => makeWord(this.#source, line, token));
    if (definition.shape === 'setting' && this.#syntax.trailingComments === 'ignored') {
      const comment = words.findIndex(({ text, quote }) => quote === '' && text.startsWith('#'));
      if (comment > 0) words = words.slice(0, comment);
    }
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
    const parts = directiveParts(this.#recognisers, definition, words, complain, this.#syntax);
    return parts && { ...base, ...parts };
  }

  #complainOfWords(line: LogicalLine): void {
    const source = this.#source;
    const complain = this.#complainer(line);
    complainOfLine(source, line, complain);
    if (line.unclosedBlock !== undefined) return;
    if (line.text.length > LONGEST_DIRECTIVE) {
      const span = spanInLine(source, line, 0, 1);
      complain('directive-too-long', 'the directive is longer than 1 MiB', span);
      return;
    }
    const name = nameOf(line.text);
    const nameSpan = spanInLine(source, line, 0, name.length);
    const definition = findDirective(name);
    if (definition === undefined) {
      complainOfName(name, nameSpan, complain);
      return;
    }
    const { lexer } = this.#recognisers.directive;
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
    const offset = sourceOffset(line.segments, 0);
    const locator = this.#locator;
    const isSameLine =
      locator.lineNumber(this.#source, offset) === locator.lineNumber(this.#source, span.start);
    if (isSameLine) return undefined;
    if (this.#noted?.line !== line) {
      const id = RULE_ID.exec(line.text)?.[1];
      const name = id === undefined ? nameOf(line.text) : `rule ${id}`;
      const place = formatPlace(this.#source, locator.position(this.#source, offset));
      this.#noted = { line, notes: [`in ${name}, which starts at ${place}`] };
    }
    return this.#noted.notes;
  }
}

function nameOf(text: string): string {
  return /^[^ \t\r\f\v]*/.exec(text)?.[0] ?? '';
}

/** Stands for the lines between backticks, which the lexer never sees. */
function blockToken(offset: number): Token {
  return { type: 'block', value: '', text: '', offset, lineBreaks: 0, line: 1, col: 1 };
}
