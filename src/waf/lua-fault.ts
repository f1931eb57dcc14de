// Finds the mistake in a script and its place: Lua names the line, and what it read last.
//
// The column is found by compiling beginnings of the script: the shortest one that is refused in the same
// words ends with the word that is wrong.

import type { ScriptFault } from '../model/script.ts';

/** What Lua says of a text; undefined when it compiles. Its lines count from `script:1`. */
export type ComplaintOf = (text: string) => string | undefined;

const NEAR = / near '?(.*?)'?$/s;

/** A byte order mark and a first line that begins with `#` are passed over, as `lua` does with files. */
export function luaText(text: string): { readonly skipped: number; readonly text: string } {
  let skipped = text.startsWith('\xef\xbb\xbf') ? 3 : 0;
  if (text[skipped] === '#') {
    const end = text.indexOf('\n', skipped);
    skipped = end < 0 ? text.length : end;
  }
  return { skipped, text: text.slice(skipped) };
}

export function findFault(whole: string, complaintOf: ComplaintOf): ScriptFault | undefined {
  const { skipped, text } = luaText(whole);
  const complaint = complaintOf(text);
  if (complaint === undefined) return undefined;
  const message = complaint.replace(/^script:\d+: /, '');
  const word = NEAR.exec(message)?.[1];
  const end = word === '<eof>' ? text.length : shortestRefused(text, complaint, complaintOf);
  // An unfinished string is refused only with the line end behind it.
  const at = word === undefined ? -1 : text.lastIndexOf(word, end - word.length);
  const start = at < 0 || word === undefined ? end - 1 : at;
  return {
    message,
    start: skipped + Math.max(0, start),
    end: skipped + (at < 0 || word === undefined ? end : at + word.length),
  };
}

function shortestRefused(text: string, complaint: string, complaintOf: ComplaintOf): number {
  let accepted = 0;
  let refused = text.length;
  while (refused - accepted > 1) {
    const middle = (accepted + refused) >> 1;
    if (complaintOf(text.slice(0, middle)) === complaint) refused = middle;
    else accepted = middle;
  }
  return refused;
}
