// UTF-8 over byte strings: where it stops being well-formed, and code points as bytes.

/**
 * Offset of the first byte in `from..to` that is not part of a well-formed sequence, -1 when all are.
 * Overlong forms, surrogates and everything above U+10FFFF are ill-formed (RFC 3629).
 */
export function findIllFormed(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const lead = text.charCodeAt(at);
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > to) return at;
    const second = text.charCodeAt(at + 1);
    const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) return at;
    for (let next = at + 2; next < at + length; next++) {
      if ((text.charCodeAt(next) & 0xc0) !== 0x80) return at;
    }
    at += length;
  }
  return -1;
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
