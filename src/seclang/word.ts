// Words of a directive: their text after quote removal, and the way back from the text to the source.

import type { Token } from 'moo';
import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Word } from './ast.ts';
import type { LogicalLine, Segment } from './lines.ts';
import { sourceOffset } from './lines.ts';

const QUOTES: Readonly<Record<string, Word['quote']>> = {
  double: '"',
  single: "'",
  block: '`',
};

/**
 * The word of a token of the directive lexer.
 *
 * Inside quotes only the quote itself is unescaped. `\\` stays two chars, as in ModSecurity 3; Apache
 * would make it one, which breaks rules written for the others.
 */
export function makeWord(source: Source, line: LogicalLine, token: Token): Word {
  if (token.type === 'block' && line.block !== undefined) {
    const { text, offsets, start, end } = line.block;
    return { text, quote: '`', span: { source, start, end }, offsets, contentStart: offsets[0]! };
  }
  const quote = QUOTES[token.type ?? ''] ?? '';
  const width = quote === '' ? 0 : 1;
  const start = token.offset + width;
  const end = token.offset + token.text.length - width;
  const raw = width === 0 ? token.text : token.text.slice(1, -1);
  const contentStart = sourceOffset(line.segments, start);
  const contiguous =
    end === start || sourceOffset(line.segments, end - 1) - contentStart === end - 1 - start;
  const span = spanInLine(source, line, token.offset, token.offset + token.text.length);
  if (quote === '' || quote === '`' || !raw.includes(`\\${quote}`)) {
    const offsets = contiguous ? undefined : offsetsOf(line.segments, start, end);
    return { text: raw, quote, span, offsets, contentStart };
  }
  return { ...unescaped(raw, quote, line.segments, start), quote, span, contentStart };
}

/** The source range of a range of the line's text. */
export function spanInLine(source: Source, line: LogicalLine, start: number, end: number): Span {
  const from = sourceOffset(line.segments, start);
  // A list that its line end closed has one char more than its line.
  const last = Math.min(end, line.text.length);
  return {
    source,
    start: from,
    end: last > start ? sourceOffset(line.segments, last - 1) + 1 : from,
  };
}

/** The source range of a range of the word's text: for places inside patterns and action lists. */
export function spanInWord(word: Word, start: number, end: number): Span {
  const { source } = word.span;
  const { offsets, contentStart } = word;
  const last = word.text.length;
  const from = Math.min(Math.max(start, 0), last);
  const to = Math.min(Math.max(end, from), last);
  if (offsets === undefined) return { source, start: contentStart + from, end: contentStart + to };
  const first = offsets[from]!;
  return { source, start: first, end: to > from ? offsets[to - 1]! + 1 : first };
}

function offsetsOf(segments: readonly Segment[], start: number, end: number): Int32Array {
  const offsets = new Int32Array(end - start + 1);
  for (let at = start; at < end; at++) offsets[at - start] = sourceOffset(segments, at);
  offsets[end - start] =
    end > start ? offsets[end - start - 1]! + 1 : sourceOffset(segments, start);
  return offsets;
}

function unescaped(
  raw: string,
  quote: string,
  segments: readonly Segment[],
  start: number,
): { text: string; offsets: Int32Array } {
  const offsets = new Int32Array(raw.length + 1);
  const parts: string[] = [];
  let length = 0;
  let copied = 0;
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === '\\') {
      if (raw[at + 1] === quote) {
        parts.push(raw.slice(copied, at));
        copied = at + 1;
      } else {
        offsets[length++] = sourceOffset(segments, start + at);
      }
      at++;
    }
    if (at < raw.length) offsets[length++] = sourceOffset(segments, start + at);
  }
  parts.push(raw.slice(copied));
  offsets[length] = length === 0 ? sourceOffset(segments, start) : offsets[length - 1]! + 1;
  return { text: parts.join(''), offsets: offsets.slice(0, length + 1) };
}
