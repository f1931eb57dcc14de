// t:utf8toUnicode. Multi-byte UTF-8 sequences become `%u` and the code point, for t:urlDecodeUni.
//
// Byte for byte as ModSecurity does it, because evasions of 930110 and 930120 are made of ill-formed
// UTF-8: a lead byte without its continuation vanishes, 80-BF and F5-FF are copied, NUL vanishes, and an
// overlong form or a surrogate gives its code point followed by the raw lead byte.

import { fromByteString, toByteString } from '../../base/bytes.ts';
import { isContinuation } from '../../base/utf8.ts';
import type { Transformation } from '../../model/transformation.ts';

/** `%u` with six digits out of four bytes, plus the raw lead byte. */
const MAX_GROWTH = 4;

export const utf8toUnicode: Transformation = Object.freeze({
  name: 'utf8toUnicode',
  summary: 'UTF-8 sequences to %uHHHH',
  apply: (value: string) => {
    const first = value.search(/[\0\x80-\xff]/);
    if (first < 0) return value;
    const source = fromByteString(value);
    const target = new Uint8Array(first + (source.length - first) * MAX_GROWTH);
    target.set(source.subarray(0, first));
    let write = first;
    let changed = false;
    let read = first;
    while (read < source.length) {
      const lead = source[read]!;
      const length = lead === 0 ? 0 : sequenceLength(lead);
      if (length === 1) {
        target[write++] = lead;
        read++;
        continue;
      }
      changed = true;
      const code = length === 0 ? -1 : codePointAt(source, read, length);
      if (code < 0) {
        read++;
        continue;
      }
      write = writeEscape(target, write, code);
      if (isOverlong(code, length) || (code >= 0xd800 && code <= 0xdfff)) target[write++] = lead;
      read += length;
    }
    return changed ? toByteString(target.subarray(0, write)) : value;
  },
});

/** By the lead byte alone; 1 for what is copied as it is. */
function sequenceLength(lead: number): number {
  if (lead < 0xc0 || lead > 0xf4) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** -1 when a continuation byte is missing. */
function codePointAt(source: Uint8Array, at: number, length: number): number {
  let code = source[at]! & (0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next++) {
    const byte = next < source.length ? source[next]! : 0;
    if (!isContinuation(byte)) return -1;
    code = (code << 6) | (byte & 0x3f);
  }
  return code;
}

function isOverlong(code: number, length: number): boolean {
  return code < (length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000);
}

function writeEscape(target: Uint8Array, at: number, code: number): number {
  const digits = code.toString(16).padStart(4, '0');
  target[at] = 0x25;
  target[at + 1] = 0x75;
  for (let digit = 0; digit < digits.length; digit++) {
    target[at + 2 + digit] = digits.charCodeAt(digit);
  }
  return at + 2 + digits.length;
}
