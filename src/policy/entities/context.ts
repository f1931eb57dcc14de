// Words in front of a value that say what it is: `"ssn": "078051121"`, `Tax file number 123 456 782`.

import { asciiLower } from '../../base/ascii.ts';

/** How many bytes in front of a value count as its context. */
export const CONTEXT_BYTES = 80;

/** Whether words that name a value stand in front of `at`. */
export type ContextTest = (text: string, at: number) => boolean;

/**
 * Looks for one of `words` in front of a value, near, as words of their own. `words` are lower case with single
 * blanks; in the text they may be written `tax id`, `tax_id`, `Tax-ID`, `taxId` or `taxid`.
 *
 * Where another key begins (`,"id":`, `&id=`, `;`, a brace) the context of the one before it ends.
 */
export function contextTest(words: readonly string[]): ContextTest {
  const beginnings = new Set(words.map((word) => beginning(word, 0)));
  return (text, at) => {
    const from = Math.max(0, at - CONTEXT_BYTES);
    // Most values have no word in front of them that so much as begins like one of these.
    if (!hasBeginning(text, from, at, beginnings)) return false;
    const near = text.slice(from, at);
    const spaced = wordsOf(near.slice(contextStart(near)));
    const joined = spaced.replaceAll(' ', '');
    return words.some(
      (word) =>
        spaced.includes(` ${word} `) ||
        (word.includes(' ') && joined.includes(word.replaceAll(' ', ''))),
    );
  };
}

function hasBeginning(
  text: string,
  from: number,
  to: number,
  beginnings: ReadonlySet<number>,
): boolean {
  let inWord = false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const capital = code >= 0x41 && code <= 0x5a;
    const letter = capital || (code >= 0x61 && code <= 0x7a) || code >= 0x80;
    if (letter && (capital || !inWord) && beginnings.has(beginning(text, at))) return true;
    inWord = letter;
  }
  return false;
}

/** The first two letters of a word, as one number. */
function beginning(text: string, at: number): number {
  return ((text.charCodeAt(at) | 0x20) << 8) | (text.charCodeAt(at + 1) | 0x20);
}

/** Lower case, one blank between words and around them; camel case counts as two words. */
export function wordsOf(text: string): string {
  const apart = asciiLower(text.replace(/([a-z0-9])([A-Z])/g, '$1 $2'));
  return ` ${apart.replace(/[^a-z0-9\x80-\xff]+/g, ' ').trim()} `;
}

function contextStart(near: string): number {
  let start = 0;
  for (let at = 0; at < near.length; at++) {
    const char = near.charAt(at);
    if (char === '{' || char === '}' || char === ';' || char === '&') start = at + 1;
    // A comma ends the context when the name of another value follows it.
    else if (char === ',' && near.indexOf('":', at) > 0) start = at + 1;
  }
  return start;
}
