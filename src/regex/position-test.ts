// What a program tests between two symbols without consuming any: assertions and one-byte lookarounds.

import { EDGE, LAST_NEWLINE } from './alphabet.ts';
import type { Assertion } from './ast.ts';
import type { ByteSet } from './byte-set.ts';
import { NEWLINE, WORD } from './byte-set.ts';

export type TestKind = Assertion | 'ahead' | 'not-ahead' | 'behind' | 'not-behind';

export interface Test {
  readonly kind: TestKind;
  /** The asked set, as a bit of the alphabet's masks; 0 where the kind needs none. */
  readonly bit: number;
}

/** The set that a kind of test asks about, where it is always the same. */
export const ASKED: Partial<Record<TestKind, ByteSet>> = {
  'line-start': NEWLINE,
  'line-end': NEWLINE,
  'word-boundary': WORD,
  'not-word-boundary': WORD,
};
const ASKS_BEFORE: ReadonlySet<TestKind> = new Set([
  'line-start',
  'word-boundary',
  'not-word-boundary',
  'behind',
  'not-behind',
]);
const ASKS_AFTER: ReadonlySet<TestKind> = new Set([
  'line-end',
  'word-boundary',
  'not-word-boundary',
  'ahead',
  'not-ahead',
]);

/** What a test may ask about the symbol before the position, as a mask. */
export function askedBefore({ kind, bit }: Test): number {
  const edge = kind === 'subject-start' || kind === 'line-start' ? EDGE : 0;
  return edge | (ASKS_BEFORE.has(kind) ? bit : 0);
}

/** What a test may ask about the symbol after the position. */
export function askedAfter({ kind, bit }: Test): number {
  const set = ASKS_AFTER.has(kind) ? bit : 0;
  if (kind === 'subject-end-or-last-newline') return EDGE | LAST_NEWLINE;
  const edge = kind === 'line-start' || kind === 'line-end' || kind === 'subject-end' ? EDGE : 0;
  return edge | set;
}

/** Whether an assertion holds between symbols with these bits. */
export function holds(test: Test, before: number, after: number): boolean {
  const { bit } = test;
  switch (test.kind) {
    case 'subject-start':
      return (before & EDGE) !== 0;
    case 'subject-end':
      return (after & EDGE) !== 0;
    case 'subject-end-or-last-newline':
      return (after & (EDGE | LAST_NEWLINE)) !== 0;
    case 'line-start':
      return (before & EDGE) !== 0 || ((before & bit) !== 0 && (after & EDGE) === 0);
    case 'line-end':
      return (after & (EDGE | bit)) !== 0;
    case 'word-boundary':
      return ((before ^ after) & bit) !== 0;
    case 'not-word-boundary':
      return ((before ^ after) & bit) === 0;
    case 'ahead':
      return (after & bit) !== 0;
    case 'not-ahead':
      return (after & bit) === 0;
    case 'behind':
      return (before & bit) !== 0;
    case 'not-behind':
      return (before & bit) === 0;
  }
}
