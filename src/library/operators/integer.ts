// Numbers as C's atoi reads them: leading white space, a sign, digits, and whatever follows is ignored.

import { firstNonSpace, isAsciiDigit } from '../../base/ascii.ts';

import type { Behaviour } from '../../model/compatibility.ts';

/** Up to 15 digits are a number, more are a bigint: never both for one value, so `===` is exact. */
export type Integer = number | bigint;

const MAX: bigint = 2n ** 63n - 1n;
const MIN: bigint = -(2n ** 63n);
const EXACT_DIGITS = 15;
const MAX_DIGITS = 19;

/**
 * The number at the beginning of the text; 0 when there is none.
 *
 * `clamp` keeps what is out of 64 bits at the nearest end, as atoll does; `zero` makes it 0, as
 * libmodsecurity's @eq does. Coraza keeps it, and takes a number with anything else around it for 0. ModSecurity v2 wraps around at 32 bits: 4294967297 equals 1 there.
 */
export function parseInteger(
  text: string,
  overflow: 'clamp' | 'zero',
  numbers: Behaviour['numbers'] = 'atoll',
): Integer {
  if (numbers === 'whole') return /^[+-]?\d+$/.test(text) ? parseInteger(text, 'clamp') : 0;
  if (numbers === 'atoi') return Number(BigInt.asIntN(32, BigInt(parseInteger(text, 'clamp'))));
  let at = firstNonSpace(text);
  const sign = text.charCodeAt(at);
  const negative = sign === 0x2d;
  if (negative || sign === 0x2b) at++;
  while (text.charCodeAt(at) === 0x30) at++;
  const start = at;
  let small = 0;
  for (; isAsciiDigit(text.charCodeAt(at)); at++) {
    if (at - start < EXACT_DIGITS) small = small * 10 + text.charCodeAt(at) - 0x30;
  }
  // Zero has no sign.
  if (at - start <= EXACT_DIGITS) return negative && small !== 0 ? -small : small;
  const digits = text.slice(start, at);
  // Longer runs are not even read: a bigint of a million digits costs more than the request.
  const size = digits.length <= MAX_DIGITS ? BigInt(digits) : MAX + 2n;
  const value = negative ? -size : size;
  if (value >= MIN && value <= MAX) return value;
  return overflow === 'zero' ? 0 : negative ? MIN : MAX;
}
