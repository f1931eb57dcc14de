// Types made ready to be looked for together: their anchors sorted into tables that the scanner indexes.

import { nameEnding } from './assignment.ts';
import {
  ALWAYS_AFTER,
  type AnchoredRecogniser,
  type DataType,
  isPattern,
  type PatternRecogniser,
  type WordKind,
} from './data-type.ts';

/** Flags of a byte: part of words, or an anchor itself. */
export const DIGIT = 1;
export const LETTER = 2;
export const WORD = 3;
export const ANCHOR = 4;

export const LONGEST_ANCHOR_WORD = 64;
export const LONGEST_PREFIX = 24;

export interface Candidate {
  readonly type: DataType;
  readonly after: number;
  readonly recognise: AnchoredRecogniser['recognise'];
}

export interface WordCandidate extends Candidate {
  /** The code that must follow the word; -1 for any. */
  readonly next: number;
}

export interface PrefixCandidate extends Candidate {
  readonly literal: string;
}

export interface PatternCandidate {
  readonly type: DataType;
  readonly recogniser: PatternRecogniser;
}

export interface DetectionPlan {
  readonly types: readonly DataType[];
  readonly flags: Uint8Array;
  /** By `prefixSlot`: where in `prefixes` the candidates are; most words begin with none, which is 0. */
  readonly prefixAt: Uint8Array;
  readonly prefixes: readonly (readonly PrefixCandidate[])[];
  /** By `wordSlot`. */
  readonly words: readonly (readonly WordCandidate[] | undefined)[];
  /** By byte. */
  readonly bytes: readonly (readonly Candidate[] | undefined)[];
  /** By `nameSlot`: 1 where `names` may have candidates. */
  readonly nameAt: Uint8Array;
  /** By `nameEnding`. */
  readonly names: ReadonlyMap<number, readonly Candidate[]>;
  readonly patterns: readonly PatternCandidate[];
  /** The most bytes in front of its anchor that any value begins. */
  readonly lead: number;
  /** False when patterns are all there is. */
  readonly scans: boolean;
}

const PREFIX_SLOTS = 1 << 14;

/** The first two bytes of a word; bytes from 0x80 on share slots with others. */
export function prefixSlot(first: number, second: number): number {
  return ((first & 0x7f) << 7) | (second & 0x7f);
}

const NAME_SLOTS = 1 << 12;

export function nameSlot(ending: number): number {
  return (ending ^ (ending >> 8)) & (NAME_SLOTS - 1);
}

/** `kind` as the flags of the bytes of a word. */
export function wordSlot(kind: number, length: number): number {
  return kind * (LONGEST_ANCHOR_WORD + 1) + length;
}

const KINDS: Readonly<Record<WordKind, number>> = Object.freeze({
  digits: DIGIT,
  letters: LETTER,
  mixed: WORD,
});

/** Throws `TypeError` when two types share a name or when they begin in more than 255 ways. */
export function planDetection(types: readonly DataType[]): DetectionPlan {
  const seen = new Set<string>();
  const flags = Uint8Array.from({ length: 256 }, (_, code) => flagOf(code));
  const prefixAt = new Uint8Array(PREFIX_SLOTS);
  const prefixes: PrefixCandidate[][] = [[]];
  const words: WordCandidate[][] = [];
  const bytes: Candidate[][] = [];
  const nameAt = new Uint8Array(NAME_SLOTS);
  const names = new Map<number, Candidate[]>();
  const patterns: PatternCandidate[] = [];
  let lead = 0;
  for (const type of types) {
    if (seen.has(type.name)) throw new TypeError(`two data types are called "${type.name}"`);
    seen.add(type.name);
    const { recogniser } = type;
    if (isPattern(recogniser)) {
      patterns.push({ type, recogniser });
      continue;
    }
    const { anchors, after = ALWAYS_AFTER, recognise } = recogniser;
    lead = Math.max(lead, recogniser.lead ?? 0);
    const candidate = { type, after, recognise };
    for (const literal of anchors.prefixes ?? []) {
      const slot = prefixSlot(literal.charCodeAt(0), literal.charCodeAt(1));
      if (prefixAt[slot] === 0) {
        if (prefixes.length > 255) throw new TypeError('too many beginnings of words');
        prefixAt[slot] = prefixes.push([]) - 1;
      }
      prefixes[prefixAt[slot]!]!.push({ ...candidate, literal });
    }
    for (const { kind, length, next } of anchors.words ?? []) {
      const code = next === undefined ? -1 : next.charCodeAt(0);
      addTo(words, wordSlot(KINDS[kind], length), { ...candidate, next: code });
    }
    for (const name of anchors.names ?? []) {
      const key = nameEnding(name, name.length);
      nameAt[nameSlot(key)] = 1;
      names.set(key, [...(names.get(key) ?? []), candidate]);
      for (const byte of ':=') flags[byte.charCodeAt(0)]! |= ANCHOR;
    }
    for (const byte of anchors.bytes ?? '') {
      const code = byte.charCodeAt(0);
      flags[code]! |= ANCHOR;
      addTo(bytes, code, candidate);
    }
  }
  return {
    types: Object.freeze([...types]),
    flags,
    prefixAt,
    prefixes,
    words: dense(words, wordSlot(WORD, LONGEST_ANCHOR_WORD) + 1),
    bytes: dense(bytes, 256),
    nameAt,
    names,
    patterns,
    lead,
    scans: prefixes.length - 1 + words.length + bytes.length + names.size > 0,
  };
}

function addTo<T>(lists: T[][], slot: number, item: T): void {
  const list = lists[slot];
  if (list === undefined) lists[slot] = [item];
  else list.push(item);
}

/** Arrays with holes are slow to index. */
function dense<T>(sparse: readonly T[], length: number): readonly (T | undefined)[] {
  return Array.from({ length }, (_, at) => sparse[at]);
}

function flagOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return DIGIT;
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter < 26 && code < 0x80 ? LETTER : 0;
}
