// Runs a grammar over a lexer: nodes on success, the offending token and what was expected on failure.
//
// Which types of tokens may follow one another is all that a grammar knows, and rules are written in few ways. So
// the parser is asked once for each sequence of types, and how it read them is done again with other tokens.
//
// Lists (targets, actions) are read item by item, so that every broken item is reported. Never throws, for
// any text.

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

/** A grammar that builds nodes, and the same grammar as one that tells how it read tokens. */
export interface TwoGrammars {
  readonly building: nearley.Grammar;
  readonly reading: nearley.Grammar;
}

/** What one load holds of a grammar: a position in a text, and the sequences that are known. */
export interface Recogniser {
  readonly grammars: TwoGrammars;
  readonly lexer: MooLexer;
  readonly known: Map<string, Reading>;
}

/** How tokens are put together: one of them by its place, or what a rule makes of its parts. */
type Reading = Place | { readonly build: Build | undefined; readonly parts: readonly Reading[] };

/** Stands for the token at a place. */
interface Place {
  readonly type: string | undefined;
  readonly at: number;
}

type Build = NonNullable<nearley.ParserRule['postprocess']>;

const MOST_FAILURES = 50;
/** Longer sequences are rare, would be too many, and nest too deep to be carried out. */
const LONGEST_KNOWN = 6;

/** The rules as generated from a grammar. */
export function twoGrammars(rules: nearley.CompiledRules): TwoGrammars {
  const readings = rules.ParserRules.map((rule) => ({
    ...rule,
    postprocess: (parts: readonly Reading[]): Reading => ({ build: rule.postprocess, parts }),
  }));
  return {
    building: nearley.Grammar.fromCompiled(rules),
    reading: nearley.Grammar.fromCompiled({ ...rules, ParserRules: readings }),
  };
}

/** A lexer holds its position: each recogniser wants one of its own. */
export function createRecogniser(grammars: TwoGrammars, lexer: MooLexer): Recogniser {
  return { grammars, lexer, known: new Map() };
}

/** Recognises the whole text as one `Node`. `extra` tokens follow those of the text. */
export function recognise<Node>(
  recogniser: Recogniser,
  text: string,
  extra?: Token | undefined,
): Recognised<Node> {
  const { lexer } = recogniser;
  lexer.reset(text);
  const tokens: Token[] = [];
  try {
    for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
      if (token.type !== 'blank') tokens.push(token);
    }
  } catch {
    // A char that no token begins with.
    return { node: undefined, failure: { token: tokens.at(-1), expected: [] } };
  }
  if (extra !== undefined) tokens.push(extra);
  return read<Node>(recogniser, tokens, undefined);
}

/** Recognises the text as a list of items; each failure is one broken item, at most 50 of them. */
export function recogniseList<Item>(
  recogniser: Recogniser,
  text: string,
): { readonly items: readonly Item[]; readonly failures: readonly Failure[] } {
  const { lexer } = recogniser;
  lexer.reset(text);
  const items: Item[] = [];
  const failures: Failure[] = [];
  let separator: Token | undefined;
  do {
    const tokens: Token[] = [];
    separator = undefined;
    for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
      if (token.type === 'separator') {
        separator = token;
        break;
      }
      if (token.type !== 'blank') tokens.push(token);
    }
    const { node, failure } = read<List<Item> | undefined>(recogniser, tokens, separator);
    if (failure !== undefined) failures.push(failure);
    else for (const item of itemsOf(node)) items.push(item);
  } while (failures.length < MOST_FAILURES && separator !== undefined);
  return { items, failures };
}

/** `behind` is the token that a failure at the end is about. */
function read<Node>(
  { grammars, known }: Recogniser,
  tokens: readonly Token[],
  behind: Token | undefined,
): Recognised<Node> {
  if (tokens.length > LONGEST_KNOWN) return parse<Node>(grammars.building, tokens, tokens, behind);
  const types = tokens.map(({ type }) => type).join(' ');
  const before = known.get(types);
  if (before !== undefined) return { node: carryOut(before, tokens) as Node, failure: undefined };
  const places = tokens.map(({ type }, at): Place => ({ type, at }));
  const { node, failure } = parse<Reading>(grammars.reading, places, tokens, behind);
  if (failure !== undefined) return { node: undefined, failure };
  known.set(types, node);
  return { node: carryOut(node, tokens) as Node, failure: undefined };
}

function carryOut(reading: Reading, tokens: readonly Token[]): unknown {
  if ('at' in reading) return tokens[reading.at];
  const parts = reading.parts.map((part) => carryOut(part, tokens));
  return reading.build === undefined ? parts : reading.build(parts);
}

/** Feeds the tokens, or what stands for them. */
function parse<Node>(
  grammar: nearley.Grammar,
  fed: readonly (Token | Place)[],
  tokens: readonly Token[],
  behind: Token | undefined,
): Recognised<Node> {
  const parser = new nearley.Parser(grammar, { lexer: new Feed(fed) });
  // nearley describes the state of its table in the error's message, which nobody would read.
  (parser as unknown as NearleyInternals).reportError = noReport;
  try {
    parser.feed('');
  } catch {
    const token = tokens[parser.current];
    return { node: undefined, failure: { token, expected: expectedTypes(parser) } };
  }
  const results: readonly Node[] = parser.results;
  if (results.length === 0) {
    return { node: undefined, failure: { token: behind, expected: expectedTypes(parser) } };
  }
  return { node: results[0]!, failure: undefined };
}

/** What nearley reads from. */
class Feed implements nearley.Lexer {
  readonly #tokens: readonly (Token | Place)[];
  #at = 0;

  constructor(tokens: readonly (Token | Place)[]) {
    this.#tokens = tokens;
  }

  next(): nearley.Token | undefined {
    return this.#tokens[this.#at++] as nearley.Token | undefined;
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
