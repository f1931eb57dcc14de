// Percent decoding shared by targets, queries and form bodies.
//
// An escape that is not `%` and two hex digits stays in the value as written and is reported, so that
// rules see both the bytes and the fact. Nothing is decoded twice and nothing is decoded as UTF-8.

import { hexDigit } from '../base/hex.ts';

export interface PercentDecoded {
  readonly value: string;
  /** True when a `%` was not followed by two hex digits, the end of the text included. */
  readonly invalid: boolean;
}

/** Decodes `%HH`, and `+` as a blank when `plusIsSpace`; answers the same string when nothing changes. */
export function decodePercent(text: string, plusIsSpace: boolean): PercentDecoded {
  const spaced = plusIsSpace && text.includes('+') ? text.replaceAll('+', ' ') : text;
  let at = spaced.indexOf('%');
  if (at === -1) return { value: spaced, invalid: false };
  let invalid = false;
  let value = '';
  let copied = 0;
  while (at !== -1) {
    const high = hexDigit(spaced.charCodeAt(at + 1));
    const low = hexDigit(spaced.charCodeAt(at + 2));
    if (high === -1 || low === -1) {
      invalid = true;
      at = spaced.indexOf('%', at + 1);
      continue;
    }
    value += spaced.slice(copied, at) + String.fromCharCode(high * 16 + low);
    copied = at + 3;
    at = spaced.indexOf('%', copied);
  }
  return { value: copied === 0 ? spaced : value + spaced.slice(copied), invalid };
}
