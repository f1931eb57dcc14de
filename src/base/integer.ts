// Numbers out of text, as C's atoi reads them.

/** Leading blanks, a sign and digits; the rest is ignored; 0 without digits. */
export function leadingInteger(text: string): number {
  const digits = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text)?.[1];
  return digits === undefined ? 0 : Math.trunc(Number(digits));
}
