// t:utf8toUnicode. Multi-byte UTF-8 sequences become `%u` and the code point, for t:urlDecodeUni.
//
// Byte for byte as ModSecurity does it, because evasions of 930110 and 930120 are made of ill-formed
// UTF-8: a lead byte without its continuation vanishes, 80-BF and F5-FF are copied, NUL vanishes, and an
// overlong form or a surrogate gives its code point followed by the raw lead byte.

import { toByteString } from '../../base/bytes.ts';
import { isContinuation } from '../../base/utf8.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { eachCodePoint, HIGH_BYTES } from './code-points.ts';

export const utf8toUnicode: Transformation = Object.freeze({
  name: 'utf8toUnicode',
  summary: 'UTF-8 sequences to %uHHHH',
  alters: `\0${HIGH_BYTES}`,
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    const first = value.search(/[\0\x80-\xff]/);
    if (first < 0) return value;
    if (behaviour?.letters === 'code-points') return escapedCodePoints(value);
    const written = new Uint8Array(Math.ceil(value.length * MOST_GROWTH));
    let write = 0;
    for (let read = 0; read < value.length; ) {
      const lead = value.charCodeAt(read);
      const length = lead === 0 ? 0 : sequenceLength(lead);
      const code = length > 1 ? codePointAt(value, read, length) : -1;
      if (length === 1) written[write++] = lead;
      else if (code >= 0) {
        write = writeEscape(written, write, code);
        if (isOverlong(code, length) || isSurrogate(code)) written[write++] = lead;
        read += length - 1;
      }
      read++;
    }
    return toByteString(written, write);
  },
});

/** Two bytes give an escape of six, and their lead again. */
const MOST_GROWTH = 3.5;

const PERCENT = 0x25;
const LETTER_U = 0x75;

/** Returns where to go on. */
function writeEscape(bytes: Uint8Array, at: number, code: number): number {
  let write = at;
  bytes[write++] = PERCENT;
  bytes[write++] = LETTER_U;
  for (let shift = code > 0xfffff ? 20 : code > 0xffff ? 16 : 12; shift >= 0; shift -= 4) {
    bytes[write++] = hexDigitByte((code >> shift) & 15);
  }
  return write;
}

function hexDigitByte(digit: number): number {
  return digit < 10 ? 0x30 + digit : 0x57 + digit;
}

/** Coraza reads whole code points; a byte that belongs to none is U+FFFD. */
function escapedCodePoints(value: string): string {
  let result = '';
  eachCodePoint(value, (code) => {
    result += code < 0x80 ? String.fromCharCode(code) : `%u${code.toString(16).padStart(4, '0')}`;
  });
  return result === value ? value : result;
}

/** By the lead byte alone; 1 for what is copied as it is. */
function sequenceLength(lead: number): number {
  if (lead < 0xc0 || lead > 0xf4) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** -1 when a continuation byte is missing. */
function codePointAt(value: string, at: number, length: number): number {
  let code = value.charCodeAt(at) & (0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next++) {
    const byte = value.charCodeAt(next);
    if (!isContinuation(byte)) return -1;
    code = (code << 6) | (byte & 0x3f);
  }
  return code;
}

function isOverlong(code: number, length: number): boolean {
  return code < (length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000);
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
