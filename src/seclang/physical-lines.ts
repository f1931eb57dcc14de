// Lines of a text as they are written: where they begin and end, and what they begin and end with.

import { findDirective } from './directives.ts';

export interface PhysicalLine {
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
  /** First char that is no blank; `end` on a blank line. */
  readonly first: number;
}

const DIRECTIVE_NAME = /[A-Za-z][A-Za-z0-9_]*(?![^ \t\r\f\v\n])/y;

/** The name at `at` that a blank or the line's end follows; undefined when there is none. */
export function directiveName(text: string, at: number): string | undefined {
  DIRECTIVE_NAME.lastIndex = at;
  return DIRECTIVE_NAME.exec(text)?.[0];
}

/** Whether a known directive's name stands at `at`. */
export function beginsDirective(text: string, at: number): boolean {
  const name = directiveName(text, at);
  return name !== undefined && findDirective(name) !== undefined;
}

export function physicalLine(text: string, start: number): PhysicalLine {
  const found = text.indexOf('\n', start);
  const next = found < 0 ? text.length : found + 1;
  let end = found < 0 ? text.length : found;
  if (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
  return { start, end, next, first: firstNonBlank(text, start, end) };
}

export function firstNonBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Offset of the backslash that continues the line, also when blanks follow it. */
export function continuation(text: string, start: number, end: number): number | undefined {
  let last = end;
  while (last > start && isBlank(text.charCodeAt(last - 1))) last--;
  let count = 0;
  while (last - count > start && text.charCodeAt(last - count - 1) === 0x5c) count++;
  // An even number is escaped backslashes, not a continuation, as in Apache.
  return count % 2 === 1 ? last - 1 : undefined;
}

export function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0a);
}
