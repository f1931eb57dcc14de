// Numbers out of text, as C's atoi reads them.

/** So many digits are exact. */
const SHORT = 15;

/** Leading blanks, a sign and digits; the rest is ignored; 0 without digits. */
export function leadingInteger(text: string): number {
  // Counters are short and nothing but digits.
  if (text.length <= SHORT) {
    let value = 0;
    let at = 0;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === text.length) return value;
  }
  const digits = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text)?.[1];
  return digits === undefined ? 0 : Math.trunc(Number(digits));
}
