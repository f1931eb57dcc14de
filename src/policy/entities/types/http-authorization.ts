// Credentials of the Authorization header: Basic with name and password in Base64, Bearer with a token that looks
// random.

import { decodeBase64Prefix } from '../../../base/base64.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { entropyOf } from '../tokens.ts';

const LONGEST = 1024;
const SHORTEST_BASIC = 8;
const SHORTEST_BEARER = 20;
const LEAST_ENTROPY = 3.3;

export const httpAuthorization: DataType = defineDataType(
  {
    name: 'http-authorization',
    summary: 'Basic and Bearer credentials of HTTP',
    sets: ['credentials'],
    evidence: 'format',
    rank: 30,
  },
  {
    anchors: { prefixes: ['Basic ', 'basic ', 'Bearer ', 'bearer '] },
    after: LONGEST + 1,
    recognise,
  },
);

function recognise(text: string, at: number): Span | undefined {
  const start = text.indexOf(' ', at) + 1;
  let end = start;
  const limit = Math.min(text.length, at + LONGEST);
  while (end < limit && isTokenByte(text.charAt(end))) end++;
  const value = text.slice(start, end);
  const valid = text.charAt(at + 1) === 'a' ? isBasic(value) : isBearer(value);
  return valid ? { start, end } : undefined;
}

/** token68 of RFC 9110. */
function isTokenByte(char: string): boolean {
  return /[0-9A-Za-z._~+/=-]/.test(char);
}

function isBasic(value: string): boolean {
  if (value.length < SHORTEST_BASIC || !/^[0-9A-Za-z+/]+=*$/.test(value)) return false;
  return /^[\x20-\x7e\x80-\xff]*:[\x20-\x7e\x80-\xff]+$/.test(decodeBase64Prefix(value));
}

function isBearer(value: string): boolean {
  return (
    value.length >= SHORTEST_BEARER && /[0-9]/.test(value) && entropyOf(value) >= LEAST_ENTROPY
  );
}
