import { describe, expect, it } from 'vitest';
import { CHECKSUMS } from '../../../src/policy/entities/checksums.ts';
import { selectTypes } from '../../../src/policy/entities/data-sets.ts';
import { DataTypeError } from '../../../src/policy/entities/data-type-error.ts';
import { compileOwnType, type OwnType } from '../../../src/policy/entities/own-types.ts';

const values = (own: OwnType, text: string): string[] =>
  compileOwnType(own)
    .find(text)
    .map(({ value }) => value);

function refusal(own: OwnType): DataTypeError {
  try {
    compileOwnType(own);
  } catch (error) {
    if (error instanceof DataTypeError) return error;
    throw error;
  }
  throw new Error('expected it to be refused');
}

describe('compileOwnType', () => {
  const name = 'employee-number';

  it('finds the matches of a pattern, one behind the other', () => {
    expect(values({ name, pattern: 'EMP-\\d{4}' }, 'EMP-1234 EMP-12 EMP-56789')).toEqual([
      'EMP-1234',
      'EMP-5678',
    ]);
    expect(values({ name, pattern: 'aa' }, 'aaaaa')).toEqual(['aa', 'aa']);
    expect(values({ name, pattern: '\\bemp\\b', ignoreCase: true }, 'EMP tEmP emp')).toEqual([
      'EMP',
      'emp',
    ]);
  });

  it('asks for the check sum', () => {
    const own: OwnType = { name, pattern: '\\b\\d{11}\\b', checksum: 'luhn' };
    expect(values(own, '79927398713 79927398714')).toEqual(['79927398713']);
  });

  it('asks for words in front', () => {
    const own: OwnType = { name, pattern: '\\b\\d{6}\\b', context: ['staff number', 'badge'] };
    expect(values(own, 'staffNumber: 123456; order 654321')).toEqual(['123456']);
    expect(values(own, 'Badge 111111')).toEqual(['111111']);
    expect(values(own, 'badger 111111')).toEqual([]);
  });

  it.each([
    ['(a)\\1', 'regex-not-linear'],
    ['(?>ab?)c', 'regex-not-linear'],
    ['a(?=bc)', 'regex-not-linear'],
    ['EMP-\\d+', 'regex-unbounded'],
    ['a{600}', 'regex-unbounded'],
    ['a*', 'regex-matches-nothing'],
    ['(', 'invalid-regex'],
    ['[z-a]', 'invalid-regex'],
  ])('refuses %j with %s and says how to write it', (pattern, code) => {
    const error = refusal({ name, pattern });
    expect(error.code).toBe(code);
    expect(error.message).not.toBe('');
    if (code !== 'invalid-regex') expect(error.help).toBeDefined();
  });

  it('refuses names that are none, unknown check sums and empty contexts', () => {
    expect(refusal({ name: 'Employee Number', pattern: 'x' }).code).toBe('bad-data-type-name');
    expect(refusal({ name, pattern: 'x', checksum: 'lun' }).help).toContain('luhn');
    expect(refusal({ name, pattern: 'x', context: [] }).code).toBe('empty-context');
    expect(refusal({ name, pattern: 'x', context: ['--'] }).code).toBe('empty-context');
  });

  it('can be selected beside the others, under a name of its own', () => {
    const own = compileOwnType({ name, pattern: 'x', sets: ['pii'] });
    expect(selectTypes([name, 'vin'], [own]).map((type) => type.name)).toEqual([name, 'vin']);
    expect(selectTypes(['pii'], [own])).toContain(own);
    const taken = compileOwnType({ name: 'jwt', pattern: 'x' });
    expect(() => selectTypes(['jwt'], [taken])).toThrow(DataTypeError);
    expect(() => selectTypes([name], [own, own])).toThrow(DataTypeError);
  });
});

describe('CHECKSUMS', () => {
  const VALID: Readonly<Record<string, string>> = {
    luhn: '7992-7398-713',
    verhoeff: '2363',
    mod97: '3214282912345698765432161182',
    iban: 'DE89 3704 0044 0532 0130 00',
    'mod11-10': '36574261809',
    base58check: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    bech32: 'A12UEL5L',
    'crc32-base62': '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',
  };

  it.each(CHECKSUMS)(
    '$name accepts a valid value and no other last character',
    ({ name, isValid }) => {
      const value = VALID[name]!;
      expect(isValid(value)).toBe(true);
      const last = value.slice(-1);
      for (const other of '0123456789') {
        if (other !== last) expect(isValid(value.slice(0, -1) + other)).toBe(false);
      }
      expect(isValid('')).toBe(false);
    },
  );
});
