// Named values: `password=...`, `"apiKey": "..."`, `secret: ...`, in JSON, forms, configuration and code.

import { wordsOf } from './context.ts';
import type { Span } from './data-type.ts';
import { isWordByte } from './shape.ts';

export const LONGEST_NAME = 64;
export const LONGEST_NAMED_VALUE = 512;
const MOST_BLANKS = 4;
/** How many bytes behind `:` or `=` a value may reach. */
export const ASSIGNMENT_REACH: number = LONGEST_NAMED_VALUE + MOST_BLANKS + 8;

export interface NamedValue extends Span {
  /** Whether the value stands in quotes. */
  readonly quoted: boolean;
  /** Whether blanks stand around the `=` or behind the `:`, as in prose and code. */
  readonly spaced: boolean;
}

/** Where the name in front of `:` or `=` at `at` ends: blanks and quotes skipped; -1 when there is none. */
export function nameEnd(text: string, at: number): number {
  let end = at;
  while (end > 0 && at - end < MOST_BLANKS && text.charCodeAt(end - 1) === 0x20) end--;
  if (end > 0) {
    const code = text.charCodeAt(end - 1);
    if (code === 0x22 || code === 0x27 || code === 0x60) {
      end--;
      if (end > 0 && text.charCodeAt(end - 1) === 0x5c) end--;
    }
  }
  return end > 0 && isNameByte(text.charCodeAt(end - 1)) ? end : -1;
}

/** The last three letters of the name that ends at `end`, in either case, as one number. */
export function nameEnding(text: string, end: number): number {
  const first = text.charCodeAt(end - 3) | 0x20;
  const second = text.charCodeAt(end - 2) | 0x20;
  return ((first << 16) | (second << 8) | text.charCodeAt(end - 1) | 0x20) & 0xffffff;
}

/** The words of the name that ends at `end`, as `wordsOf` gives them; `` when it is too long for one. */
export function nameWords(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start <= LONGEST_NAME && isNameByte(text.charCodeAt(start - 1)))
    start--;
  return end - start > LONGEST_NAME ? '' : wordsOf(text.slice(start, end));
}

function isNameByte(code: number): boolean {
  return isWordByte(code) || code === 0x5f || code === 0x2d || code === 0x2e;
}

function isQuote(char: string): boolean {
  return char === '"' || char === "'" || char === '`';
}

/** What is assigned by the `:` or `=` at `at`; undefined when it is nothing or longer than a value. */
export function readValue(text: string, at: number): NamedValue | undefined {
  let start = at + 1;
  if (text.charAt(start) === '>' || text.charAt(start) === '=') start++;
  const from = start;
  while (start - from < MOST_BLANKS && (text.charAt(start) === ' ' || text.charAt(start) === '\t'))
    start++;
  const spaced = start > from || (at > 0 && text.charAt(at - 1) === ' ');
  const escaped = text.charAt(start) === '\\' && isQuote(text.charAt(start + 1));
  if (escaped) start++;
  const quote = text.charAt(start);
  if (isQuote(quote)) {
    const end = quotedEnd(text, start + 1, quote, escaped);
    return end <= start + 1 ? undefined : { start: start + 1, end, quoted: true, spaced };
  }
  const end = plainEnd(text, start);
  return end <= start ? undefined : { start, end, quoted: false, spaced };
}

/** Where the quoted text ends, escapes read as one; -1 when it is too long or does not end. */
function quotedEnd(text: string, from: number, quote: string, escaped: boolean): number {
  const limit = Math.min(text.length, from + LONGEST_NAMED_VALUE);
  for (let at = from; at < limit; at++) {
    const char = text.charAt(at);
    if (char === '\n' || char === '\r') return -1;
    if (char === quote) return at;
    if (char !== '\\') continue;
    if (escaped && text.charAt(at + 1) === quote) return at;
    at++;
  }
  return -1;
}

const PLAIN_END = ' \t\r\n&;,"\'`<>()[]{}|\\\x00';

function plainEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + LONGEST_NAMED_VALUE);
  let at = from;
  while (at < limit && !PLAIN_END.includes(text.charAt(at))) at++;
  return at === limit && limit < text.length ? -1 : at;
}

const PLACEHOLDERS: ReadonlySet<string> = new Set(
  (
    'null undefined true false none nil empty string text required optional invalid incorrect changeit password ' +
    'passwd secret token redacted hidden masked example placeholder todo tbd unset default'
  ).split(' '),
);

/** Values that stand for one: `***`, `${PASSWORD}`, `<your password>`, `null`. */
export function isPlaceholder(value: string): boolean {
  if (/^[*.xX\-_#\u2022?]*$/.test(value) || /^[$%{<[@]/.test(value)) return true;
  const lower = value.toLowerCase();
  return (
    PLACEHOLDERS.has(lower) ||
    /^(?:your|my|enter|insert)[-_ ].*(?:pass|key|secret|token|here)/.test(lower)
  );
}
