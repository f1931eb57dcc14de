import { describe, expect, it } from 'vitest';
import {
  BYTE_CLASSES,
  CLASS_OF_BYTE,
  classesOf,
  inAnyCase,
  summarised,
} from '../../src/program/byte-classes.ts';
import { rangesOf } from '../../src/regex/byte-set.ts';

describe('byte classes', () => {
  it('give each byte one bit of a small integer', () => {
    for (const bit of CLASS_OF_BYTE) {
      expect(bit).toBeGreaterThan(0);
      expect(bit & (bit - 1)).toBe(0);
    }
  });

  it('are summed up over a text and over a set', () => {
    const classes = classesOf('a-1\xff');
    expect(classesOf('-z9\x80')).toBe(classes);
    expect(
      BYTE_CLASSES.ofSet(rangesOf([0x61, 0x61], [0x2d, 0x2d], [0x31, 0x31], [0xff, 0xff])),
    ).toBe(classes);
    expect(BYTE_CLASSES.ofByte(0x7a)).toBe(classesOf('a'));
  });

  it('are told apart for texts, and less so for binary values', () => {
    expect(summarised(classesOf("it's 5 o'clock"))).toBe(classesOf("it's 5 o'clock"));
    expect(summarised(classesOf('\xff\x01/'))).toBe(summarised(classesOf('\xfe;,')));
    expect(summarised(classesOf('\xff<'))).not.toBe(summarised(classesOf('\xff')));
    for (const value of ['\xff', '\x01=%', 'caf\xc3\xa9', '\0\x02']) {
      expect(classesOf(value) & ~summarised(classesOf(value))).toBe(0);
    }
  });

  it('stay the same or grow when case changes', () => {
    for (const value of ['Ab', 'a', 'A', '1', "O'Hara"]) {
      const classes = inAnyCase(classesOf(value));
      expect(classesOf(value.toLowerCase()) & ~classes).toBe(0);
      expect(classesOf(value.toUpperCase()) & ~classes).toBe(0);
    }
    expect(inAnyCase(classesOf('1'))).toBe(classesOf('1'));
  });
});
