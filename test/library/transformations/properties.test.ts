import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isByteString } from '../../../src/base/bytes.ts';
import {
  TRANSFORMATIONS,
  UNRELEASED_TRANSFORMATIONS,
} from '../../../src/library/transformations/index.ts';
import type { TransformationEnvironment } from '../../../src/model/transformation.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
/** A way that is not linear takes longer. */
const PATIENCE = 60_000;

const ENVIRONMENTS: readonly TransformationEnvironment[] = [
  { unicodeMap: undefined, htmlEntities: 'superset' },
  { unicodeMap: new Int32Array(65536).fill(0x2f), htmlEntities: 'modsecurity2' },
];

/** Bytes that decoders look at come up far more often than the others. */
const byte = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(...'%u+0x41&#;\\/.*-<!> "\'[]=\0\r\n\xc0\xc2\xa0\x80\xe2\xf0\xf5'),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  },
);
const bytes = fc.array(byte, { maxLength: 60 }).map((chars) => chars.join(''));

/** Output bytes per input byte, and a constant. */
const GROWTH: Readonly<Record<string, readonly [number, number]>> = {
  hexEncode: [2, 0],
  base64Encode: [4 / 3, 3],
  urlEncode: [3, 0],
  utf8toUnicode: [4, 0],
  length: [1, 1],
  md5: [0, 16],
  sha1: [0, 20],
  removeComments: [1, 1],
};

/** What tempts a decoder to read something again and again. */
const PUMPS = [
  '%',
  '%u',
  '+',
  '&',
  '&#',
  '&#1',
  '&lt',
  '\\',
  '\\1',
  '\\u',
  '/',
  '../',
  '/..',
  './',
  '0x',
  '0x4',
  '/*',
  '*/',
  '<!--',
  '--',
  '-',
  '=',
  'A',
  'A=',
  ' ',
  ' \t',
  '\0',
  '\xc0',
  '\xe2\x82',
  '[',
  '[]',
  '[a',
  ' /',
  '"',
  '\xc2',
  '\xa0',
];

describe('every transformation', () => {
  for (const transformation of [...TRANSFORMATIONS, ...UNRELEASED_TRANSFORMATIONS]) {
    const { name } = transformation;

    it(`${name} gives bytes, bounded in number, for any bytes, and itself when unchanged`, () => {
      const [factor, constant] = GROWTH[name] ?? [1, 0];
      fc.assert(
        fc.property(bytes, fc.constantFrom(...ENVIRONMENTS), (value, environment) => {
          const result = transformation.apply(value, environment);
          expect(isByteString(result)).toBe(true);
          expect(result.length).toBeLessThanOrEqual(value.length * factor + constant);
        }),
        { numRuns: RUNS },
      );
    });

    it(`${name} comes to an end with 200,000 bytes of anything`, { timeout: PATIENCE }, () => {
      for (const pump of PUMPS) {
        const value = pump.repeat(Math.ceil(200_000 / pump.length));
        expect(isByteString(transformation.apply(value, ENVIRONMENTS[0]!))).toBe(true);
      }
    });
  }
});
