// The tree of a pattern. Types only.
//
// Options are resolved while parsing: a caseless letter is a set of two bytes, a dot is the set it
// stands for, `$` is the assertion its dialect makes of it. Nothing below depends on flags, except a
// caseless backreference.

import type { ByteSet } from './byte-set.ts';

/** Zero-width tests. */
export type Assertion =
  | 'subject-start'
  | 'subject-end'
  /** `\Z`, and `$` without DOLLAR_ENDONLY: at the end, or before a newline that ends the subject. */
  | 'subject-end-or-last-newline'
  /** `^` in multiline mode: at the start and after each newline but one that ends the subject. */
  | 'line-start'
  | 'line-end'
  | 'word-boundary'
  | 'not-word-boundary';

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

/** One byte out of a set. */
export interface SetNode {
  readonly kind: 'set';
  readonly set: ByteSet;
}

/** `items` may be empty: the empty pattern. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
}

/** At least two options, tried in order. */
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly options: readonly Node[];
}

/** A capturing group; `index` counts opening parentheses from 1. */
export interface GroupNode {
  readonly kind: 'group';
  readonly index: number;
  readonly name: string | undefined;
  readonly body: Node;
}

/** `max` is Infinity when unbounded. */
export interface RepeatNode {
  readonly kind: 'repeat';
  readonly body: Node;
  readonly min: number;
  readonly max: number;
  readonly mode: RepeatMode;
  /** Offset of a possessive quantifier in the pattern. */
  readonly at?: number;
}

export interface AssertNode {
  readonly kind: 'assert';
  readonly what: Assertion;
}

export interface LookNode {
  readonly kind: 'look';
  readonly behind: boolean;
  readonly negated: boolean;
  readonly body: Node;
  /** Offset in the pattern; left out in what stands for other syntax. */
  readonly at?: number;
}

/** `(?>...)`: once matched, never entered again. */
export interface AtomicNode {
  readonly kind: 'atomic';
  readonly body: Node;
  /** As `LookNode.at`. */
  readonly at?: number;
}

export interface BackreferenceNode {
  readonly kind: 'backreference';
  readonly index: number;
  readonly caseless: boolean;
  readonly at: number;
}

/**
 * Syntax that only PCRE2 runs: recursion, conditions, verbs, `\K`. `parts` are the written text and,
 * between it, the parsed subpatterns.
 */
export interface ForeignNode {
  readonly kind: 'foreign';
  readonly what: string;
  readonly parts: readonly (string | Node)[];
}

export type Node =
  | SetNode
  | SequenceNode
  | ChoiceNode
  | GroupNode
  | RepeatNode
  | AssertNode
  | LookNode
  | AtomicNode
  | BackreferenceNode
  | ForeignNode;

export interface Pattern {
  readonly source: string;
  readonly root: Node;
  readonly groupCount: number;
  /** What only PCRE2 runs, in the order of the source; empty for most patterns. */
  readonly foreign: readonly string[];
  /** Offset of the first of them. */
  readonly foreignAt?: number | undefined;
  /** `(*CRLF)` and its kin, as written in front of the pattern; PCRE2 is given them again. */
  readonly settings: string;
  /** No lookaround, atomic group, possessive quantifier, backreference or foreign syntax. */
  readonly plain: boolean;
}
