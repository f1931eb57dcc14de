import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { v8SubjectLimit } from '../../src/regex/work.ts';

function limit(source: string): number {
  return v8SubjectLimit(parsePattern(source, dialectFlags('modsecurity-2', {})).root, false);
}

describe('v8SubjectLimit', () => {
  it('has none for patterns whose work per position is fixed', () => {
    expect(limit('<\\?(?!xml)')).toBe(Infinity);
    expect(limit('(?<!foo)bar|(?>a|ab)c')).toBe(Infinity);
  });

  it('falls as the degree of the worst case rises', () => {
    const quadratic = limit('a.*(?!b)');
    const cubic = limit('a.*b.*(?!c)');
    expect(quadratic).toBeLessThan(5_000);
    expect(cubic).toBeLessThan(quadratic / 10);
  });

  it('is 0 where backtracking is exponential', () => {
    expect(limit('(?:a+)+(?!b)')).toBeLessThan(1);
    expect(limit('(?:a|a)*(?!b)')).toBeLessThan(1);
  });

  it('sees that options which share no first byte exclude each other', () => {
    expect(limit('"(?:[^"\\\\]|\\\\.)*"(?!x)')).toBeGreaterThan(100);
  });
});
