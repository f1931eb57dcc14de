// The contract of a data type: what sensitive text of one kind looks like and where to begin looking.
//
// A type never walks through a text by itself. It names anchors - the beginning of a word of some kind, a
// literal, a punctuation mark - and one scanner reads the text for all types at once and asks a type only where
// one of its anchors stands. What a type may read around an anchor is bounded, so that a text that arrives
// in chunks gives the same findings as the whole.

import type { Matcher } from '../../model/operator.ts';

/** Byte offsets, `end` behind the last byte. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Finding extends Span {
  /** The name of the data type. */
  readonly type: string;
  /** The bytes as they stand in the text. A secret: show it through `maskFinding`. */
  readonly value: string;
  /** The value in the one form that all its writings share: for counting distinct values. As secret as `value`. */
  readonly canonical: string;
  /** How many of its last letters and digits may be shown. */
  readonly legible: number;
  /** True when a longer finding took a part of this one. */
  readonly partial?: boolean;
}

/**
 * What speaks for a finding: a `checksum` inside the value, its `format` alone, or words in front of it
 * (`context`) without which it would be any number.
 */
export type Evidence = 'checksum' | 'format' | 'context';

/** The named groups of types: `data-sets.ts` says what each is for. */
export type DataSetName =
  | 'payment'
  | 'financial'
  | 'national-id'
  | 'contact'
  | 'pii'
  | 'health'
  | 'credentials'
  | 'network'
  | 'vehicle';

/** What a word is made of: `[0-9]` only, `[A-Za-z]` only, or both. */
export type WordKind = 'digits' | 'letters' | 'mixed';

/** A word of `[A-Za-z0-9]` of this kind and length; `next` is the byte that must follow it. */
export interface WordAnchor {
  readonly kind: WordKind;
  /** 1 to 64. */
  readonly length: number;
  readonly next?: string;
}

/** Where a type wants to be asked. The offset it is given is that of the word or the byte. */
export interface Anchors {
  /** Literals of 2 to 24 bytes that begin a word; they may go on behind its end. Case counts. */
  readonly prefixes?: readonly string[];
  readonly words?: readonly WordAnchor[];
  /** Punctuation: bytes that are not part of words. */
  readonly bytes?: string;
  /**
   * Ends of names, three letters each: the anchor is the `:` or `=` behind a name that ends so, in either case. `end`
   * is then where the name ends.
   */
  readonly names?: readonly string[];
}

/** Bytes behind an anchor that every type may read. */
export const ALWAYS_AFTER = 128;
/** Bytes in front of an anchor that every type may read. */
export const ALWAYS_BEFORE = 256;

/** Finds values at anchors. */
export interface AnchoredRecogniser {
  readonly anchors: Anchors;
  /** How many bytes in front of its anchor a value may begin. At most ALWAYS_BEFORE. Default: 0. */
  readonly lead?: number;
  /** How many bytes from the anchor on `recognise` may read. Default: ALWAYS_AFTER. */
  readonly after?: number;
  /**
   * The value at an anchor, or undefined; `end` is where the word that begins there ends. Never throws. Over a whole text the work is linear: it is bounded
   * for each anchor, or what is read for one is not read again for the next.
   *
   * A span neither begins nor ends inside an escape (`\n`, `\u0041`, `%41`).
   */
  readonly recognise: (text: string, at: number, end: number) => Span | undefined;
}

/** Finds the matches of a regular pattern, one behind the other. */
export interface PatternRecogniser {
  readonly matcher: Matcher;
  /** The most bytes of a match. */
  readonly width: number;
  /** Whether a match counts. May read ALWAYS_BEFORE bytes in front of it. */
  readonly accepts: (text: string, span: Span) => boolean;
}

export interface DataType {
  /** Kebab case; unique among the types that are used together. */
  readonly name: string;
  /** What it finds, for listings: one phrase. */
  readonly summary: string;
  readonly sets: readonly DataSetName[];
  readonly evidence: Evidence;
  /** Of two findings of equal length, the one of the higher rank wins. 0 to 100. */
  readonly rank: number;
  /** How many of its last letters and digits stay legible where it is masked. */
  readonly legible: number;
  /** What all writings of a value have in common: a card without its blanks. */
  readonly canonical: (value: string) => string;
  readonly recogniser: AnchoredRecogniser | PatternRecogniser;
  /** All values of this type in a byte string, in order, none overlapping. */
  readonly find: (text: string) => readonly Finding[];
}

export function isPattern(
  recogniser: AnchoredRecogniser | PatternRecogniser,
): recogniser is PatternRecogniser {
  return 'matcher' in recogniser;
}
