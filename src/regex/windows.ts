// Literals cut down to what is worth looking for: rare, short, and none twice.

import { BYTE_FREQUENCY } from './byte-frequency.data.ts';

/** Longer literals are cut to their rarest window: length past this buys little and costs states. */
export const MAX_LITERAL_BYTES = 6;

/** The part of a literal that is least likely to occur. */
export function rarestWindow(string: string): string {
  let best = string.slice(0, MAX_LITERAL_BYTES);
  for (let at = 1; at + MAX_LITERAL_BYTES <= string.length; at++) {
    const window = string.slice(at, at + MAX_LITERAL_BYTES);
    if (probability(window) < probability(best)) best = window;
  }
  return best;
}

/**
 * Windows such that whatever contains one of `strings` contains one of them. A string in which another
 * one's window occurs needs none of its own.
 */
export function coveringWindows(strings: readonly string[]): string[] {
  const windows = new Set<string>();
  const isCovered = (string: string): boolean => {
    for (let from = 0; from < string.length; from++) {
      const last = Math.min(from + MAX_LITERAL_BYTES, string.length);
      for (let to = from + 1; to <= last; to++) {
        if (windows.has(string.slice(from, to))) return true;
      }
    }
    return false;
  };
  const shortFirst = [...strings].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  for (const string of shortFirst) if (!isCovered(string)) windows.add(rarestWindow(string));
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
