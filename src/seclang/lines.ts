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

import { findDirective } from './directives.ts';
import {
  beginsDirective,
  continuation,
  directiveName,
  firstNonBlank,
  isBlank,
  type PhysicalLine,
  physicalLine,
} from './physical-lines.ts';

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

const BOM = '\xef\xbb\xbf';
/** Reads a text line by line, so that a reader may stop before the end of a hopeless file. */
export class LineReader {
  readonly #text: string;
  readonly #end: number;
  readonly #isWary: boolean;
  /** Start of the last line that can close a block; looked for when the first block opens. */
  #lastTick: number | undefined;
  #at: number;
  #comments: string[] = [];
  #detached: string[][] = [];

  /** A wary reader does not join a line to one that begins with a directive. */
  constructor(text: string, start = 0, end: number = text.length, isWary = false) {
    this.#text = text;
    this.#at = start === 0 && text.startsWith(BOM) ? BOM.length : start;
    this.#end = end;
    this.#isWary = isWary;
  }

  /** The next logical line with the comments that belong to it; undefined at the end. */
  next(): LogicalLine | undefined {
    const text = this.#text;
    while (this.#at < this.#end) {
      const line = physicalLine(text, this.#at);
      this.#at = line.next;
      if (line.first === line.end) {
        if (this.#comments.length > 0) this.#detached.push(this.#comments);
        this.#comments = [];
      } else if (text[line.first] === '#') {
        this.#comments.push(text.slice(line.first + 1, line.end));
        if (hidesContinuation(text, line)) this.#at = swallow(text, line.next, this.#comments);
      } else {
        return this.#join(line);
      }
    }
    return undefined;
  }

  /** Comments behind the last line; complete once `next` has answered undefined. */
  get trailingComments(): readonly string[] {
    return [...this.#detached.flat(), ...this.#comments];
  }

  /** Spares the search for an end where there is none, which many open blocks would repeat. */
  readonly #hasTick = (from: number): boolean => {
    this.#lastTick ??= this.#text.lastIndexOf('\n`') + 1;
    return this.#lastTick >= from && this.#lastTick > 0;
  };

  #join(line: PhysicalLine): LogicalLine {
    const comments = this.#comments;
    const joined = join(this.#text, line, comments, this.#isWary, this.#hasTick);
    const logical = { ...joined, comments, detachedComments: this.#detached };
    this.#at = joined.next;
    this.#comments = [];
    this.#detached = [];
    return logical;
  }
}

/** Whether a physical line begins with a directive's name: a stray backslash joined it. */
export function hasJoinedDirective(line: LogicalLine): boolean {
  const { text, segments } = line;
  return segments
    .slice(1)
    .some((segment) => beginsDirective(text, firstNonBlank(text, segment.at, text.length)));
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

type Joined = Omit<LogicalLine, 'comments' | 'detachedComments'>;

/** Joins a line with those that continue it. */
function join(
  text: string,
  opening: PhysicalLine,
  comments: string[],
  isWary: boolean,
  hasTick: (from: number) => boolean,
): Joined {
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
  const read = hasTick(next) ? readBlock(text, start, next) : undefined;
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
  const name = directiveName(line, 0);
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
