// Passwords inside URLs: `postgres://user:password@host/db`. The finding is the password alone.

import { isPlaceholder } from '../assignment.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isLetter } from '../shape.ts';

const LONGEST_AUTHORITY = 320;
const END = '/?#"\'<>\\ \t\r\n`{}()[]|^\x00';

export const urlPassword: DataType = defineDataType(
  {
    name: 'url-password',
    summary: 'passwords inside URLs and connection strings',
    sets: ['credentials'],
    evidence: 'format',
    rank: 60,
  },
  { anchors: { bytes: ':' }, after: LONGEST_AUTHORITY + 4, recognise },
);

function recognise(text: string, at: number): Span | undefined {
  if (text.charAt(at + 1) !== '/' || text.charAt(at + 2) !== '/') return undefined;
  if (at === 0 || !isLetter(text.charCodeAt(at - 1))) return undefined;
  const from = at + 3;
  const limit = Math.min(text.length, from + LONGEST_AUTHORITY);
  let colon = -1;
  let sign = -1;
  for (let end = from; end < limit; end++) {
    const char = text.charAt(end);
    if (END.includes(char)) break;
    if (char === ':' && colon < 0) colon = end;
    if (char === '@') sign = end;
  }
  if (colon < 0 || sign <= colon + 1) return undefined;
  return isPlaceholder(text.slice(colon + 1, sign)) ? undefined : { start: colon + 1, end: sign };
}
