// UTF-8 on byte strings: where it is ill-formed, and the bytes of a code point.

/** A look at each byte costs less than a call of a pattern. */
const SHORT = 24;

/**
 * The offset of the first byte in `from..to` that begins no well-formed sequence, or -1.
 *
 * Well-formed as the Unicode Standard has it: no overlong forms, no surrogates, nothing above U+10FFFF.
 * ModSecurity lets F4 90 and above pass; here they are ill-formed.
 */
export function firstIllFormedUtf8(text: string, from = 0, to: number = text.length): number {
  let at = from;
  if (to - from > SHORT && from === 0) {
    // Most texts are ASCII, and a pattern reads them faster.
    at = text.search(/[\x80-\xff]/);
    if (at < 0) return -1;
  }
  while (at < to) {
    const length = sequenceLength(text, at);
    if (length === 0 || at + length > to) return at;
    at += length;
  }
  return -1;
}

/** Bytes in the well-formed sequence at `at`, or 0 when there is none. */
export function sequenceLength(text: string, at: number): number {
  const lead = text.charCodeAt(at);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = text.charCodeAt(at + 1);
  if (!isContinuation(second)) return 0;
  if (lead < 0xe0) return 2;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (!isContinuation(text.charCodeAt(at + 2))) return 0;
  if (lead < 0xf0) return 3;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return isContinuation(text.charCodeAt(at + 3)) ? 4 : 0;
}

/** True for 80-BF; false for NaN, which charCodeAt gives behind the end. */
export function isContinuation(code: number): boolean {
  return (code & 0xc0) === 0x80;
}

/** Writes the UTF-8 bytes of a code point at `at`; answers the offset behind them. */
export function writeUtf8(target: Uint8Array, at: number, codePoint: number): number {
  let write = at;
  if (codePoint < 0x80) {
    target[write++] = codePoint;
    return write;
  }
  if (codePoint < 0x800) {
    target[write++] = 0xc0 | (codePoint >> 6);
  } else {
    if (codePoint < 0x10000) {
      target[write++] = 0xe0 | (codePoint >> 12);
    } else {
      target[write++] = 0xf0 | (codePoint >> 18);
      target[write++] = 0x80 | ((codePoint >> 12) & 0x3f);
    }
    target[write++] = 0x80 | ((codePoint >> 6) & 0x3f);
  }
  target[write++] = 0x80 | (codePoint & 0x3f);
  return write;
}

/** The UTF-8 bytes of one code point; a surrogate becomes U+FFFD. */
export function utf8Bytes(codePoint: number): string {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  if (codePoint < 0x800) {
    return String.fromCharCode(0xc0 | (codePoint >> 6), 0x80 | (codePoint & 0x3f));
  }
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return '\xef\xbf\xbd';
  if (codePoint < 0x10000) {
    return String.fromCharCode(
      0xe0 | (codePoint >> 12),
      0x80 | ((codePoint >> 6) & 0x3f),
      0x80 | (codePoint & 0x3f),
    );
  }
  return String.fromCharCode(
    0xf0 | (codePoint >> 18),
    0x80 | ((codePoint >> 12) & 0x3f),
    0x80 | ((codePoint >> 6) & 0x3f),
    0x80 | (codePoint & 0x3f),
  );
}
