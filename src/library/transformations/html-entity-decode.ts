// t:htmlEntityDecode. Character references become bytes.
//
// ModSecurity knows five names and cuts numbers to their low byte, so `&#1085;` (Cyrillic) turns into `=`
// and `javascript&colon;` stays hidden from rules. The superset adds the HTML5 names with ASCII values
// and writes numbers above FF as UTF-8. `modsecurity2` in the environment is the strict old way. Both
// match a name against the whole run of letters and digits behind `&`.

import { asciiLower, isAsciiAlphanumeric, isAsciiDigit } from '../../base/ascii.ts';
import { fromByteString, toByteString } from '../../base/bytes.ts';
import { hexDigit } from '../../base/hex.ts';
import { writeUtf8 } from '../../base/utf8.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { ASCII_ENTITIES, MODSECURITY_ENTITIES } from './html-entities.data.ts';
import { unescapeHtml5 } from './html5-unescape.ts';

const LONGEST_NAME = 'DiacriticalGrave'.length;
const SEMICOLON = 0x3b;

export const htmlEntityDecode: Transformation = Object.freeze({
  name: 'htmlEntityDecode',
  summary: 'decodes &#65;, &#x41; and named references',
  alters: '&',
  apply: (value: string, environment: TransformationEnvironment) => {
    let ampersand = value.indexOf('&');
    if (ampersand < 0) return value;
    if (environment.htmlEntities === 'html5') return unescapeHtml5(value);
    const superset = environment.htmlEntities === 'superset';
    const prefixes = environment.htmlEntities === 'modsecurity3';
    const bytes = fromByteString(value);
    let write = ampersand;
    let read = ampersand;
    let changed = false;
    while (ampersand >= 0) {
      bytes.copyWithin(write, read, ampersand);
      write += ampersand - read;
      const numeric = value.charCodeAt(ampersand + 1) === 0x23;
      const end = numeric
        ? endOfNumber(value, ampersand + 2)
        : endOfName(value, ampersand + 1, prefixes ? value.length : LONGEST_NAME);
      const written = numeric
        ? decodeNumber(value, ampersand + 2, end, superset, bytes, write)
        : decodeName(value, ampersand + 1, end, superset, prefixes, bytes, write);
      if (written < 0) {
        bytes[write++] = 0x26;
        read = ampersand + 1;
      } else {
        changed = true;
        write = written;
        read = value.charCodeAt(end) === SEMICOLON ? end + 1 : end;
      }
      ampersand = value.indexOf('&', read);
    }
    if (!changed) return value;
    bytes.copyWithin(write, read);
    return toByteString(bytes, write + value.length - read);
  },
});

/** Names longer than any we know are not read to their end. */
function endOfName(value: string, from: number, longest: number): number {
  let end = from;
  while (end - from <= longest && isAsciiAlphanumeric(value.charCodeAt(end))) end++;
  return end;
}

/** libmodsecurity 3.0.16 compares the beginning of the run, and takes all of it away. */
function knownPrefix(value: string, from: number): string {
  const start = asciiLower(value.slice(from, from + 4));
  for (const name of MODSECURITY_ENTITIES.keys()) if (start.startsWith(name)) return name;
  return '';
}

function decodeName(
  value: string,
  from: number,
  end: number,
  superset: boolean,
  prefixes: boolean,
  target: Uint8Array,
  at: number,
): number {
  const name = prefixes ? knownPrefix(value, from) : value.slice(from, end);
  let text = MODSECURITY_ENTITIES.get(asciiLower(name));
  if (text === undefined && superset && value.charCodeAt(end) === SEMICOLON) {
    text = ASCII_ENTITIES.get(name);
  }
  if (text === undefined) return -1;
  for (let char = 0; char < text.length; char++) target[at + char] = text.charCodeAt(char);
  return at + text.length;
}

function isHexMark(code: number): boolean {
  return (code | 0x20) === 0x78;
}

/** Behind the last digit of `65` or `x41`; `from` itself when there are no digits. */
function endOfNumber(value: string, from: number): number {
  const hex = isHexMark(value.charCodeAt(from));
  const digits = hex ? from + 1 : from;
  let end = digits;
  while (hex ? hexDigit(value.charCodeAt(end)) >= 0 : isAsciiDigit(value.charCodeAt(end))) end++;
  return end === digits ? from : end;
}

function decodeNumber(
  value: string,
  from: number,
  end: number,
  superset: boolean,
  target: Uint8Array,
  at: number,
): number {
  if (end === from) return -1;
  const hex = isHexMark(value.charCodeAt(from));
  const base = hex ? 16 : 10;
  let code = 0;
  let low = 0;
  for (let digit = hex ? from + 1 : from; digit < end; digit++) {
    const worth = hexDigit(value.charCodeAt(digit));
    code = code * base + worth;
    low = (low * base + worth) & 0xff;
  }
  if (superset && code > 0xff) return writeUtf8(target, at, isScalar(code) ? code : 0xfffd);
  // strtol stops at the greatest long, whose low byte is FF.
  target[at] = code >= 2 ** 63 ? 0xff : low;
  return at + 1;
}

function isScalar(code: number): boolean {
  return code < 0xd800 || (code > 0xdfff && code <= 0x10ffff);
}
