// What the grammars build: nodes that hold tokens, before offsets are led back to the source.
//
// grammar.gen.ts calls these functions. They only gather; meaning is given in directive-parts.ts, where
// the word that a token stands in is known.

import type { Token } from 'moo';

/**
 * A list held by its last item. The parser follows several readings at once (a key may turn out to have
 * a value), which share the items before; so lists are never changed.
 */
export interface List<T> {
  readonly before: List<T> | undefined;
  readonly item: T;
}

export interface RawDirective {
  readonly name: Token;
  readonly words: List<Token> | undefined;
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

export function directive(name: Token, words: List<Token> | undefined): RawDirective {
  return { name, words };
}

export function list<T>(first: T, ...others: readonly T[]): List<T> {
  return others.reduce<List<T>>(append, { before: undefined, item: first });
}

export function append<T>(before: List<T>, item: T): List<T> {
  return { before, item };
}

/** The items of a list in their order; none when there is no list. */
export function itemsOf<T>(last: List<T> | undefined): readonly T[] {
  const items: T[] = [];
  for (let at = last; at !== undefined; at = at.before) items.push(at.item);
  return items.reverse();
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
