// What the grammars build: nodes that hold tokens, before offsets are led back to the source.
//
// grammar.gen.ts calls these functions. They only gather; meaning is given in directive-parts.ts, where
// the word that a token stands in is known.

import type { Token } from 'moo';

export interface RawDirective {
  readonly name: Token;
  readonly words: readonly Token[];
}

/** A stretch of the text; `kind` is the type of its first token. */
export interface RawSelector {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

export interface RawTarget {
  readonly prefix: Token | undefined;
  /** With its colon when a selector may follow. */
  readonly name: Token;
  readonly selector: RawSelector | undefined;
}

export interface RawOperator {
  readonly negation: Token | undefined;
  readonly name: Token | undefined;
  readonly argument: Token | undefined;
}

export interface RawAction {
  /** With its colon and the blanks behind it when a value may follow. */
  readonly name: Token;
  readonly value: Token | undefined;
}

export function directive(name: Token, words: readonly Token[]): RawDirective {
  return { name, words };
}

/** Adds to a list that only this derivation holds: the grammars are unambiguous. */
export function append<T>(list: T[], item: T): T[] {
  list.push(item);
  return list;
}

export function target(name: Token, selector: RawSelector | undefined): Omit<RawTarget, 'prefix'> {
  return { name, selector };
}

export function prefixed(prefix: Token | undefined, base: Omit<RawTarget, 'prefix'>): RawTarget {
  return { prefix, ...base };
}

export function selector(token: Token): RawSelector {
  return { kind: token.type ?? '', start: token.offset, end: token.offset + token.text.length };
}

/** An XPath is all the text from its first part to its last. */
export function xpath(first: RawSelector, last: RawSelector): RawSelector {
  return { kind: 'xpath', start: first.start, end: last.end };
}

export function operator(name: Token | undefined, argument: Token | undefined): RawOperator {
  return { negation: undefined, name, argument };
}

export function negated(negation: Token, test: RawOperator): RawOperator {
  return { ...test, negation };
}

export function action(name: Token, value: Token | undefined): RawAction {
  return { name, value };
}
