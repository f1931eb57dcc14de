import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digitsOf,
  isCpf,
  isRut,
  isSvnr,
  passesLuhn,
  passesMod11And10,
  passesMod97,
  passesVerhoeff,
  remainder,
} from '../../src/base/checksum.ts';
import { crc32 } from '../../src/base/crc32.ts';
import { encodeHex } from '../../src/base/hex.ts';
import { keccak256 } from '../../src/base/keccak.ts';
import { sha256 } from '../../src/base/sha256.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one).toString('latin1'));
const digitText = fc.stringMatching(/^[0-9]{2,30}$/);

describe('check digits', () => {
  const CASES: readonly (readonly [
    name: string,
    check: (text: string) => boolean,
    valid: string,
  ])[] = [
    ['Luhn', (text) => passesLuhn(digitsOf(text)), '79927398713'],
    ['Verhoeff', (text) => passesVerhoeff(digitsOf(text)), '2363'],
    ['MOD 11,10', (text) => passesMod11And10(digitsOf(text)), '36574261809'],
    ['MOD 97-10', passesMod97, '3214282912345698765432161182'],
    ['CPF', (text) => isCpf(digitsOf(text)), '52998224725'],
    ['SVNR', (text) => isSvnr(digitsOf(text)), '1237010180'],
    ['RUT', (text) => isRut(digitsOf(text.slice(0, -1)), text.slice(-1)), '123456785'],
  ];

  it.each(CASES)(
    'of %s accept a number and refuse it with one digit changed',
    (_, check, valid) => {
      expect(check(valid)).toBe(true);
      for (let at = 0; at < valid.length; at++) {
        const other = String((Number(valid[at]) + 1) % 10);
        expect(check(valid.slice(0, at) + other + valid.slice(at + 1))).toBe(false);
      }
      expect(check('')).toBe(false);
    },
  );

  it('leave exactly one last digit to every number', () => {
    fc.assert(
      fc.property(digitText, (text) => {
        for (const check of [passesLuhn, passesVerhoeff]) {
          const passing = [...'0123456789'].filter((last) => check(digitsOf(text + last)));
          expect(passing).toHaveLength(1);
        }
      }),
    );
  });

  it('compute remainders of numbers of any length', () => {
    fc.assert(
      fc.property(digitText, fc.integer({ min: 2, max: 9973 }), (text, modulus) => {
        expect(BigInt(remainder(digitsOf(text), modulus))).toBe(BigInt(text) % BigInt(modulus));
      }),
    );
  });
});

describe('digests', () => {
  it('of SHA-256 agree with OpenSSL', () => {
    fc.assert(
      fc.property(bytes, (text) => {
        const expected = createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex');
        expect(encodeHex(sha256(text))).toBe(expected);
      }),
    );
  });

  it('of CRC-32 agree with zlib or with the published check value', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    // Older versions of Node 20 have no crc32.
    if (typeof zlib.crc32 !== 'function') return;
    fc.assert(
      fc.property(bytes, (text) => {
        expect(crc32(text)).toBe(zlib.crc32(Buffer.from(text, 'latin1')));
      }),
    );
  });

  it('of Keccak-256 are the published ones', () => {
    expect(encodeHex(keccak256(''))).toBe(
      'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    );
    expect(encodeHex(keccak256('abc'))).toBe(
      '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45',
    );
  });
});
