// JSON web tokens (RFC 7519): a header in Base64url that names an algorithm, and two or four parts behind it.

import { decodeBase64Prefix } from '../../../base/base64.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isWordByte } from '../shape.ts';

/** A longer token is found up to here. */
const LONGEST = 16_384;
const SHORTEST_HEADER = 12;
const LONGEST_HEADER = 4096;

export const jwt: DataType = defineDataType(
  {
    name: 'jwt',
    summary: 'JSON web tokens',
    sets: ['credentials'],
    evidence: 'format',
    rank: 90,
  },
  { anchors: { prefixes: ['eyJ'] }, after: LONGEST + 1, recognise },
);

function recognise(text: string, at: number): Span | undefined {
  // What is joined to something in front begins there: so every byte is read for one token only.
  if (at > 0 && '-_.'.includes(text.charAt(at - 1))) return undefined;
  const limit = Math.min(text.length, at + LONGEST);
  const dots: number[] = [];
  let end = at;
  for (; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x2e) {
      if (dots.push(end) > 4) break;
    } else if (!isWordByte(code) && code !== 0x2d && code !== 0x5f) {
      break;
    }
  }
  // A full stop behind it ends the sentence. The signature may be missing, its dot not.
  while (dots.length > 2 && dots[dots.length - 1] === end - 1 && dots.length !== 4)
    end = dots.pop()!;
  if (dots.length > 4) {
    if (isWordByte(text.charCodeAt(end + 1))) return undefined;
    end = dots.pop()!;
  }
  const [first, second] = dots;
  if ((dots.length !== 2 && dots.length !== 4) || first === undefined || second === undefined) {
    return undefined;
  }
  const header = first - at;
  if (header < SHORTEST_HEADER || header > LONGEST_HEADER || second === first + 1) return undefined;
  const base64 = text.slice(at, first).replaceAll('-', '+').replaceAll('_', '/');
  return /"(?:alg|enc)"\s*:/.test(decodeBase64Prefix(base64)) ? { start: at, end } : undefined;
}
