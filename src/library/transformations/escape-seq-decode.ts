// t:escapeSeqDecode. ANSI C escapes; an escape that C does not know loses its backslash.
//
// Octal escapes take up to three digits and keep the low byte (`\666` is B6).

import { hexByteAt } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';
import { decodeEscapes, escaped, isOctalDigit, octalEscape, simpleEscape } from './c-escapes.ts';

function escapeAt(value: string, at: number): number {
  const code = value.charCodeAt(at + 1);
  const hex = (code | 0x20) === 0x78 ? hexByteAt(value, at + 2) : -1;
  if (hex >= 0) return escaped(4, hex);
  return isOctalDigit(code) ? octalEscape(value, at, 3) : simpleEscape(code);
}

export const escapeSeqDecode: Transformation = Object.freeze({
  name: 'escapeSeqDecode',
  summary: 'decodes ANSI C escapes',
  alters: '\\',
  growth: () => 1,
  apply: (value: string) => decodeEscapes(value, escapeAt),
});
