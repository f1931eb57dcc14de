// IPv6 addresses. The unspecified address and that of this host are left out, and so is what has no digit:
// `abc::add` is a name in a program.

import { hexDigit } from '../../../base/hex.ts';
import { parseIp } from '../../../base/ip.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isWordByte } from '../shape.ts';

const LONGEST_GROUP = 4;
const LONGEST = 45;
const COLON = 0x3a;
const DOT = 0x2e;

export const ipv6: DataType = defineDataType(
  {
    name: 'ipv6',
    summary: 'IPv6 addresses other than :: and ::1',
    sets: ['network', 'pii'],
    evidence: 'format',
    rank: 40,
  },
  { anchors: { bytes: ':' }, lead: LONGEST_GROUP, recognise },
);

function recognise(text: string, at: number): Span | undefined {
  const next = text.charCodeAt(at + 1);
  if (next !== COLON && hexDigit(next) < 0) return undefined;
  let start = at;
  while (start > 0 && at - start < LONGEST_GROUP && hexDigit(text.charCodeAt(start - 1)) >= 0)
    start--;
  if (start === at && next !== COLON) return undefined;
  const before = start === 0 ? 0 : text.charCodeAt(start - 1);
  if (before === COLON || before === DOT || (isWordByte(before) && !isEscape(text, start - 1))) {
    return undefined;
  }
  let end = at;
  while (end - start <= LONGEST && isAddressByte(text.charCodeAt(end))) end++;
  // A full stop or colon behind it belongs to the sentence.
  while (end > at && (text.charCodeAt(end - 1) === DOT || isSingleColon(text, end - 1))) end--;
  if (end - start > LONGEST || isWordByte(text.charCodeAt(end))) return undefined;
  const value = text.slice(start, end);
  if (!/[0-9]/.test(value)) return undefined;
  const address = parseIp(value);
  if (address === null || address.subarray(0, 15).every((byte) => byte === 0)) return undefined;
  return { start, end };
}

function isAddressByte(code: number): boolean {
  return code === COLON || code === DOT || hexDigit(code) >= 0;
}

function isSingleColon(text: string, at: number): boolean {
  return text.charCodeAt(at) === COLON && text.charCodeAt(at - 1) !== COLON;
}

/** Whether the letter at `at` belongs to `\n`, `\r` or `\t`. */
function isEscape(text: string, at: number): boolean {
  return at > 0 && text.charAt(at - 1) === '\\' && 'nrt'.includes(text.charAt(at));
}
