// Which kinds of bytes a value is made of, as a mask: a summary that tells what cannot happen to it.
//
// Bytes are sorted into 31 classes of one bit each. A set of bytes that a transformation or an operator asks
// for is widened to whole classes, so every answer errs on the side of "may".

import type { ByteClasses } from '../base/class-need.ts';

const LISTED: readonly string[] = [
  '0123456789',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'abcdefghijklmnopqrstuvwxyz',
  ...'_-. ,/:=&%+;*?#$^"\'\\',
  '@!~',
  '<>',
  '()',
  '[]{}|`',
  '\0',
  '\t\n\v\f\r',
];
const OTHER_CONTROL = 1 << LISTED.length;
const HIGH = OTHER_CONTROL << 1;

/** The bit of each byte's class. */
export const CLASS_OF_BYTE: Int32Array = (() => {
  const classes = new Int32Array(256).fill(OTHER_CONTROL, 0, 0x80).fill(HIGH, 0x80);
  LISTED.forEach((bytes, bit) => {
    for (const byte of bytes) classes[byte.charCodeAt(0)] = 1 << bit;
  });
  return classes;
})();

/** What attacks cannot do without, and binary values may well lack. */
const TELLING = ['<', '(', '=', '"', "'", '%', '\0'].reduce(
  (sum, char) => sum | CLASS_OF_BYTE[char.charCodeAt(0)]!,
  0,
);
const ALL = CLASS_OF_BYTE.reduce((sum, bit) => sum | bit, 0);

/**
 * More classes than a value has, so that fewer combinations are told apart: of binary values each has its own, and
 * none comes twice.
 */
export function summarised(classes: number): number {
  return (classes & (OTHER_CONTROL | HIGH)) === 0 ? classes : classes | (ALL & ~TELLING);
}

const LETTERS = CLASS_OF_BYTE[0x41]! | CLASS_OF_BYTE[0x61]!;

/** What a text of these classes may have when the case of letters changes. */
export function inAnyCase(classes: number): number {
  return (classes & LETTERS) === 0 ? classes : classes | LETTERS;
}

/** All classes that the text has a byte of. */
export function classesOf(text: string): number {
  let classes = 0;
  for (let at = 0; at < text.length; at++) classes |= CLASS_OF_BYTE[text.charCodeAt(at) & 0xff]!;
  return classes;
}

export const BYTE_CLASSES: ByteClasses = Object.freeze({
  // All the rest follows from it.
  key: LISTED.join('\n'),
  ofByte: (byte: number) => CLASS_OF_BYTE[byte]!,
  ofSet: (set: Uint32Array) => {
    let classes = 0;
    for (let word = 0; word < set.length; word++) {
      for (let left = set[word]!; left !== 0; left &= left - 1) {
        classes |= CLASS_OF_BYTE[word * 32 + 31 - Math.clz32(left & -left)]!;
      }
    }
    return classes;
  },
});
