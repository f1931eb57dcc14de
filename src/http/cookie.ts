// Cookie headers: names and values as sent, never URL-decoded, duplicates kept.
//
// Format 0 is what browsers send. Format 1 is RFC 2109 as ModSecurity 2 reads it (SecCookieFormat 1).

import { isAsciiSpace } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';

export interface CookieOptions {
  /** SecCookieFormat; default 0. */
  readonly format?: 0 | 1;
  /** SecCookieV0Separator; default `;`. Format 1 always splits at `;` and `,`. */
  readonly separator?: string;
}

/** Reads one Cookie header; pieces with an empty name are left out. */
export function parseCookies(header: string, options: CookieOptions = {}): readonly Pair[] {
  if (options.format === 1) return parseFormat1(header);
  return parseFormat0(header, options.separator || ';');
}

function parseFormat0(header: string, separator: string): Pair[] {
  const cookies: Pair[] = [];
  for (const piece of trimSpace(header).split(separator)) {
    const equals = piece.indexOf('=');
    // Blanks before the name go; those around `=` and behind the value are data.
    const key = trimStart(equals === -1 ? piece : piece.slice(0, equals));
    if (key === '') continue;
    cookies.push({ key, value: equals === -1 ? '' : piece.slice(equals + 1) });
  }
  return cookies;
}

function parseFormat1(header: string): Pair[] {
  const cookies: Pair[] = [];
  let cookieName = '';
  let at = 0;
  while (at < header.length) {
    const nameEnd = indexOfAny(header, '=;,', at);
    const name = trimSpace(header.slice(at, nameEnd));
    let value = '';
    at = nameEnd;
    if (header[at] === '=') {
      at = skipSpace(header, at + 1);
      if (header[at] === '"') {
        const close = header.indexOf('"', at + 1);
        const end = close === -1 ? header.length : close;
        value = header.slice(at + 1, end);
        at = indexOfAny(header, ';,', end + 1);
      } else {
        const end = indexOfAny(header, ';,', at);
        value = trimSpace(header.slice(at, end));
        at = end;
      }
    }
    at += 1;
    if (name === '') continue;
    // `$Path` belongs to the cookie before it: `foo=1; $Path=/` is `$foo_Path`.
    const isAttribute = name.startsWith('$');
    const key = isAttribute && cookieName !== '' ? `$${cookieName}_${name.slice(1)}` : name;
    if (!isAttribute) cookieName = name;
    cookies.push({ key, value });
  }
  return cookies;
}

function indexOfAny(text: string, chars: string, from: number): number {
  let at = from;
  while (at < text.length && !chars.includes(text.charAt(at))) at++;
  return Math.min(at, text.length);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isAsciiSpace(text.charCodeAt(at))) at++;
  return at;
}

function trimStart(text: string): string {
  return text.slice(skipSpace(text, 0));
}

function trimSpace(text: string): string {
  const start = skipSpace(text, 0);
  let end = text.length;
  while (end > start && isAsciiSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
