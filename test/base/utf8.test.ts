import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { firstIllFormedUtf8, utf8Bytes } from '../../src/base/utf8.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

describe('firstIllFormedUtf8', () => {
  it('agrees with a strict decoder on all two-byte texts and on random ones', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const isWellFormed = (bytes: Uint8Array): boolean => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const check = (bytes: Uint8Array): void => {
      const text = String.fromCharCode(...bytes);
      expect(firstIllFormedUtf8(text, 0, text.length) === -1).toBe(isWellFormed(bytes));
    };
    for (let first = 0x70; first < 256; first++) {
      for (let second = 0; second < 256; second += 5) check(Uint8Array.of(first, second));
    }
    const byte = fc.constantFrom(
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xed,
      0xef,
      0xf0,
      0xf1,
      0xf4,
      0xf5,
      0xff,
    );
    const bytes = fc.array(byte, { maxLength: 6 });
    fc.assert(
      fc.property(bytes, (values) => check(Uint8Array.from(values))),
      { numRuns: runs * 50 },
    );
  });

  it('gives the offset of the first byte of the broken sequence', () => {
    expect(firstIllFormedUtf8('ab\xc3\xa9\xe2\x82', 0, 6)).toBe(4);
    expect(firstIllFormedUtf8('\xffab', 1, 3)).toBe(-1);
  });
});

describe('utf8Bytes', () => {
  it('writes every code point as an encoder does', () => {
    for (let point = 0; point <= 0x10ffff; point += 61) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      expect(utf8Bytes(point)).toBe(utf8ByteString(String.fromCodePoint(point)));
    }
    expect(utf8Bytes(0xd800)).toBe('\xef\xbf\xbd');
  });
});
