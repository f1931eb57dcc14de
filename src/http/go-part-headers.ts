// The headers of a part as Go's textproto reads them.

import { trimBlanks } from './text.ts';

export interface GoPartHeaders {
  /** In the order of their first line, in Go's spelling: `Content-Type`. */
  readonly names: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Behind the blank line. */
  readonly end: number;
  readonly error: string | undefined;
}

// Letters of a field name; a blank is let through, too.
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z ]+$/;
// Control chars other than tab.
const BAD_VALUE = /[\0-\x08\x0a-\x1f\x7f]/;

/** Undefined when the text ends before the blank line. */
export function readGoPartHeaders(text: string, from: number): GoPartHeaders | undefined {
  const names: string[] = [];
  const values = new Map<string, string[]>();
  const fail = (error: string): GoPartHeaders => ({ names, values, end: from, error });
  if (/[ \t]/.test(text.charAt(from))) return fail('malformed MIME header initial line');
  let at = from;
  for (;;) {
    const first = readLine(text, at);
    if (first === undefined) return undefined;
    at = first.next;
    if (first.line === '') return { names, values, end: at, error: undefined };
    if (!first.line.includes(':')) return fail('malformed MIME header: missing colon');
    const pieces = [trimBlanks(first.line)];
    while (/[ \t]/.test(text.charAt(at))) {
      const more = readLine(text, at);
      if (more === undefined) return undefined;
      pieces.push(trimBlanks(more.line));
      at = more.next;
    }
    const field = pieces.join(' ');
    const colon = field.indexOf(':');
    const written = field.slice(0, colon);
    const value = field.slice(colon + 1).replace(/^[ \t]+/, '');
    if (!NAME.test(written) || BAD_VALUE.test(value)) return fail('malformed MIME header line');
    const name = written.includes(' ') ? written : canonical(written);
    const list = values.get(name);
    if (list === undefined) {
      values.set(name, [value]);
      names.push(name);
    } else list.push(value);
  }
}

function readLine(text: string, from: number): { line: string; next: number } | undefined {
  const end = text.indexOf('\n', from);
  if (end < 0) return undefined;
  return { line: text.slice(from, end).replace(/\r$/, ''), next: end + 1 };
}

function canonical(name: string): string {
  return name
    .toLowerCase()
    .replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
