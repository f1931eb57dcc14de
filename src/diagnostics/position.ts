// Lines and columns of offsets, for showing only: everything else works with offsets.
//
// Lines and columns count from 1, columns in code points. Line starts are found once for each source
// and kept by the locator, which lives as long as its maker needs it.

import { countCodePoints } from './code-points.ts';
import type { Source } from './source.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineRange {
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
}

export interface Locator {
  readonly position: (source: Source, offset: number) => Position;
  /** The line alone, without the cost of counting columns. */
  readonly lineNumber: (source: Source, offset: number) => number;
  /** The range of a line, counted from 1; undefined when the source has no such line. */
  readonly line: (source: Source, line: number) => LineRange | undefined;
}

const BOM = '\xef\xbb\xbf';

export function createLocator(): Locator {
  const starts = new Map<Source, readonly number[]>();

  function startsOf(source: Source): readonly number[] {
    const known = starts.get(source);
    if (known !== undefined) return known;
    const found = lineStarts(source.text);
    starts.set(source, found);
    return found;
  }

  function lineNumber(source: Source, offset: number): number {
    const all = startsOf(source);
    let low = 0;
    let high = all.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (all[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  function position(source: Source, offset: number): Position {
    const number = lineNumber(source, offset);
    const start = startsOf(source)[number - 1]!;
    const end = Math.min(offset, source.text.length);
    return { line: number, column: countCodePoints(source.text, start, end) + 1 };
  }

  function line(source: Source, number: number): LineRange | undefined {
    const all = startsOf(source);
    const start = all[number - 1];
    if (start === undefined) return undefined;
    let end = all[number] === undefined ? source.text.length : all[number]! - 1;
    if (end > start && source.text.charCodeAt(end - 1) === 0x0d) end--;
    return { start, end };
  }

  return { position, lineNumber, line };
}

/** `main.conf:12:1` */
export function formatPlace(source: Source, position: Position): string {
  return `${source.name}:${position.line}:${position.column}`;
}

function lineStarts(text: string): readonly number[] {
  const found = [text.startsWith(BOM) ? BOM.length : 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found.push(at + 1);
  return found;
}
