// Check digits: the sums that tell a number somebody was given from a number somebody typed.
//
// Digits are arrays of 0-9. Nothing here throws, whatever it is given; an empty number passes no check.

/** The ASCII digits of a text. */
export function digitsOf(text: string): number[] {
  const digits: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) digits.push(digit);
  }
  return digits;
}

/** True when all digits are the same. */
export function isRepeated(digits: readonly number[]): boolean {
  return digits.every((digit) => digit === digits[0]);
}

/** True when each digit is one more than the one before it, 0 following 9. */
export function isAscending(digits: readonly number[]): boolean {
  return digits.every((digit, at) => at === 0 || digit === (digits[at - 1]! + 1) % 10);
}

/** The sum of the products of weights and digits; digits behind the last weight count for nothing. */
export function weightedSum(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0);
}

/** The Luhn check (ISO/IEC 7812-1): every second digit from the right but one counts double. */
export function passesLuhn(digits: readonly number[]): boolean {
  let sum = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at--, doubled = !doubled) {
    const digit = digits[at]! * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** The number modulo a small modulus, however many digits it has. */
export function remainder(digits: readonly number[], modulus: number): number {
  return digits.reduce((rest, digit) => (rest * 10 + digit) % modulus, 0);
}

/**
 * ISO 7064 MOD 97-10, as in IBANs: letters count as 10-35 in either case, other characters are skipped, the
 * whole leaves 1.
 */
export function passesMod97(text: string): boolean {
  let rest = 0;
  for (let at = 0; at < text.length; at++) {
    const value = alphanumericValue(text.charCodeAt(at));
    if (value >= 10) rest = (rest * 100 + value) % 97;
    else if (value >= 0) rest = (rest * 10 + value) % 97;
  }
  return rest === 1;
}

/** 0-9 for digits, 10-35 for letters in either case, -1 for anything else. */
export function alphanumericValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter < 26 && code < 0x80 ? letter + 10 : -1;
}

/** ISO 7064 MOD 11,10: the check digit of German tax numbers and Croatian ones. */
export function passesMod11And10(digits: readonly number[]): boolean {
  if (digits.length < 2) return false;
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (digit + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === digits[digits.length - 1];
}

// The dihedral group D5 and a permutation of period 8: J. Verhoeff, 1969.
const DIHEDRAL: readonly string[] = Object.freeze([
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
]);
const PERMUTATION: readonly number[] = Object.freeze([1, 5, 7, 6, 2, 8, 3, 0, 9, 4]);

/** The Verhoeff check over a number whose last digit is its check digit. */
export function passesVerhoeff(digits: readonly number[]): boolean {
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    let digit = digits[digits.length - 1 - place]!;
    for (let round = place % 8; round > 0; round--) digit = PERMUTATION[digit]!;
    check = DIHEDRAL[check]!.charCodeAt(digit) - 0x30;
  }
  return digits.length > 0 && check === 0;
}

/** A Brazilian CPF: eleven digits, the last two a check, no trivial sequence. */
export function isCpf(digits: readonly number[]): boolean {
  return (
    digits.length === 11 &&
    !isRepeated(digits) &&
    !(digits[0] === 0 && isAscending(digits)) &&
    digits[9] === elevenLess(weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) &&
    digits[10] === elevenLess(weightedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]))
  );
}

/** The digit that completes a sum to a multiple of 11, 0 where that would be 10 or 11. */
export function elevenLess(sum: number): number {
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

const SVNR_WEIGHTS: readonly number[] = Object.freeze([3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);

/** An Austrian social insurance number: ten digits, the fourth a check, no trivial sequence. */
export function isSvnr(digits: readonly number[]): boolean {
  if (digits.length !== 10 || isRepeated(digits)) return false;
  if (digits[0] === 0 && isAscending(digits)) return false;
  return digits[3] === (weightedSum(digits, SVNR_WEIGHTS) % 11) % 10;
}

/** A Chilean RUT's digits and check character: weights 2 to 7 from the right, over and over. */
export function isRut(digits: readonly number[], check: string): boolean {
  const sum = digits.reduceRight(
    (total, digit, at) => total + digit * (2 + ((digits.length - 1 - at) % 6)),
    0,
  );
  return '0k987654321'.charAt(sum % 11) === (check === 'K' ? 'k' : check);
}
