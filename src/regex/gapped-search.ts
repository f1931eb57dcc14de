// Tells fast that none of a few texts is in a value, nor in a form of it that need not be made for that.
//
// For pipelines that do no more than to delete some bytes and to change the case of letters: what is in the form is in
// the value, with bytes in between that go. One-sided: "may hold" is no promise.

import { asciiUpper, isAsciiAlphanumeric, lowerByte } from '../base/ascii.ts';
import { BYTE_FREQUENCY } from './byte-frequency.data.ts';

/** Whether the value, or the form of it, may hold one of the texts in any case. */
export type GappedSearch = (value: string) => boolean;

/** Each text is looked for by itself. */
export const MOST_TEXTS = 4;

/**
 * `texts` in lower case; undefined where there are too many, or where one holds a byte that may be deleted and so is
 * not sure to be there.
 */
export function buildGappedSearch(
  texts: readonly string[],
  deleted = '',
): GappedSearch | undefined {
  if (texts.length > MOST_TEXTS) return undefined;
  const gaps = new Uint8Array(256);
  for (const char of deleted) gaps[char.charCodeAt(0) & 0xff] = 1;
  const hasGap = (text: string): boolean =>
    [...text].some((char) => gaps[char.charCodeAt(0) & 0xff] === 1);
  if (texts.some((text) => text === '' || hasGap(text))) return undefined;
  const searches = texts.map((text) => searchFor(text, gaps));
  return (value) => {
    // Crafted values hold beginnings of a text everywhere, and long gaps between them.
    const budget = { left: value.length };
    return searches.some((search) => search(value, budget));
  };
}

interface Budget {
  left: number;
}

function searchFor(text: string, gaps: Uint8Array): (value: string, budget: Budget) => boolean {
  const anchor = rarestAt(text);
  const lower = text.charAt(anchor);
  const upper = asciiUpper(lower);
  const spellings = lower === upper ? [lower] : [lower, upper];

  /** Walks from behind `at` to the end of the text, or from before it to its beginning. */
  function continues(value: string, from: number, step: 1 | -1, budget: Budget): boolean {
    let at = from + step;
    for (let place = anchor + step; place >= 0 && place < text.length; place += step) {
      const wanted = text.charCodeAt(place);
      for (;;) {
        if (at < 0 || at >= value.length) return false;
        if (--budget.left < 0) return true;
        const byte = value.charCodeAt(at) & 0xff;
        at += step;
        if (lowerByte(byte) === wanted) break;
        if (gaps[byte] === 0) return false;
      }
    }
    return true;
  }

  return (value, budget) =>
    spellings.some((char) => {
      for (let at = value.indexOf(char); at >= 0; at = value.indexOf(char, at + 1)) {
        if (continues(value, at, 1, budget) && continues(value, at, -1, budget)) return true;
      }
      return false;
    });
}

/** In long texts: a page has a bracket every few bytes, and JSON quotes. */
function frequencyOf(code: number): number {
  const frequency = BYTE_FREQUENCY[code & 0xff]!;
  return isAsciiAlphanumeric(code) ? frequency : frequency + PUNCTUATION;
}
const PUNCTUATION = 0.02;

function rarestAt(text: string): number {
  let best = 0;
  for (let at = 1; at < text.length; at++) {
    if (frequencyOf(text.charCodeAt(at)) < frequencyOf(text.charCodeAt(best))) best = at;
  }
  return best;
}
