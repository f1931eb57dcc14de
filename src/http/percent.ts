// Percent decoding shared by targets, queries and form bodies.
//
// An escape that is not `%` and two hex digits stays in the value as written and is reported, so that
// rules see both the bytes and the fact. Nothing is decoded twice and nothing is decoded as UTF-8.

import { fromByteString, toByteString, withByteReplaced } from '../base/bytes.ts';
import { hexByteAt } from '../base/hex.ts';

export interface PercentDecoded {
  readonly value: string;
  /** True when a `%` was not followed by two hex digits, the end of the text included. */
  readonly invalid: boolean;
}

/** Longer texts are decoded in a buffer: strung together, they are a tree of a leaf for each escape. */
const LONG = 256;
const PERCENT = 0x25;
const PLUS = 0x2b;
const BLANK = 0x20;

/** Decodes `%HH`, and `+` as a blank when `plusIsSpace`; answers the same string when nothing changes. */
export function decodePercent(text: string, plusIsSpace: boolean): PercentDecoded {
  const spaced = plusIsSpace ? withByteReplaced(text, PLUS, BLANK) : text;
  const first = spaced.indexOf('%');
  if (first === -1) return { value: spaced, invalid: false };
  return spaced.length < LONG ? decodeShort(spaced, first) : decodeLong(spaced, first);
}

function decodeShort(text: string, first: number): PercentDecoded {
  let at = first;
  let invalid = false;
  let value = '';
  let copied = 0;
  while (at !== -1) {
    const byte = hexByteAt(text, at + 1);
    if (byte < 0) {
      invalid = true;
      at = text.indexOf('%', at + 1);
      continue;
    }
    value += text.slice(copied, at) + String.fromCharCode(byte);
    copied = at + 3;
    at = text.indexOf('%', copied);
  }
  return { value: copied === 0 ? text : value + text.slice(copied), invalid };
}

function decodeLong(text: string, first: number): PercentDecoded {
  const bytes = fromByteString(text);
  let invalid = false;
  let write = first;
  for (let read = first; read < text.length; read++) {
    let byte = bytes[read]!;
    if (byte === PERCENT) {
      const escaped = hexByteAt(text, read + 1);
      if (escaped < 0) invalid = true;
      else {
        byte = escaped;
        read += 2;
      }
    }
    bytes[write++] = byte;
  }
  return { value: write === text.length ? text : toByteString(bytes, write), invalid };
}
