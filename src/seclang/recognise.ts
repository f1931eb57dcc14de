// Runs a grammar over a lexer: nodes on success, the offending token and what was expected on failure.
//
// Lists (targets, actions) are parsed in portions that end at a separator, which bounds what the parser
// keeps of the past, and go on behind the next separator after a failure, so that every broken item is
// reported. Never throws, for any text.

import type { Lexer as MooLexer, Token } from 'moo';
import nearley from 'nearley';
import { itemsOf, type List } from './build.ts';

export interface Failure {
  /** Undefined at the end of the text. */
  readonly token: Token | undefined;
  /** Types of the tokens that could have stood here. */
  readonly expected: readonly string[];
}

export type Recognised<Node> =
  | { readonly node: Node; readonly failure: undefined }
  | { readonly node: undefined; readonly failure: Failure };

/** Items between separators that one run of the parser takes at most. */
const PORTION = 64;
const MOST_FAILURES = 50;

/** Recognises the whole text as one `Node`. `extra` tokens follow those of the text. */
export function recognise<Node>(
  grammar: nearley.Grammar,
  lexer: MooLexer,
  text: string,
  extra?: Token | undefined,
): Recognised<Node> {
  lexer.reset(text);
  return run<Node>(grammar, new TokenFeed(lexer, Number.POSITIVE_INFINITY, extra));
}

/** Recognises the text as a list of items; each failure is one broken item, at most 50 of them. */
export function recogniseList<Item>(
  grammar: nearley.Grammar,
  lexer: MooLexer,
  text: string,
): { readonly items: readonly Item[]; readonly failures: readonly Failure[] } {
  lexer.reset(text);
  const items: Item[] = [];
  const failures: Failure[] = [];
  const feed = new TokenFeed(lexer, PORTION, undefined);
  do {
    const result = run<List<Item> | undefined>(grammar, feed);
    if (result.failure === undefined) {
      for (const item of itemsOf(result.node)) items.push(item);
    } else {
      failures.push(result.failure);
      feed.skipToSeparator();
    }
  } while (failures.length < MOST_FAILURES && feed.nextPortion());
  return { items, failures };
}

function run<Node>(grammar: nearley.Grammar, feed: TokenFeed): Recognised<Node> {
  const parser = new nearley.Parser(grammar, { lexer: feed });
  // nearley describes the state of its table in the error's message, which nobody would read.
  (parser as unknown as NearleyInternals).reportError = noReport;
  try {
    parser.feed('');
  } catch {
    return { node: undefined, failure: { token: feed.last, expected: expectedTypes(parser) } };
  }
  const results: readonly Node[] = parser.results;
  if (results.length === 0) {
    return { node: undefined, failure: { token: feed.cut, expected: expectedTypes(parser) } };
  }
  return { node: results[0]!, failure: undefined };
}

/** What nearley reads from: the lexer's tokens without blanks, cut at separators. */
class TokenFeed implements nearley.Lexer {
  /** The token handed out last. */
  last: Token | undefined;
  /** The separator this portion ended at; undefined at the end of the text. */
  cut: Token | undefined;
  readonly #lexer: MooLexer;
  readonly #portion: number;
  #extra: Token | undefined;
  #separators = 0;

  constructor(lexer: MooLexer, portion: number, extra: Token | undefined) {
    this.#lexer = lexer;
    this.#portion = portion;
    this.#extra = extra;
  }

  next(): Token | undefined {
    if (this.cut !== undefined) return undefined;
    let token = this.#lexer.next();
    while (token !== undefined && token.type === 'blank') token = this.#lexer.next();
    if (token === undefined) {
      token = this.#extra;
      this.#extra = undefined;
    }
    this.last = token;
    if (token?.type === 'separator' && ++this.#separators > this.#portion) {
      this.cut = token;
      return undefined;
    }
    return token;
  }

  /** Drops the rest of a broken item. */
  skipToSeparator(): void {
    if (this.cut !== undefined || this.last === undefined) return;
    let token: Token | undefined = this.last;
    while (token !== undefined && token.type !== 'separator') token = this.#lexer.next();
    this.cut = token;
  }

  /** Goes on behind the separator; false at the end of the text. */
  nextPortion(): boolean {
    if (this.cut === undefined) return false;
    this.cut = undefined;
    this.#separators = 0;
    return true;
  }

  reset(): void {}

  save(): nearley.LexerState {
    return {};
  }

  formatError(): string {
    return '';
  }
}

function noReport(): string {
  return '';
}

interface Expecting {
  readonly rule: nearley.Rule;
  readonly dot: number;
}

/** What nearley documents for error reporting but leaves out of its types. */
interface NearleyInternals {
  readonly table: readonly ({ readonly scannable: readonly Expecting[] } | undefined)[];
  reportError: () => string;
}

function expectedTypes(parser: nearley.Parser): readonly string[] {
  const { table } = parser as unknown as NearleyInternals;
  const types = new Set<string>();
  for (const { rule, dot } of table[parser.current]?.scannable ?? []) {
    const symbol: unknown = rule.symbols[dot];
    if (typeof symbol === 'object' && symbol !== null && 'type' in symbol) {
      types.add(String(symbol.type));
    }
  }
  return [...types];
}
