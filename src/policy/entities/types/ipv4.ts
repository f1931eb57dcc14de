// IPv4 addresses in dotted decimal. Those of this host (127/8) and of no host (0/8) tell nothing and are left out.

import { parseIp } from '../../../base/ip.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isDigit, isWordByte } from '../shape.ts';

const LONGEST_PART = 3;

export const ipv4: DataType = defineDataType(
  {
    name: 'ipv4',
    summary: 'IPv4 addresses other than 0/8 and 127/8',
    sets: ['network', 'pii'],
    evidence: 'format',
    rank: 40,
  },
  { anchors: { bytes: '.' }, lead: LONGEST_PART, recognise },
);

function recognise(text: string, at: number): Span | undefined {
  if (!isDigit(text.charCodeAt(at + 1))) return undefined;
  let start = at;
  while (start > 0 && at - start < LONGEST_PART && isDigit(text.charCodeAt(start - 1))) start--;
  if (start === at) return undefined;
  const before = start === 0 ? 0 : text.charCodeAt(start - 1);
  if ((isWordByte(before) && !isEscape(text, start - 1)) || isJoint(before)) return undefined;
  let end = at;
  let parts = 1;
  while (parts < 4 && text.charAt(end) === '.') {
    const part = ++end;
    while (end - part < LONGEST_PART && isDigit(text.charCodeAt(end))) end++;
    if (end === part) return undefined;
    parts++;
  }
  if (parts < 4 || isWordByte(text.charCodeAt(end))) return undefined;
  if (isJoint(text.charCodeAt(end)) && isWordByte(text.charCodeAt(end + 1))) return undefined;
  const address = parseIp(text.slice(start, end));
  return address === null || address[0] === 0 || address[0] === 127 ? undefined : { start, end };
}

/** `.`, `-` and `_`: with them it is a part of a version, a file name or a longer number. */
function isJoint(code: number): boolean {
  return code === 0x2e || code === 0x2d || code === 0x5f;
}

/** Whether the letter at `at` belongs to `\n`, `\r` or `\t`. */
function isEscape(text: string, at: number): boolean {
  return at > 0 && text.charAt(at - 1) === '\\' && 'nrt'.includes(text.charAt(at));
}
