import { describe, expect, it } from 'vitest';
import { DATA_TYPES } from '../../../src/policy/entities/index.ts';
import { EXAMPLES } from './examples.ts';

const values = (text: string): string[] =>
  [...text.matchAll(/\[\[(.*?)\]\]/gs)].map((one) => one[1]!);
const plain = (text: string): string => text.replaceAll(/\[\[(.*?)\]\]/gs, '$1');

describe('the examples', () => {
  it('show six values and six others of each type at least', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(DATA_TYPES.map(({ name }) => name).sort());
    for (const [name, { finds, ignores }] of Object.entries(EXAMPLES)) {
      expect(finds.length, name).toBeGreaterThanOrEqual(6);
      expect(ignores.length, name).toBeGreaterThanOrEqual(6);
    }
  });
});

describe.each(DATA_TYPES)('$name', (type) => {
  const { finds, ignores } = EXAMPLES[type.name]!;

  it.each(finds)('finds what is marked in %j', (text) => {
    const found = type.find(plain(text));
    expect(found.map(({ value }) => value)).toEqual(values(text));
    for (const { start, end, value } of found) expect(plain(text).slice(start, end)).toBe(value);
  });

  it.each(ignores)('finds nothing in %j', (text) => {
    expect(type.find(text)).toEqual([]);
  });
});
