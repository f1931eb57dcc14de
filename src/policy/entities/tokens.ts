// Tokens that services mark with a prefix, so that they can be found where they should not be.

import type { DataType, Span } from './data-type.ts';
import { type DataTypeSpec, defineDataType } from './define.ts';
import { isDigit, isLetter } from './shape.ts';

/** What the rest of a token is made of: `alnum` plus the bytes named. */
export interface TokenForm {
  readonly prefix: string;
  /** Default: letters and digits. */
  readonly alphabet?: 'alnum' | 'hex' | 'upper';
  /** Bytes that may occur beside those of the alphabet. Default: none. */
  readonly also?: string;
  /** How many bytes follow the prefix. */
  readonly length: number | readonly [least: number, most: number];
  /** What else must hold of the bytes behind the prefix. */
  readonly isValid?: (body: string, token: string) => boolean;
}

export type Tokens = Omit<DataTypeSpec, 'sets'> & { readonly forms: readonly TokenForm[] };

export function defineTokens(tokens: Tokens): DataType {
  const { forms, ...spec } = tokens;
  const longest = Math.max(...forms.map((form) => form.prefix.length + most(form)));
  return defineDataType(
    { ...spec, sets: ['credentials'] },
    {
      anchors: { prefixes: [...new Set(forms.map(({ prefix }) => prefix))] },
      after: longest + 1,
      recognise: (text, at) => readToken(forms, text, at),
    },
  );
}

function readToken(forms: readonly TokenForm[], text: string, at: number): Span | undefined {
  for (const form of forms) {
    if (!text.startsWith(form.prefix, at)) continue;
    const from = at + form.prefix.length;
    let end = readBody(form, text, from);
    // A full stop ends the sentence, and so may what joins words, unless the token would be too short.
    while (end > from && text.charAt(end - 1) === '.') end--;
    while (end > from && !isLetterOrDigit(text, end - 1) && !isLength(form, end - from)) end--;
    if (!isLength(form, end - from)) continue;
    if (form.isValid !== undefined && !form.isValid(text.slice(from, end), text.slice(at, end)))
      continue;
    return { start: at, end };
  }
  return undefined;
}

/** Reads one byte more than there may be: then the token is none. */
function readBody(form: TokenForm, text: string, from: number): number {
  const limit = Math.min(text.length, from + most(form) + 1);
  let end = from;
  while (end < limit && belongs(form, text, end)) end++;
  // A letter that the alphabet does not have makes it something else.
  if (end < limit && isLetterOrDigit(text, end)) return from;
  return end;
}

function belongs(form: TokenForm, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (isDigit(code)) return true;
  if (form.also?.includes(text.charAt(at))) return true;
  switch (form.alphabet) {
    case 'hex':
      return (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
    case 'upper':
      return code >= 0x41 && code <= 0x5a;
    default:
      return isLetter(code);
  }
}

function isLetterOrDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isDigit(code) || isLetter(code);
}

function most({ length }: TokenForm): number {
  return typeof length === 'number' ? length : length[1];
}

function isLength({ length }: TokenForm, count: number): boolean {
  return typeof length === 'number' ? count === length : count >= length[0] && count <= length[1];
}

/** True when the bytes look drawn at random rather than written: digits among letters, few repeated. */
export function looksRandom(body: string): boolean {
  return /[0-9]/.test(body) && /[A-Za-z]/.test(body) && entropyOf(body) >= 2.9;
}

/** Shannon's entropy in bits per byte. */
export function entropyOf(text: string): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
