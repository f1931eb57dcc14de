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

/** A literal that contains another one adds nothing: the shorter is found wherever it is. */
export function withoutContained(literals: string[]): string[] {
  const kept = new Set<string>();
  for (const literal of literals.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    let contained = false;
    for (let from = 0; from < literal.length && !contained; from++) {
      for (let to = from + 1; to <= literal.length && !contained; to++) {
        contained = kept.has(literal.slice(from, to));
      }
    }
    if (!contained) kept.add(literal);
  }
  return [...kept];
}

/** How often the literal is expected per byte. Letters come in clusters, hence the factor. */
export function probability(literal: string): number {
  let product = 1;
  for (let at = 0; at < literal.length; at++) {
    product *= BYTE_FREQUENCY[literal.charCodeAt(at)]! * (at === 0 ? 1 : 1.6);
  }
  return product;
}
