import { describe, expect, it } from 'vitest';
import { decodePercent } from '../../src/http/percent.ts';

describe('decodePercent', () => {
  it.each([
    ['valid escapes', '%41%62%00', 'Ab\x00', false],
    ['an escape that yields a percent sign, once', '%2541', '%41', false],
    ['a foreign digit', '%4g%41', '%4gA', true],
    ['a percent sign at the end', 'a%', 'a%', true],
    ['a cut escape at the end', 'a%4', 'a%4', true],
    ['%u escapes', '%u0041', '%u0041', true],
    ['a percent sign before an escape', '%%41', '%A', true],
  ])('decodes %s', (_name, text, value, invalid) => {
    expect(decodePercent(text, true)).toEqual({ value, invalid });
    const long = '+\0'.repeat(200);
    expect(decodePercent(long + text, false)).toEqual({ value: long + value, invalid });
    expect(decodePercent(text + long, true).value).toBe(value + ' \0'.repeat(200));
  });

  it('reads plus as a blank only on demand, and never an encoded plus', () => {
    expect(decodePercent('a+b%2B', true).value).toBe('a b+');
    expect(decodePercent('a+b%2B', false).value).toBe('a+b+');
  });

  it('decodes every byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      const escaped = `%${byte.toString(16).padStart(2, '0')}`;
      expect(decodePercent(escaped, true).value.charCodeAt(0)).toBe(byte);
    }
  });
});
