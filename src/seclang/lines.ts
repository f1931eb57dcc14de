// Splits a SecLang text into logical lines: continuations joined, comments set aside.
//
// Every char of a joined line leads back to its place in the source, so that nothing behind this file
// has to know that lines were ever joined. Linear in the text, for any bytes.
//
// Engines differ here; the choices: `\` continues only as the very last char of a line (ModSecurity).
// Joining removes the backslash and the line end but keeps the next line's indentation (ModSecurity 2).
// Blank and `#` lines inside a continuation are dropped (Coraza). A comment that ends in `\` swallows
// the lines it continues on only if it is a commented-out directive, and never a line that begins with
// a directive: a rule must not vanish because of a comment above it.

import type { Source } from '../diagnostics/source.ts';
import { findDirective } from './directives.ts';

/** Part of a logical line that is contiguous in the source. */
export interface Segment {
  /** Offset in the logical line's text. */
  readonly at: number;
  /** Offset in the source. */
  readonly source: number;
}

/** Lines between two backticks, for SecDataset. */
export interface Block {
  readonly text: string;
  /** Source offset of each char of `text`, and one more for its end. */
  readonly offsets: Int32Array;
  /** Source offsets of the opening backtick and behind the closing one. */
  readonly start: number;
  readonly end: number;
}

export interface LogicalLine {
  /** Without indentation; continuations joined. */
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly block: Block | undefined;
  /** Offset of the opening backtick of a block that is never closed. */
  readonly unclosedBlock: number | undefined;
  /** Source offset of a backslash that has only blanks behind it on its line. */
  readonly looseBackslash: number | undefined;
  readonly comments: readonly string[];
  readonly detachedComments: readonly (readonly string[])[];
  /** Source offset of the next logical line, or of comments in front of it. */
  readonly next: number;
}

export interface LogicalLines {
  readonly lines: readonly LogicalLine[];
  readonly trailingComments: readonly string[];
}

interface PhysicalLine {
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
  /** First char that is no blank; `end` on a blank line. */
  readonly first: number;
}

const BOM = '\xef\xbb\xbf';
const DIRECTIVE_NAME = /[A-Za-z][A-Za-z0-9_]*(?![^ \t\r\f\v\n])/y;

/** Splits the source into logical lines with the comments that belong to them. */
export function splitLines(source: Source): LogicalLines {
  const { text } = source;
  return readLines(text, text.startsWith(BOM) ? BOM.length : 0, text.length, false);
}

/**
 * Splits a logical line where a physical line begins with a directive's name: what stands there was
 * joined by a stray backslash. Answers the line alone when there is no such place.
 */
export function splitAtDirectives(source: Source, line: LogicalLine): readonly LogicalLine[] {
  const { text, segments } = line;
  const isJoined = segments
    .slice(1)
    .some((segment) => beginsDirective(text, firstNonBlank(text, segment.at, text.length)));
  if (!isJoined) return [line];
  return readLines(source.text, segments[0]!.source, line.next, true).lines;
}

function readLines(text: string, start: number, end: number, isWary: boolean): LogicalLines {
  const lines: LogicalLine[] = [];
  let comments: string[] = [];
  let detached: string[][] = [];
  let at = start;

  while (at < end) {
    const line = physicalLine(text, at);
    at = line.next;
    if (line.first === line.end) {
      if (comments.length > 0) detached.push(comments);
      comments = [];
    } else if (text[line.first] === '#') {
      comments.push(text.slice(line.first + 1, line.end));
      if (hidesContinuation(text, line)) at = swallow(text, line.next, comments);
    } else {
      const joined = join(text, line, comments, isWary);
      lines.push({ ...joined, comments, detachedComments: detached });
      at = joined.next;
      comments = [];
      detached = [];
    }
  }
  return { lines, trailingComments: [...detached.flat(), ...comments] };
}

/** Source offset of the char at `at` of the line's text. */
export function sourceOffset(segments: readonly Segment[], at: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low]!;
  return segment.source + at - segment.at;
}

/** Whether a known directive name stands at `at`, followed by a blank or the line's end. */
export function beginsDirective(text: string, at: number): boolean {
  DIRECTIVE_NAME.lastIndex = at;
  const found = DIRECTIVE_NAME.exec(text);
  return found !== null && findDirective(found[0]) !== undefined;
}

function physicalLine(text: string, start: number): PhysicalLine {
  const found = text.indexOf('\n', start);
  const next = found < 0 ? text.length : found + 1;
  let end = found < 0 ? text.length : found;
  if (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
  return { start, end, next, first: firstNonBlank(text, start, end) };
}

function firstNonBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

type Joined = Omit<LogicalLine, 'comments' | 'detachedComments'>;

/** Joins a line with those that continue it; a wary reader stops in front of a directive. */
function join(text: string, opening: PhysicalLine, comments: string[], isWary: boolean): Joined {
  const pieces: string[] = [];
  const segments: Segment[] = [];
  let length = 0;
  let looseBackslash: number | undefined;
  let line = opening;
  let from = opening.first;
  let next = opening.next;

  for (;;) {
    const backslash = continuation(text, from, line.end);
    const end = backslash ?? line.end;
    if (backslash !== undefined && backslash !== line.end - 1) looseBackslash ??= backslash;
    segments.push({ at: length, source: from });
    pieces.push(text.slice(from, end));
    length += end - from;
    if (backslash === undefined) break;
    const following = nextContent(text, line.next, comments);
    if (following === undefined) {
      next = text.length;
      break;
    }
    next = following.start;
    if (isWary && beginsDirective(text, following.first)) break;
    line = following;
    next = line.next;
    from = line.start;
  }

  const joined = pieces.join('');
  // What is left of `\ \` when nothing follows: a backslash that continues nothing.
  const leftOver = continuation(joined, 0, joined.length);
  if (leftOver !== undefined) looseBackslash ??= sourceOffset(segments, leftOver);
  const shared = { segments, looseBackslash };
  const tick = openingTick(joined);
  if (tick === undefined) {
    return { ...shared, text: joined, block: undefined, unclosedBlock: undefined, next };
  }
  const start = sourceOffset(segments, tick);
  const read = readBlock(text, start, next);
  return {
    ...shared,
    text: joined.slice(0, tick),
    block: read?.block,
    unclosedBlock: read === undefined ? start : undefined,
    next: read?.next ?? nextDirective(text, next),
  };
}

/** The next line of a continuation: blank lines are skipped, comments kept apart. */
function nextContent(text: string, from: number, comments: string[]): PhysicalLine | undefined {
  let at = from;
  while (at < text.length) {
    const line = physicalLine(text, at);
    if (text[line.first] === '#' && line.first < line.end) {
      comments.push(text.slice(line.first + 1, line.end));
    } else if (line.first < line.end) {
      return line;
    }
    at = line.next;
  }
  return undefined;
}

/** Offset of the backslash that continues the line, also when blanks follow it. */
function continuation(text: string, start: number, end: number): number | undefined {
  let last = end;
  while (last > start && isBlank(text.charCodeAt(last - 1))) last--;
  let count = 0;
  while (last - count > start && text.charCodeAt(last - count - 1) === 0x5c) count++;
  // An even number is escaped backslashes, not a continuation, as in Apache.
  return count % 2 === 1 ? last - 1 : undefined;
}

function hidesContinuation(text: string, line: PhysicalLine): boolean {
  if (continuation(text, line.first, line.end) !== line.end - 1) return false;
  return beginsDirective(text, firstNonBlank(text, line.first + 1, line.end));
}

function swallow(text: string, from: number, comments: string[]): number {
  let at = from;
  while (at < text.length) {
    const line = physicalLine(text, at);
    if (line.first === line.end || beginsDirective(text, line.first)) return at;
    const skip = text[line.first] === '#' ? line.first + 1 : line.first;
    comments.push(text.slice(skip, line.end));
    at = line.next;
    if (continuation(text, line.first, line.end) !== line.end - 1) return at;
  }
  return at;
}

/** Offset of the backtick that ends the line and opens a block. */
function openingTick(line: string): number | undefined {
  let last = line.length;
  while (last > 0 && isBlank(line.charCodeAt(last - 1))) last--;
  if (line[last - 1] !== '`') return undefined;
  DIRECTIVE_NAME.lastIndex = 0;
  const name = DIRECTIVE_NAME.exec(line)?.[0];
  if (name === undefined || findDirective(name)?.shape !== 'dataset') return undefined;
  // A second backtick on the line closes the first: a block of one line, an ordinary word.
  return line.lastIndexOf('`', last - 2) >= 0 ? undefined : last - 1;
}

function readBlock(
  text: string,
  tick: number,
  from: number,
): { block: Block; next: number } | undefined {
  const contents: PhysicalLine[] = [];
  let at = from;
  while (at < text.length) {
    const line = physicalLine(text, at);
    if (text[line.start] === '`' && line.end > line.start) {
      const joined = contents.map((content) => text.slice(content.start, content.end)).join('\n');
      const offsets = new Int32Array(joined.length + 1);
      let index = 0;
      for (const content of contents) {
        for (let offset = content.start; offset <= content.end; offset++) offsets[index++] = offset;
      }
      offsets[joined.length] = contents.at(-1)?.end ?? line.start;
      return {
        block: { text: joined, offsets, start: tick, end: line.start + 1 },
        // Anything behind the closing backtick has no meaning in any engine.
        next: line.next,
      };
    }
    contents.push(line);
    at = line.next;
  }
  return undefined;
}

/** Where to go on after a block that is never closed. */
function nextDirective(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const line = physicalLine(text, at);
    if (beginsDirective(text, line.first)) return at;
    at = line.next;
  }
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0a);
}
