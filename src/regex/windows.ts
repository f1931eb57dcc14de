// Literals cut down to what is worth looking for: rare, short, and none twice.

import { BYTE_FREQUENCY } from './byte-frequency.data.ts';

/** Longer literals are cut to their rarest window: length past this buys little and costs states. */
export const MAX_LITERAL_BYTES = 6;

/** The part of a literal that is least likely to occur. */
export function rarestWindow(string: string, most: number = MAX_LITERAL_BYTES): string {
  const at = rarestAt(string, most);
  return string.slice(at, at + most);
}

/** `probability` of the rarest window. */
export function rarestProbability(string: string): number {
  return probabilityAt(string, rarestAt(string, MAX_LITERAL_BYTES), MAX_LITERAL_BYTES);
}

function rarestAt(string: string, most: number): number {
  let best = 0;
  let least = probabilityAt(string, 0, most);
  for (let at = 1; at + most <= string.length; at++) {
    const one = probabilityAt(string, at, most);
    if (one < least) {
      least = one;
      best = at;
    }
  }
  return best;
}

function probabilityAt(string: string, from: number, most: number): number {
  const end = Math.min(from + most, string.length);
  let product = 1;
  for (let at = from; at < end; at++) {
    product *= BYTE_FREQUENCY[string.charCodeAt(at)]! * (at === from ? 1 : 1.6);
  }
  return product;
}

/**
 * Windows such that whatever contains one of `strings` contains one of them. A string in which another
 * one's window occurs needs none of its own.
 */
export function coveringWindows(
  strings: readonly string[],
  most: number = MAX_LITERAL_BYTES,
): string[] {
  const windows = new Set<string>();
  const lengths = new Set<number>();
  const isCovered = (string: string): boolean => {
    for (const length of lengths) {
      for (let from = 0; from + length <= string.length; from++) {
        if (windows.has(string.slice(from, from + length))) return true;
      }
    }
    return false;
  };
  const shortFirst = [...strings].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  for (const string of shortFirst) {
    if (isCovered(string)) continue;
    const window = rarestWindow(string, most);
    windows.add(window);
    lengths.add(window.length);
  }
  return [...windows];
}

/** How often the literal is expected per byte. Letters come in clusters, hence the factor. */
export function probability(literal: string): number {
  let product = 1;
  for (let at = 0; at < literal.length; at++) {
    product *= BYTE_FREQUENCY[literal.charCodeAt(at)]! * (at === 0 ? 1 : 1.6);
  }
  return product;
}
