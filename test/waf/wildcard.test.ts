import { describe, expect, it } from 'vitest';
import { wildcard } from '../../src/waf/wildcard.ts';

describe('wildcard', () => {
  it.each([
    ['*.conf', 'a.conf', true],
    ['*.conf', '.conf', false],
    ['.*', '.conf', true],
    ['*.conf', 'a.config', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[!a-c]x', 'dx', true],
    ['[z-a]', 'm', false],
    ['[a-]', '-', true],
    ['[]', 'a', false],
    ['[ab', '[ab', true],
    ['a.b', 'axb', false],
    ['a(+)\\*', 'a(+)\\b', true],
    ['REQUEST-*-*.conf', 'REQUEST-901-INITIALIZATION.conf', true],
    ['**', '', true],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbXbX', false],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(wildcard(pattern)(name)).toBe(expected);
  });

  it('ends quickly on many stars', () => {
    expect(wildcard(`${'*a'.repeat(50)}b`)('a'.repeat(255))).toBe(false);
    expect(wildcard(`${'*'.repeat(1000)}b`)('a'.repeat(255))).toBe(false);
  });
});
