// Data files as lines and cells, each with its place in the file.
//
// Blank lines and lines that begin with `#` are left out. Cells are those of RFC 4180, but blanks around
// them do not count and a quoted cell stays on its line: a missing quote spoils one line, not the rest.

import type { ByteString } from '../../base/bytes.ts';

export interface Line {
  /** Without the line end and blanks around. */
  readonly text: ByteString;
  /** Offset of the text in the file. */
  readonly start: number;
}

const BOM = '\xef\xbb\xbf';

export function* linesOf(text: ByteString): Generator<Line> {
  let at = text.startsWith(BOM) ? BOM.length : 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    let first = at;
    while (first < end && isBlank(text.charCodeAt(first))) first++;
    let last = end;
    while (last > first && isBlank(text.charCodeAt(last - 1))) last--;
    if (last > first && text[first] !== '#') yield { text: text.slice(first, last), start: first };
    at = end + 1;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

/** Undefined when a quote is not closed or text follows it. */
export function cellsOf(line: ByteString): readonly ByteString[] | undefined {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  const cells: string[] = [];
  const cell = /[ \t]*(?:"((?:[^"]|"")*)"[ \t]*|([^",]*))(?:,|$)/y;
  let at = 0;
  for (;;) {
    cell.lastIndex = at;
    const found = cell.exec(line);
    if (found === null) return undefined;
    cells.push(found[1]?.replaceAll('""', '"') ?? (found[2] ?? '').trim());
    at = cell.lastIndex;
    if (at === line.length && !found[0].endsWith(',')) return cells;
    if (at === line.length) return [...cells, ''];
  }
}
