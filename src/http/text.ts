// Small ASCII-only text functions that the parsers of this directory share; all linear.

/** Without blanks and tabs at both ends. A regex anchored at `$` would be quadratic on long runs. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
