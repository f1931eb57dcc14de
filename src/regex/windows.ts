// Literals cut down to what is worth looking for: rare, short, and none twice.

import type { WholeLiterals } from '../model/operator.ts';
import { BYTE_FREQUENCY } from './byte-frequency.data.ts';

/** Longer literals are cut to their rarest window: length past this buys little and costs states. */
export const MAX_LITERAL_BYTES = 6;

/** `probability` of the rarest window. */
export function rarestProbability(string: string): number {
  return probabilityAt(string, rarestAt(string));
}

function rarestAt(string: string): number {
  let best = 0;
  let least = probabilityAt(string, 0);
  for (let at = 1; at + MAX_LITERAL_BYTES <= string.length; at++) {
    const one = probabilityAt(string, at);
    if (one < least) {
      least = one;
      best = at;
    }
  }
  return best;
}

function probabilityAt(string: string, from: number): number {
  const end = Math.min(from + MAX_LITERAL_BYTES, string.length);
  let product = 1;
  for (let at = from; at < end; at++) {
    product *= BYTE_FREQUENCY[string.charCodeAt(at)]! * (at === from ? 1 : 1.6);
  }
  return product;
}

/** Windows such that whatever contains one of `strings` contains one of them, and where they stand in the strings. */
export interface Covering {
  readonly windows: readonly string[];
  readonly wholes: WholeLiterals;
}

/** A string in which another one's window occurs needs none of its own. */
export function cover(strings: readonly string[]): Covering {
  const windows = new Map<string, number>();
  const lengths = new Set<number>();
  const begins = new Uint8Array(BEGINNINGS);
  const texts: string[] = [];
  const windowOf: number[] = [];
  const offsets: number[] = [];
  const isWhole: boolean[] = [];
  const isCovered = (string: string): boolean => {
    for (let from = 0; from < string.length; from++) {
      if (begins[beginningAt(string, from)] === 0 && begins[lastAt(string, from)] === 0) continue;
      for (const length of lengths) {
        if (from + length > string.length) continue;
        const window = windows.get(string.slice(from, from + length));
        if (window === undefined) continue;
        // The window itself is all that has to be there.
        if (isWhole[window]) return true;
        texts.push(string);
        windowOf.push(window);
        offsets.push(from);
        return true;
      }
    }
    return false;
  };
  const shortFirst = [...strings].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  let before: string | undefined;
  for (const string of shortFirst) {
    if (string === before) continue;
    before = string;
    if (isCovered(string)) continue;
    const at = rarestAt(string);
    const window = string.slice(at, at + MAX_LITERAL_BYTES);
    texts.push(string);
    windowOf.push(windows.size);
    offsets.push(at);
    windows.set(window, windows.size);
    isWhole.push(window === string);
    lengths.add(window.length);
    begins[window.length === 1 ? lastAt(window, 0) : beginningAt(window, 0)] = 1;
  }
  return { windows: [...windows.keys()], wholes: { texts, windows: windowOf, offsets } };
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
