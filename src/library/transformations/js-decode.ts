// t:jsDecode. JavaScript escapes: `\u0041`, `\x41`, `\101`, `\n`; any other `\c` becomes `c`.
//
// Three octal digits count only when the first is at most 3, so the value always fits a byte and is
// unsigned (Coraza's octal escapes come out wrong). A lone backslash at the end stays.

import { hexByteAt, hexWordAt } from '../../base/hex.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { decodeEscapes, escaped, isOctalDigit, octalEscape, simpleEscape } from './c-escapes.ts';
import { wideByte } from './wide-byte.ts';

function escapeAt(value: string, at: number): number {
  const code = value.charCodeAt(at + 1);
  const wide = code === 0x75 ? hexWordAt(value, at + 2) : -1;
  if (wide >= 0) return escaped(6, wideByte(wide));
  const narrow = code === 0x78 ? hexByteAt(value, at + 2) : -1;
  if (narrow >= 0) return escaped(4, narrow);
  return isOctalDigit(code) ? octalEscape(value, at, code <= 0x33 ? 3 : 2) : simpleEscape(code);
}

/** Coraza takes the backslash for a digit: a NUL comes out, and of three digits the last one stays. */
function corazaEscapeAt(value: string, at: number): number {
  if (!isOctalDigit(value.charCodeAt(at + 1))) return escapeAt(value, at);
  return escaped(isOctalDigit(value.charCodeAt(at + 2)) ? 3 : 2, 0);
}

export const jsDecode: Transformation = Object.freeze({
  name: 'jsDecode',
  summary: 'decodes JavaScript escapes',
  alters: '\\',
  growth: () => 1,
  apply: (value: string, { behaviour }: TransformationEnvironment) =>
    decodeEscapes(value, behaviour?.octalEscapes === 'nul' ? corazaEscapeAt : escapeAt),
});
