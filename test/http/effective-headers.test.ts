import { describe, expect, it } from 'vitest';
import { effectiveHeaders } from '../../src/http/effective-headers.ts';
import type { Pair } from '../../src/model/pair.ts';

const pairs = (...fields: [string, string][]): Pair[] =>
  fields.map(([key, value]) => ({ key, value }));

describe('effectiveHeaders', () => {
  it('returns the same list when nothing is repeated or contradicted', () => {
    const headers = pairs(['Host', 'a'], ['Content-Type', 'text/plain'], ['Content-Length', '3']);
    expect(effectiveHeaders(headers)).toBe(headers);
  });

  it('drops every Content-Length beside Transfer-Encoding', () => {
    const headers = pairs(
      ['Content-Length', '3'],
      ['Transfer-Encoding', 'chunked'],
      ['content-length', '3'],
    );
    expect(effectiveHeaders(headers)).toEqual(pairs(['Transfer-Encoding', 'chunked']));
  });

  it('joins repeated Content-Type fields in the place of the first', () => {
    const headers = pairs(['content-type', 'a/b'], ['Host', 'a'], ['Content-Type', 'c/d']);
    expect(effectiveHeaders(headers)).toEqual(pairs(['content-type', 'a/b, c/d'], ['Host', 'a']));
  });

  it('keeps other repeated fields apart', () => {
    const headers = pairs(['Cookie', 'a=1'], ['Cookie', 'b=2'], ['X', '1'], ['X', '2']);
    expect(effectiveHeaders(headers)).toBe(headers);
  });
});
