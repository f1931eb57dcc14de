// t:utf8toUnicode. Multi-byte UTF-8 sequences become `%u` and the code point, for t:urlDecodeUni.
//
// Byte for byte as ModSecurity does it, because evasions of 930110 and 930120 are made of ill-formed
// UTF-8: a lead byte without its continuation vanishes, 80-BF and F5-FF are copied, NUL vanishes, and an
// overlong form or a surrogate gives its code point followed by the raw lead byte.

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
    let result = '';
    let copied = 0;
    let read = first;
    while (read < value.length) {
      const lead = value.charCodeAt(read);
      const length = lead === 0 ? 0 : sequenceLength(lead);
      if (length === 1) {
        read++;
        continue;
      }
      result += value.slice(copied, read);
      const code = length === 0 ? -1 : codePointAt(value, read, length);
      if (code < 0) {
        read++;
      } else {
        result += `%u${code.toString(16).padStart(4, '0')}`;
        if (isOverlong(code, length) || isSurrogate(code)) result += value.charAt(read);
        read += length;
      }
      copied = read;
    }
    return copied === 0 ? value : result + value.slice(copied);
  },
});

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
