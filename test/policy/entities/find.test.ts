import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_SETS, listDataTypes, selectTypes } from '../../../src/policy/entities/data-sets.ts';
import { DataTypeError } from '../../../src/policy/entities/data-type-error.ts';
import { findSensitive } from '../../../src/policy/entities/find.ts';
import { DATA_TYPES, dataTypeNamed } from '../../../src/policy/entities/index.ts';
import { compileOwnType } from '../../../src/policy/entities/own-types.ts';
import { planDetection } from '../../../src/policy/entities/plan.ts';
import { made } from './examples.ts';
import { fragments } from './fragments.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const everything = planDetection(DATA_TYPES);

const found = (text: string): string[] =>
  findSensitive(text, everything).findings.map(({ type, value }) => `${type} ${value}`);

describe('findSensitive', () => {
  it('gives findings in order, apart from each other, and as they stand in the text', () => {
    fc.assert(
      fc.property(fragments, (text) => {
        const { findings, complete } = findSensitive(text, everything);
        let last = 0;
        for (const { start, end, value } of findings) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).toBe(value);
          last = end;
        }
        expect(complete).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('takes any bytes', () => {
    const bytes = fc
      .uint8Array({ maxLength: 2000 })
      .map((one) => Buffer.from(one).toString('latin1'));
    fc.assert(
      fc.property(bytes, (text) => {
        findSensitive(text, everything);
      }),
      { numRuns: RUNS },
    );
  });

  it('finds nothing in an empty text and with no types', () => {
    expect(findSensitive('', everything).findings).toEqual([]);
    expect(findSensitive('4111 1111 1111 1111', planDetection([])).findings).toEqual([]);
  });

  it('prefers the longer of two values, and of equally long ones the more particular', () => {
    const token = `glpat-${made(20)}`;
    expect(found(`password=${token}`)).toEqual([`gitlab-token ${token}`]);
    expect(found(`{"password":"my card 4111 1111 1111 1111"}`)).toEqual([
      'password my card 4111 1111 1111 1111',
    ]);
    expect(found('2388 6603 2060')).toEqual(['in-aadhaar 2388 6603 2060']);
    expect(found('2345 6789 1234 5678')).toEqual(['payment-card 2345 6789 1234 5678']);
  });

  it('keeps what the loser of two overlapping values holds beyond the winner', () => {
    const type = (name: string, pattern: string) => compileOwnType({ name, pattern, legible: 2 });
    const pieces = (text: string, ...patterns: string[]): string[] => {
      const plan = planDetection(patterns.map((pattern, at) => type(`own-${at}`, pattern)));
      return findSensitive(text, plan).findings.map(
        ({ type: name, value, legible, partial }) =>
          `${name} ${value} ${legible}${partial ? ' partial' : ''}`,
      );
    };
    expect(pieces('abcdefghij', 'abcdef', 'efghij')).toEqual([
      'own-0 abcdef 2',
      'own-1 ghij 0 partial',
    ]);
    expect(pieces('abcdefgh', 'abcd', 'cdefgh')).toEqual(['own-0 ab 0 partial', 'own-1 cdefgh 2']);
    expect(pieces('abcdefgh', 'abc', 'cde', 'efgh')).toEqual([
      'own-0 abc 2',
      'own-1 d 0 partial',
      'own-2 efgh 2',
    ]);
    expect(pieces('abcd', 'bc', 'abcd')).toEqual(['own-1 abcd 2']);
  });

  it('stops at the number of findings it is given and says so', () => {
    const text = '4111 1111 1111 1111, '.repeat(50);
    const limited = findSensitive(text, everything, { maxFindings: 7 });
    expect(limited.findings).toHaveLength(7);
    expect(limited.complete).toBe(false);
    expect(limited.findings).toEqual(findSensitive(text, everything).findings.slice(0, 7));
    expect(findSensitive(text, everything, { maxFindings: 50 }).complete).toBe(true);
  });

  it('finds what each type finds by itself where nothing else is', () => {
    for (const type of DATA_TYPES) expect(dataTypeNamed(type.name)).toBe(type);
    expect(dataTypeNamed('payment-card')!.find('a 4111 1111 1111 1111 b')).toEqual([
      {
        type: 'payment-card',
        start: 2,
        end: 21,
        value: '4111 1111 1111 1111',
        canonical: '4111111111111111',
        legible: 4,
      },
    ]);
  });

  it('gives one canonical form to all writings of a value', () => {
    const forms = (text: string): string[] =>
      findSensitive(text, everything).findings.map(({ canonical }) => canonical);
    expect(new Set(forms('4111 1111 1111 1111, 4111-1111-1111-1111, 4111111111111111'))).toEqual(
      new Set(['4111111111111111']),
    );
    expect(forms('X@Example.com x@example.COM')).toEqual(['x@example.com', 'x@example.com']);
    expect(forms('+1 415 555 2671 or +1 (415) 555-2671')).toEqual(['+14155552671', '+14155552671']);
    expect(forms('SN 62 23 35 A SN622335A')).toEqual(['SN622335A', 'SN622335A']);
    expect(forms('password="a b"; password="A B"')).toEqual(['a b', 'A B']);
  });

  it('finds nothing in ordinary pages', () => {
    const html =
      '<div class="row"><p>Chapter 12 of 340, <a href="/p/list?page=2&amp;sort=asc">more</a>, 2024-05-06 12:30:45</p>' +
      '<img src="/img/photo@2x.png" width="1024" height="768" style="color:#ffeedd"></div>\n';
    const json =
      '{"id":1234567890123,"uuid":"550e8400-e29b-41d4-a716-446655440000","price":12.50,"ratio":0.4539578763621486,' +
      '"at":"2024-05-06T12:30:45.123Z","etag":"33a64df551425fcc55e4d42a148795d9f25f89d4","ok":true},\n';
    expect(found(html.repeat(20) + json.repeat(20))).toEqual([]);
  });
});

describe('planDetection', () => {
  it('refuses two types of one name', () => {
    expect(() => planDetection([DATA_TYPES[0]!, DATA_TYPES[0]!])).toThrow(TypeError);
  });
});

describe('selectTypes', () => {
  it('takes the names of types and of sets, each type once', () => {
    const names = selectTypes(['payment', 'payment-card', 'jwt']).map(({ name }) => name);
    expect(names).toEqual(['payment-card', 'iban', 'jwt']);
  });

  it('knows every set, and each has types', () => {
    for (const { name } of DATA_SETS) expect(selectTypes([name]).length).toBeGreaterThan(0);
  });

  it('names the nearest name for one it does not know', () => {
    expect(() => selectTypes(['paymnt-card'])).toThrow(DataTypeError);
    try {
      selectTypes(['paymnt-card']);
    } catch (error) {
      expect((error as DataTypeError).code).toBe('unknown-data-type');
      expect((error as DataTypeError).help).toContain('payment-card');
    }
  });
});

describe('listDataTypes', () => {
  it('has a row for each type, with sets that exist', () => {
    const rows = listDataTypes();
    expect(rows.map(({ name }) => name)).toEqual(DATA_TYPES.map(({ name }) => name));
    const sets = DATA_SETS.map(({ name }) => name);
    for (const row of rows) {
      expect(row.summary).not.toBe('');
      expect(row.sets.length).toBeGreaterThan(0);
      for (const set of row.sets) expect(sets).toContain(set);
    }
  });
});
