import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/diagnostics/suggest.ts';

describe('suggest', () => {
  const names = ['lowercase', 'urlDecodeUni', 'urlDecode', 'none'];

  it('finds the nearest name, whatever the case', () => {
    expect(suggest('URLDECODEUNI', names)).toBe('urlDecodeUni');
    expect(suggest('lowercsae', names)).toBe('lowercase');
    expect(suggest('urlDecodeU', names)).toBe('urlDecode');
  });

  it('finds nothing when nothing is near', () => {
    expect(suggest('zzzzzz', names)).toBeUndefined();
    expect(suggest('', names)).toBeUndefined();
    expect(suggest('x'.repeat(1000), names)).toBeUndefined();
  });
});
