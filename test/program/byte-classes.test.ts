import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  CLASS_OF_BYTE,
  classesOf,
  NARROW_ALPHABETS,
  narrowAlphabetOf,
} from '../../src/program/byte-classes.ts';

describe('byte classes', () => {
  it('give each byte one bit of a small integer', () => {
    for (const bit of CLASS_OF_BYTE) {
      expect(bit).toBeGreaterThan(0);
      expect(bit & (bit - 1)).toBe(0);
    }
  });

  it('are summed up over a text, and back to all their bytes', () => {
    const classes = classesOf('a-1\xff');
    expect(classesOf('-z9\x80')).toBe(classes);
    const bytes = bytesOf(classes);
    for (let byte = 0; byte < 256; byte++) {
      expect(bytes[byte]).toBe((classesOf(String.fromCharCode(byte)) & classes) === 0 ? 0 : 1);
    }
  });

  it('lie in the first narrow alphabet that has them all', () => {
    expect(narrowAlphabetOf(classesOf(''))).toBe(0);
    expect(narrowAlphabetOf(classesOf('2026'))).toBe(0);
    expect(narrowAlphabetOf(classesOf("it's"))).toBe(-1);
    for (const value of ['user_name', 'two words', 'text/html, */*;q=0.8', '/a/b?c=d&e=%20']) {
      const at = narrowAlphabetOf(classesOf(value));
      expect(classesOf(value) & ~(NARROW_ALPHABETS[at] ?? 0)).toBe(0);
    }
  });
});
