// What lets the machine leave transformations out: `alters` has to name every byte that a change begins with.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiLower } from '../../src/base/ascii.ts';
import { TRANSFORMATIONS } from '../../src/library/transformations/index.ts';
import { BEHAVIOURS } from '../../src/model/compatibility.ts';
import type { TransformationEnvironment } from '../../src/model/transformation.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const ENVIRONMENTS: readonly TransformationEnvironment[] = [
  { unicodeMap: new Int32Array(65536).fill(0x2f), htmlEntities: 'modsecurity2' },
  ...Object.values(BEHAVIOURS).map((behaviour) => ({
    unicodeMap: undefined,
    htmlEntities: behaviour.htmlEntities,
    behaviour,
  })),
];

describe('a value without the bytes that a transformation alters', () => {
  for (const { name, alters, apply } of TRANSFORMATIONS) {
    if (alters === undefined) continue;
    it(`stays as it is behind ${name}`, () => {
      const others = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
        (char) => !alters.includes(char),
      );
      const check = (value: string): void => {
        for (const environment of ENVIRONMENTS) {
          if (apply(value, environment) !== value)
            expect([value, apply(value, environment)]).toBe(value);
        }
      };
      check('');
      for (const first of others) for (const second of others) check(first + second);
      const marks = others.filter((char) =>
        '%u0x41&#;\\/.*-<!> "\'[]=+\0\r\n\xc2\xa0\x80'.includes(char),
      );
      const char = fc.oneof(fc.constantFrom(...others), fc.constantFrom(...marks));
      fc.assert(
        fc.property(fc.array(char, { maxLength: 40 }), (chars) => check(chars.join(''))),
        { numRuns: RUNS * 3 },
      );
    });
  }

  it('is known for most of them', () => {
    expect(TRANSFORMATIONS.filter(({ alters }) => alters !== undefined).length).toBeGreaterThan(20);
  });
});

describe('a transformation that is known to grow no more than it says', () => {
  for (const { name, growth, apply } of TRANSFORMATIONS) {
    if (growth === undefined) continue;
    it(`keeps ${name} within that`, () => {
      const pieces = fc.oneof(
        fc.constantFrom(
          ...'%u0041+&#;\\/.*-<!> "\'=\0\r\n\xc3\xa9\xe2\x82\xac\xff',
          'QUJD',
          '\\x41',
          '\\u00e9',
        ),
        fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      );
      const values = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));
      for (const environment of ENVIRONMENTS) {
        const most = growth(environment.behaviour);
        fc.assert(
          fc.property(values, (value) => {
            expect(apply(value, environment).length).toBeLessThanOrEqual(value.length * most);
          }),
          { numRuns: RUNS },
        );
      }
    });
  }
});

describe('a transformation that is known to bring in few bytes', () => {
  for (const { name, adds, apply } of TRANSFORMATIONS) {
    if (adds === undefined) continue;
    it(`brings in no others with ${name}`, () => {
      const pieces = fc.oneof(
        fc.constantFrom(
          ...' /.\\"\'^,;()*#-<!>\t\n\r\0aAbBZz\xa0\xc3\x84\xe2\xff',
          '/*',
          '*/',
          '..',
          '<!--',
        ),
        fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      );
      const values = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
      for (const environment of ENVIRONMENTS) {
        const more = adds(environment.behaviour);
        fc.assert(
          fc.property(values, (value) => {
            const brought = [...apply(value, environment)].filter(
              (char) => !value.includes(char) && !more.includes(char),
            );
            expect([value, brought]).toEqual([value, []]);
          }),
          { numRuns: RUNS * 3 },
        );
      }
    });
  }
});

describe('a transformation that changes the case of some bytes and nothing else', () => {
  const OF_CASE = TRANSFORMATIONS.filter(({ recases }) => recases !== undefined);
  const ALL_BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

  it.each(OF_CASE)('$name leaves every byte what it was, in some case', (transformation) => {
    for (const environment of ENVIRONMENTS) {
      const { alters = '', recases, apply } = transformation;
      const recased = recases?.(environment.behaviour) ?? '';
      const altered = [...alters].filter((byte) => !recased.includes(byte));
      const bytes = ALL_BYTES.filter((byte) => !altered.includes(byte));
      const texts = fc.array(fc.constantFrom(...bytes), { maxLength: 40 });
      fc.assert(
        fc.property(texts, (chars) => {
          const value = chars.join('');
          expect(asciiLower(apply(value, environment))).toBe(asciiLower(value));
        }),
        { numRuns: RUNS * 3 },
      );
    }
  });

  it('is one that knows letters', () => {
    const names = OF_CASE.map(({ name }) => name).sort();
    expect(names).toEqual(['cmdLine', 'lowercase', 'uppercase']);
  });
});

describe('a transformation that tells how many bytes come out at most', () => {
  const BOUNDED = TRANSFORMATIONS.filter(({ mostBytes }) => mostBytes !== undefined);

  it.each(BOUNDED)('$name tells it of any value', ({ apply, mostBytes }) => {
    const pieces = fc.constantFrom(
      'QUJD',
      'ab',
      'c',
      '=',
      '==',
      '-',
      '\n',
      '\r\n',
      ' ',
      '\0',
      '\xff',
      '/+',
    );
    const values = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));
    for (const environment of ENVIRONMENTS) {
      fc.assert(
        fc.property(values, fc.nat({ max: 40 }), (value, enough) => {
          const most = mostBytes?.(value, enough, environment.behaviour) ?? 0;
          const { length } = apply(value, environment);
          expect(most >= length || most >= enough).toBe(true);
        }),
        { numRuns: RUNS * 3 },
      );
    }
  });

  it('is one that stops at what it cannot read', () => {
    expect(BOUNDED.map(({ name }) => name)).toEqual(['base64Decode']);
  });
});

describe('a transformation that is known to do no more than to delete', () => {
  for (const { name, deletes, apply } of TRANSFORMATIONS) {
    if (deletes === undefined) continue;
    it(`leaves the other bytes as they come, behind ${name}`, () => {
      const pieces = fc.oneof(
        fc.constantFrom(
          ...'aZ"\'\\^ ,;\t\r\n\v\f\0/(\xa0\xc2\xc3',
          'ab',
          '  /',
          '\xc2\xa0',
          '\xe2\x84\xaa',
        ),
        fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      );
      const values = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));
      for (const environment of ENVIRONMENTS) {
        const deleted = deletes(environment.behaviour);
        if (deleted === undefined) continue;
        const kept = (value: string): string =>
          [...asciiLower(value)].filter((char) => !deleted.includes(char)).join('');
        fc.assert(
          fc.property(values, (value) => {
            // v2 ends at a NUL, and what stood behind it is gone as a whole.
            expect(kept(value).startsWith(kept(apply(value, environment)))).toBe(true);
            if (value.includes('\0')) return;
            expect(kept(apply(value, environment))).toBe(kept(value));
          }),
          { numRuns: RUNS },
        );
      }
    });
  }
});
