// Where the request line, headers and cookies lie in a request, as libmodsecurity counts.
//
// It counts the bytes of a request line made of method, target and version, one for its end, and for each
// header name, colon, blank, value and one for its end. No empty line stands between head and body.

import { asciiLower, isAsciiSpace } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';
import type { TransactionState } from './state.ts';

export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A name, or a value under a name, and where it lies. */
export interface NamedSpan extends Span, Pair {}

export interface HeadOrigins {
  readonly names: readonly NamedSpan[];
  readonly values: readonly NamedSpan[];
  readonly cookieNames: readonly NamedSpan[];
  readonly cookies: readonly NamedSpan[];
  /** Where the body begins. */
  readonly end: number;
}

export function headOrigins({ request }: TransactionState): HeadOrigins {
  const names: NamedSpan[] = [];
  const values: NamedSpan[] = [];
  const cookieNames: NamedSpan[] = [];
  const cookies: NamedSpan[] = [];
  let at = request.line.length + 1;
  for (const { key, value } of request.headers.pairs) {
    names.push({ key, value: key, offset: at, length: key.length });
    at += key.length + 2;
    values.push({ key, value, offset: at, length: value.length });
    if (asciiLower(key) === 'cookie') addCookies(value, at, cookieNames, cookies);
    at += value.length + 1;
  }
  return { names, values, cookieNames, cookies, end: at };
}

function addCookies(header: string, start: number, names: NamedSpan[], values: NamedSpan[]): void {
  let at = start;
  for (const piece of header.split(';')) {
    let blanks = 0;
    while (blanks < piece.length && isAsciiSpace(piece.charCodeAt(blanks))) blanks++;
    const equals = piece.indexOf('=');
    const key = piece.slice(blanks, equals < 0 ? piece.length : equals);
    if (key !== '') {
      const value = equals < 0 ? '' : piece.slice(equals + 1);
      const offset = at + blanks;
      names.push({ key, value: key, offset, length: key.length });
      values.push({ key, value, offset: offset + key.length + 1, length: value.length });
    }
    at += piece.length + 1;
  }
}
