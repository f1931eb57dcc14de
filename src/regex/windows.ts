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
  const begins = new Uint8Array(BEGINNINGS);
  const isCovered = (string: string): boolean => {
    for (let from = 0; from < string.length; from++) {
      if (begins[beginningAt(string, from)] === 0 && begins[lastAt(string, from)] === 0) continue;
      for (const length of lengths) {
        if (from + length <= string.length && windows.has(string.slice(from, from + length))) {
          return true;
        }
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
    begins[window.length === 1 ? lastAt(window, 0) : beginningAt(window, 0)] = 1;
  }
  return [...windows];
}

/** Where the first two bytes of windows are marked, and in front those that are of one byte. */
const BEGINNINGS = 256 + 1024;

function lastAt(string: string, at: number): number {
  return string.charCodeAt(at) & 0xff;
}

function beginningAt(string: string, at: number): number {
  if (at + 1 >= string.length) return lastAt(string, at);
  return 256 + ((string.charCodeAt(at) * 31 + string.charCodeAt(at + 1)) & 1023);
}

/** How often the literal is expected per byte. Letters come in clusters, hence the factor. */
export function probability(literal: string): number {
  let product = 1;
  for (let at = 0; at < literal.length; at++) {
    product *= BYTE_FREQUENCY[literal.charCodeAt(at)]! * (at === 0 ? 1 : 1.6);
  }
  return product;
}
