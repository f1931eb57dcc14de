// The code frame of a diagnostic: its line with the one before and after, and a line of carets.
//
// Lines may be megabytes long: only the part around the carets is ever read, and cut ends are marked.

import { isContinuation } from '../base/utf8.ts';
import { codePointAt, displayedCodePoint, escapedByte } from './code-points.ts';
import type { LineRange, Locator } from './position.ts';
import type { Span } from './span.ts';

/** Code points of a line that are shown. */
const WIDTH = 100;
/** Of these, how many stand in front of the carets at most. */
const LEAD = 40;
const CUT = '…';

export interface FrameLine {
  readonly number: number | undefined;
  readonly text: string;
  readonly role: 'context' | 'line' | 'carets';
}

/** The lines of a frame; the carets underline the part of the span that is on its first line. */
export function frameOf(locator: Locator, span: Span): readonly FrameLine[] {
  const { source } = span;
  const number = locator.lineNumber(source, span.start);
  const range = locator.line(source, number);
  if (range === undefined) return [];
  const start = Math.min(Math.max(span.start, range.start), range.end);
  const end = Math.min(Math.max(span.end, start), lastUnderlined(source.text, range, span));
  const { text, carets } = underlined(source.text, range, start, Math.max(end, start));
  return [
    ...context(locator, span, number - 1),
    { number, text, role: 'line' },
    { number: undefined, text: carets, role: 'carets' },
    ...context(locator, span, number + 1),
  ];
}

function context(locator: Locator, span: Span, number: number): readonly FrameLine[] {
  const range = locator.line(span.source, number);
  if (range === undefined) return [];
  // A text that ends in a line end has an empty last line, which nobody wrote.
  if (range.start === span.source.text.length) return [];
  const { text } = shown(span.source.text, range.start, range.end, WIDTH);
  return [{ number, text, role: 'context' }];
}

/** A span that goes on in the next line is underlined up to its last visible char on this one. */
function lastUnderlined(text: string, range: LineRange, span: Span): number {
  if (span.end <= range.end) return range.end;
  let end = range.end;
  while (end > range.start && ' \t\r\\'.includes(text[end - 1]!)) end--;
  return end;
}

function underlined(
  text: string,
  range: LineRange,
  start: number,
  end: number,
): { text: string; carets: string } {
  const isShort = !shown(text, range.start, range.end, WIDTH).isCut;
  const from = isShort ? range.start : windowStart(text, range.start, start);
  const before = shown(text, from, start, Number.POSITIVE_INFINITY);
  const marked = shown(text, start, end, WIDTH - before.count);
  const after = marked.isCut
    ? { text: '' }
    : shown(text, marked.next, range.end, WIDTH - before.count - marked.count);
  const lead = from > range.start ? CUT : '';
  return {
    text: lead + before.text + marked.text + after.text,
    carets: ' '.repeat(lead.length + before.width) + '^'.repeat(Math.max(1, marked.width)),
  };
}

/** Where to begin so that the carets are within the window. */
function windowStart(text: string, lineStart: number, caret: number): number {
  let at = caret;
  for (let count = 0; count < LEAD && at > lineStart; count++) {
    at--;
    const floor = Math.max(lineStart, at - 3);
    let lead = at;
    while (lead > floor && isContinuation(text.charCodeAt(lead))) lead--;
    if (lead + codePointAt(text, lead).length === at + 1) at = lead;
  }
  return at;
}

interface Shown {
  readonly text: string;
  /** Code points shown, and the columns they take. */
  readonly count: number;
  readonly width: number;
  readonly isCut: boolean;
  /** Offset behind the last code point shown. */
  readonly next: number;
}

function shown(text: string, start: number, end: number, most: number): Shown {
  const parts: string[] = [];
  let width = 0;
  let at = start;
  while (at < end && parts.length < most) {
    const { length, code } = codePointAt(text, at);
    const part = code < 0 ? escapedByte(text.charCodeAt(at)) : displayedCodePoint(code);
    width += code > 0xffff ? 1 : part.length;
    parts.push(part);
    at += length;
  }
  const isCut = at < end;
  return { text: parts.join('') + (isCut ? CUT : ''), count: parts.length, width, isCut, next: at };
}
