import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockedResponse } from '../../src/adapters/blocked-response.ts';
import { block } from './support/fake-exchanges.ts';

describe('blockedResponse', () => {
  it.each([
    [403, 403],
    [418, 418],
    [101, 403],
    [999, 403],
    [0, 0],
  ])('answers a deny with status %i by %i', (status, expected) => {
    expect(blockedResponse(block(status), 'x').status).toBe(expected);
  });

  it.each([
    [302, 302],
    [307, 307],
    [403, 302],
  ])('answers a redirect with status %i by %i', (status, expected) => {
    const response = blockedResponse(block(status, 'redirect', 'http://a/'), 'x');
    expect(response.status).toBe(expected);
    expect(response.headers).toContainEqual(['Location', 'http://a/']);
  });

  it('escapes the id and lets no byte of a target break its line', () => {
    expect(blockedResponse(block(), '<b>').content).not.toContain('<b>');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (url) => {
        const { headers } = blockedResponse(block(302, 'redirect', url), 'x');
        for (const [, value] of headers) expect(value).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});
