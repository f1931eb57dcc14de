import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiLower, asciiTrim, asciiUpper } from '../../src/base/ascii.ts';
import { decodeBase64Anywhere, decodeBase64Prefix, encodeBase64 } from '../../src/base/base64.ts';
import { encodeHex, hexByteAt, hexWordAt, uncheckedHexByte } from '../../src/base/hex.ts';
import { md5 } from '../../src/base/md5.ts';
import { sha1 } from '../../src/base/sha1.ts';
import { firstIllFormedUtf8, writeUtf8 } from '../../src/base/utf8.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const bytes = fc.uint8Array({ maxLength: 200 }).map((one) => Buffer.from(one).toString('latin1'));

function property(check: (text: string) => void): void {
  fc.assert(
    fc.property(bytes, (text) => {
      check(text);
    }),
    { numRuns: RUNS },
  );
}

describe('ASCII case', () => {
  it('folds letters and leaves every other byte', () => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    expect(asciiLower(all)).toBe(all.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
    expect(asciiUpper(all)).toBe(all.replace(/[a-z]/g, (letter) => letter.toUpperCase()));
  });

  it('does not trim A0', () => expect(asciiTrim(' \xa0 ')).toBe('\xa0'));
});

describe('hexadecimal', () => {
  it('writes as Node does', () =>
    property((text) => expect(encodeHex(text)).toBe(Buffer.from(text, 'latin1').toString('hex'))));

  it('finds no digits behind the end', () => {
    expect(hexByteAt('4', 0)).toBe(-1);
    expect(hexByteAt('', 5)).toBe(-1);
    expect(hexWordAt('004', 0)).toBe(-1);
    expect(hexWordAt('x00fF', 1)).toBe(0xff);
  });

  it('reads unchecked chars in eight bits', () => {
    expect(uncheckedHexByte(0x30, 0x7a)).toBe(0x23);
  });
});

describe('Base64', () => {
  it('writes as Node does and reads it back', () =>
    property((text) => {
      const encoded = encodeBase64(text);
      expect(encoded).toBe(Buffer.from(text, 'latin1').toString('base64'));
      expect(decodeBase64Prefix(encoded)).toBe(text);
      expect(decodeBase64Anywhere(encoded)).toBe(text);
    }));
});

describe('digests', () => {
  it('agree with OpenSSL', () =>
    property((text) => {
      const data = Buffer.from(text, 'latin1');
      expect(md5(text)).toBe(createHash('md5').update(data).digest().toString('latin1'));
      expect(sha1(text)).toBe(createHash('sha1').update(data).digest().toString('latin1'));
    }));

  it('agree with OpenSSL around the length of a block', () => {
    for (let length = 50; length < 140; length++) {
      const text = 'a'.repeat(length);
      expect(encodeHex(md5(text))).toBe(createHash('md5').update(text).digest('hex'));
      expect(encodeHex(sha1(text))).toBe(createHash('sha1').update(text).digest('hex'));
    }
  });
});

describe('UTF-8', () => {
  const isWellFormed = (text: string): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
      return true;
    } catch {
      return false;
    }
  };
  const tricky = fc
    .array(
      fc.constantFrom(
        0x41,
        0x80,
        0x8f,
        0x90,
        0x9f,
        0xa0,
        0xbf,
        0xc1,
        0xc2,
        0xe0,
        0xed,
        0xef,
        0xf0,
        0xf4,
        0xf5,
      ),
      { maxLength: 6 },
    )
    .map((codes) => String.fromCharCode(...codes));

  it('is ill-formed exactly where a strict decoder fails', () => {
    fc.assert(
      fc.property(fc.oneof(tricky, bytes), (text) => {
        const at = firstIllFormedUtf8(text);
        expect(at < 0).toBe(isWellFormed(text));
        if (at >= 0) expect(isWellFormed(text.slice(0, at))).toBe(true);
      }),
      { numRuns: RUNS * 10 },
    );
  });

  it('writes the bytes of every kind of code point', () => {
    for (const code of [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff]) {
      const target = new Uint8Array(8);
      const end = writeUtf8(target, 2, code);
      expect(Buffer.from(target.subarray(2, end)).toString()).toBe(String.fromCodePoint(code));
    }
  });
});
