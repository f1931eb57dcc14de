// Media types and dispositions with their parameters, as Go's mime.ParseMediaType reads them.

import { asciiLower, asciiTrim, isAsciiSpace } from '../base/ascii.ts';

export interface GoMediaType {
  /** Lower case. */
  readonly type: string;
  /** By lower-case name; `filename*` has taken the place of `filename`. */
  readonly params: ReadonlyMap<string, string>;
}

const TOKEN = /[^\0- ()<>@,;:\\"/[\]?=\x7f-\xff]*/y;
const SPECIAL = '()<>@,;:\\"/[]?=';

/** Undefined when Go reports an error. */
export function readGoMediaType(text: string): GoMediaType | undefined {
  const semicolon = text.indexOf(';');
  const type = asciiLower(asciiTrim(semicolon < 0 ? text : text.slice(0, semicolon)));
  const slash = type.indexOf('/');
  const parts = slash < 0 ? [type] : [type.slice(0, slash), type.slice(slash + 1)];
  if (parts.some((part) => part === '' || tokenAt(part, 0) !== part)) return undefined;
  const plain = new Map<string, string>();
  const continued = new Map<string, Map<string, string>>();
  let at = semicolon < 0 ? text.length : semicolon;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) break;
    const found = readParameter(text, at);
    if (found === undefined) {
      if (asciiTrim(text.slice(at)) === ';') break;
      return undefined;
    }
    const { name, value } = found;
    const star = name.indexOf('*');
    const target = star < 0 ? plain : familyOf(continued, name.slice(0, star));
    // The same name twice is an error unless the value is the same.
    if (target.has(name) && target.get(name) !== value) return undefined;
    target.set(name, value);
    at = found.end;
  }
  for (const [base, pieces] of continued) {
    const value = joined(base, pieces);
    if (value !== undefined) plain.set(base, value);
  }
  return { type, params: plain };
}

function familyOf(continued: Map<string, Map<string, string>>, base: string): Map<string, string> {
  const family = continued.get(base) ?? new Map<string, string>();
  continued.set(base, family);
  return family;
}

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly end: number;
}

/** `; name=value` at `from`. */
function readParameter(text: string, from: number): Parameter | undefined {
  if (text[from] !== ';') return undefined;
  let at = skipSpace(text, from + 1);
  const name = tokenAt(text, at).toLowerCase();
  if (name === '') return undefined;
  at = skipSpace(text, at + name.length);
  if (text[at] !== '=') return undefined;
  at = skipSpace(text, at + 1);
  if (text[at] === '"') return readQuoted(text, at, name);
  const value = tokenAt(text, at);
  return value === '' ? undefined : { name, value, end: at + value.length };
}

/** A backslash stays in front of what needs none: `C:\dir` is meant so. */
function readQuoted(text: string, from: number, name: string): Parameter | undefined {
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return { name, value, end: at + 1 };
    if (char === '\r' || char === '\n') return undefined;
    const next = text.charAt(at + 1);
    if (char === '\\' && next !== '' && SPECIAL.includes(next)) {
      value += next;
      at++;
    } else value += char;
  }
  return undefined;
}

/** RFC 2231: `name*=charset'language'value`, or `name*0`, `name*1*` and so on. */
function joined(base: string, pieces: ReadonlyMap<string, string>): string | undefined {
  const single = pieces.get(`${base}*`);
  if (single !== undefined) return extendedValue(single);
  let value: string | undefined;
  for (let part = 0; ; part++) {
    const plain = pieces.get(`${base}*${part}`);
    const encoded = pieces.get(`${base}*${part}*`);
    if (plain !== undefined) value = (value ?? '') + plain;
    else if (encoded === undefined) return value;
    else {
      value = (value ?? '') + ((part === 0 ? extendedValue(encoded) : unescaped(encoded)) ?? '');
    }
  }
}

function extendedValue(text: string): string | undefined {
  const match = /^([^']*)'[^']*'(.*)$/s.exec(text);
  return match !== null && /^(?:us-ascii|utf-8)$/i.test(match[1]!)
    ? unescaped(match[2]!)
    : undefined;
}

/** Undefined when a `%` has no two digits behind it. */
function unescaped(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/%(..)/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function tokenAt(text: string, at: number): string {
  TOKEN.lastIndex = at;
  return TOKEN.exec(text)?.[0] ?? '';
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isAsciiSpace(text.charCodeAt(at))) at++;
  return at;
}
