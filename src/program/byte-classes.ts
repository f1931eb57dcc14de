// Which kinds of bytes a value is made of, as a mask: a summary that tells what cannot happen to it.
//
// Bytes are sorted into 31 classes of one bit each. A set of bytes that a transformation or an operator asks
// for is widened to whole classes, so every answer errs on the side of "may".

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

/** All classes that the text has a byte of. */
export function classesOf(text: string): number {
  let classes = 0;
  for (let at = 0; at < text.length; at++) classes |= CLASS_OF_BYTE[text.charCodeAt(at) & 0xff]!;
  return classes;
}

/** Every byte of the classes: 1 where it is among them. */
export function bytesOf(classes: number): Uint8Array {
  return Uint8Array.from(CLASS_OF_BYTE, (bit) => ((bit & classes) === 0 ? 0 : 1));
}

/**
 * What ordinary values are made of, the narrowest first: numbers, words, names, dates, texts, paths, lists of
 * media types, browsers' names, URLs. Which rules may match a value of such bytes alone is worked out once.
 */
export const NARROW_ALPHABETS: readonly number[] = [
  '0',
  '0Aa_',
  '0Aa_-',
  '0Aa_-.',
  '0Aa ',
  '0Aa_-. ',
  '0Aa_-.:',
  '0Aa_-. ,',
  '0Aa_-./',
  '0Aa_-./:+',
  '0Aa_-. ,/;=*+',
  '0Aa_-. ,/:;()',
  '0Aa_-./:?=&%+',
  '0Aa_-. ,/:;()?=&%+*#@',
].map(classesOf);

/** The first alphabet that has all the classes; -1 when none has. */
export function narrowAlphabetOf(classes: number): number {
  for (let at = 0; at < NARROW_ALPHABETS.length; at++) {
    if ((classes & ~NARROW_ALPHABETS[at]!) === 0) return at;
  }
  return -1;
}
