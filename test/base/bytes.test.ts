import { describe, expect, it } from 'vitest';
import { withByteReplaced, withoutByte } from '../../src/base/bytes.ts';

const TEXTS = ['', '+', 'a+b', '++', 'none', '\xff+\0', 'a+\xe9 '.repeat(100), '+'.repeat(1000)];

describe('a text with one byte replaced', () => {
  it.each(TEXTS)('has the other in all its places: %j', (text) => {
    expect(withByteReplaced(text, 0x2b, 0xfe)).toBe(text.split('+').join('\xfe'));
    expect(withByteReplaced(text, 0x2b, 0x24)).toBe(text.split('+').join('$'));
    expect(withoutByte(text, 0x2b)).toBe(text.split('+').join(''));
  });
});
