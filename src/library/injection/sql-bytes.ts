// Classes of bytes for the SQL tokenizer, one table lookup each.

/** Ends a word. */
export const WORD_END = 1;
/** Ends the name of a variable. */
export const VARIABLE_END = 2;
export const DIGIT = 4;
export const HEX_DIGIT = 8;
export const LETTER = 16;
/** Part of a sum of money after `$`. */
export const MONEY = 32;
/** White space inside SQL text; 0x00 and 0xA0 count, other control bytes do not. */
export const WHITE = 64;

const WHITE_BYTES = ' \t\n\v\f\r\xa0\0';
const VARIABLE_ENDS = " <>:\\?=@!#~+-*/&|^%(),';\t\n\v\f\r'`\"\0";
const WORD_ENDS = ' []{}<>:\\?=@!#~+-*/&|^%(),\';\t\n\v\f\r"\xa0\0';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The classes of each byte, as a bit mask. */
export const BYTE_CLASSES: Uint8Array = classes();

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  const mark = (bytes: string, bit: number): void => {
    for (let at = 0; at < bytes.length; at++) {
      const code = bytes.charCodeAt(at);
      table[code] = table[code]! | bit;
    }
  };
  mark(WORD_ENDS, WORD_END);
  mark(VARIABLE_ENDS, VARIABLE_END);
  mark('0123456789', DIGIT);
  mark('0123456789abcdefABCDEF', HEX_DIGIT);
  mark(LETTERS, LETTER);
  mark('0123456789.,', MONEY);
  mark(WHITE_BYTES, WHITE);
  return table;
}

/** True when the byte belongs to one of `classMask`. */
export function isByteOf(code: number, classMask: number): boolean {
  return (BYTE_CLASSES[code]! & classMask) !== 0;
}

/** The index of the first byte at or after `from` that is none of `classMask`. */
export function endOfRun(text: string, from: number, classMask: number): number {
  let at = from;
  while (at < text.length && (BYTE_CLASSES[text.charCodeAt(at)]! & classMask) !== 0) at++;
  return at;
}

/** The index of the first byte at or after `from` that is one of `classMask`. */
export function startOfRun(text: string, from: number, classMask: number): number {
  let at = from;
  while (at < text.length && (BYTE_CLASSES[text.charCodeAt(at)]! & classMask) === 0) at++;
  return at;
}
