// The name somebody probably meant, for the help line of an "unknown ..." diagnostic.

import { asciiLower } from '../base/ascii.ts';
import { editDistance } from '../base/edit-distance.ts';

/** Longer words are not compared: nobody mistypes them, and the cost grows with the square. */
const LONGEST = 64;

/**
 * The candidate nearest to `name`, regardless of case, or undefined when none is near: at most one edit
 * for each three letters. The first of equally near ones wins.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length === 0 || name.length > LONGEST) return undefined;
  const wanted = asciiLower(name);
  let limit = Math.max(1, Math.floor(wanted.length / 3));
  let nearest: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, asciiLower(candidate), limit);
    if (distance > limit) continue;
    nearest = candidate;
    if (distance === 0) break;
    limit = distance - 1;
  }
  return nearest;
}
