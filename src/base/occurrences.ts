// Finds a text within another in linear time, whoever chose the two.
//
// V8's indexOf is O(text * pattern) in the worst case, and so is trying each place where the pattern occurs. Long
// patterns go through Knuth-Morris-Pratt; for short ones the product is no more than a few looks at each byte.

/** V8 is as good as linear for these. */
export const SHORT_PATTERN = 70;
/** Below so many comparisons at the most it does not matter. */
const FEW_COMPARISONS = 100_000;

/** The first place where `pattern` occurs and which is accepted; -1: none. */
export function findOccurrence(
  text: string,
  pattern: string,
  accepts?: (at: number) => boolean,
): number {
  const isShort =
    pattern.length <= SHORT_PATTERN || text.length * pattern.length <= FEW_COMPARISONS;
  if (!isShort) return findLong(text, pattern, accepts);
  let at = text.indexOf(pattern);
  while (at >= 0 && accepts?.(at) === false) at = text.indexOf(pattern, at + 1);
  return at;
}

function findLong(text: string, pattern: string, accepts?: (at: number) => boolean): number {
  if (pattern.length > text.length) return -1;
  const failures = failuresOf(pattern);
  const last = pattern.length - 1;
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && code !== pattern.charCodeAt(matched)) matched = failures[matched - 1]!;
    if (code === pattern.charCodeAt(matched)) matched++;
    if (matched <= last) continue;
    if (accepts?.(at - last) !== false) return at - last;
    matched = failures[last]!;
  }
  return -1;
}

/** For each prefix, the length of its longest proper border. */
export function failuresOf(pattern: string): Int32Array {
  const failures = new Int32Array(pattern.length);
  let matched = 0;
  for (let at = 1; at < pattern.length; at++) {
    const code = pattern.charCodeAt(at);
    while (matched > 0 && code !== pattern.charCodeAt(matched)) matched = failures[matched - 1]!;
    if (code === pattern.charCodeAt(matched)) matched++;
    failures[at] = matched;
  }
  return failures;
}
