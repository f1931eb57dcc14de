// Private keys in PEM (RFC 7468) and its kin: PKCS #1 and #8, SEC 1, OpenSSH, PGP; in files and in JSON strings. A key
// that was cut off before its last line is one, too.

import { hexWordAt } from '../../../base/hex.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isWordByte } from '../shape.ts';

/** A longer key is found up to here: RSA with 16,384 bits takes 13,000 bytes. */
const LONGEST = 16_384;
const LONGEST_LABEL = 48;
const FEWEST_DIGITS = 48;
const DASHES = '-----';

export const privateKey: DataType = defineDataType(
  {
    name: 'private-key',
    summary: 'private keys in PEM, OpenSSH and PGP files',
    sets: ['credentials'],
    evidence: 'format',
    rank: 95,
  },
  { anchors: { prefixes: ['BEGIN '] }, lead: DASHES.length, after: LONGEST + 1, recognise },
);

function recognise(text: string, at: number): Span | undefined {
  const start = at - DASHES.length;
  if (start < 0 || text.slice(start, at) !== DASHES) return undefined;
  const head = text.slice(at, at + LONGEST_LABEL + DASHES.length);
  const label = /^BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?)-----/.exec(head)?.[1];
  if (label === undefined) return undefined;
  const from = at + 'BEGIN '.length + label.length + DASHES.length;
  const { end, digits } = bodyEnd(text, from, at + LONGEST);
  if (digits < FEWEST_DIGITS) return undefined;
  const last = `${DASHES}END ${label}${DASHES}`;
  return { start, end: text.slice(end, end + last.length) === last ? end + last.length : end };
}

/** Where the lines of Base64 and the headers above them end: at five dashes, at the latest. */
function bodyEnd(text: string, from: number, limit: number): { end: number; digits: number } {
  let digits = 0;
  let at = from;
  const stop = Math.min(text.length, limit - LONGEST_LABEL - 2 * DASHES.length);
  while (at < stop) {
    const char = text.charAt(at);
    if (isWordByte(text.charCodeAt(at)) || char === '+' || char === '/' || char === '=') {
      digits++;
      at++;
    } else if (char === '-') {
      if (text.slice(at, at + DASHES.length) === DASHES) break;
      at++;
    } else if (char === '\\') {
      const length = escapeLength(text, at);
      if (length === 0) break;
      at += length;
    } else if (' \r\n\t:,.()'.includes(char)) {
      at++;
    } else {
      break;
    }
  }
  return { end: at, digits };
}

function escapeLength(text: string, at: number): number {
  if ('nrt/'.includes(text.charAt(at + 1) || 'x')) return 2;
  return text.charAt(at + 1) === 'u' && hexWordAt(text, at + 2) >= 0 ? 6 : 0;
}
