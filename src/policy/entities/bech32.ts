// Bech32 and Bech32m (BIP 173, BIP 350): a readable prefix, `1`, digits of five bits, six of them a check sum.

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR: readonly number[] = Object.freeze([
  0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3,
]);
const BECH32 = 1;
const BECH32M = 0x2bc830a3;

/** Whether the check sum holds. Upper case and lower case do not mix. */
export function isBech32(text: string): boolean {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false;
  const lower = text.toLowerCase();
  const split = lower.lastIndexOf('1');
  if (split < 1 || lower.length - split < 7) return false;
  const values = Array.from(lower.slice(0, split), (char) => char.charCodeAt(0) >> 5);
  values.push(0);
  for (const char of lower.slice(0, split)) values.push(char.charCodeAt(0) & 31);
  for (const char of lower.slice(split + 1)) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) return false;
    values.push(value);
  }
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((term, bit) => {
      if ((top >> bit) & 1) sum ^= term;
    });
  }
  return sum === BECH32 || sum === BECH32M;
}
