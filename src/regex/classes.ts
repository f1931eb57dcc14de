// Bracketed classes: `[...]` read into one byte set.

import type { ByteSet } from './byte-set.ts';
import { addAll, addRange, complement, foldCase, POSIX_CLASSES } from './byte-set.ts';
import type { Flags } from './dialect.ts';
import { readEscape } from './escapes.ts';
import type { Reader } from './reader.ts';

/** What a class needs PCRE2 for is kept as text: `[\p{L}x]`. */
export type ClassResult =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'foreign'; readonly text: string };

type Member = number | ByteSet | undefined;

const HYPHEN = 45;
const BACKSLASH = 92;
/** 1 for each byte that is a member of its own, unless a hyphen follows. */
const SIMPLE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  '\\[] \t'.includes(String.fromCharCode(byte)) ? 0 : 1,
);
const POSIX = /\[:(\^?)([a-z]+):\]/y;

/** True when `[:name:]`, `[.x.]` or `[=x=]` starts at `at`, by PCRE's rule: it ends before a `]`. */
export function isPosixSyntax(text: string, at: number): boolean {
  const mark = text[at + 1];
  if (text[at] !== '[' || (mark !== ':' && mark !== '.' && mark !== '=')) return false;
  for (let next = at + 2; next + 1 < text.length; next++) {
    const char = text[next];
    if (char === '\\' && (text[next + 1] === ']' || text[next + 1] === '\\')) next++;
    else if (char === ']' || (char === '[' && text[next + 1] === mark)) return false;
    else if (char === mark && text[next + 1] === ']') return true;
  }
  return false;
}

/** Reads the class whose `[` the cursor has just passed. */
export function readClass(reader: Reader, flags: Flags): ClassResult {
  const open = reader.at - 1;
  while (reader.eat('\\Q\\E') || reader.eat('\\E'));
  const negated = reader.eat('^');
  const set = new Uint32Array(8);
  let foreign = false;
  let quoted = false;
  // A `]` that comes first is a member, not the end.
  for (let first = true; ; ) {
    const code = reader.text.charCodeAt(reader.at);
    if (SIMPLE[code] === 1) {
      const next = reader.text.charCodeAt(reader.at + 1);
      if (next !== HYPHEN && next !== BACKSLASH) {
        set[code >>> 5]! |= 1 << (code & 31);
        reader.at++;
        first = false;
        continue;
      }
    }
    if (reader.atEnd) {
      reader.fail('a class is not closed', open, 'add "]", or write \\[ for the bracket itself');
    }
    if (quoted) {
      if (reader.eat('\\E')) {
        quoted = false;
        continue;
      }
    } else {
      if (!first && reader.eat(']')) break;
      if (reader.eat('\\E')) continue;
      if (reader.eat('\\Q')) {
        quoted = true;
        continue;
      }
      if (flags.extendedMore && (reader.peek() === ' ' || reader.peek() === '\t')) {
        reader.at++;
        continue;
      }
    }
    first = false;
    const at = reader.at;
    const low = readMember(reader, flags, quoted);
    if (low === undefined) {
      foreign = true;
    } else if (typeof low !== 'number') {
      addAll(set, low);
    } else if (!quoted && isRange(reader)) {
      const quotedHigh = reader.eat('\\Q');
      const high = readMember(reader, flags, quotedHigh);
      if (quotedHigh) quoted = !reader.eat('\\E');
      if (typeof high === 'number') {
        if (high < low) reader.fail('a range whose end comes before its start', at);
        addRange(set, low, high);
      } else {
        // PCRE2 calls `[a-\d]` an error. PCRE1 and Perl take the hyphen literally, and rules written
        // for them (`[\w-.]`) mean just that.
        addRange(set, low, low);
        addRange(set, 45, 45);
        if (high === undefined) foreign = true;
        else addAll(set, high);
      }
    } else {
      addRange(set, low, low);
    }
  }
  if (foreign) {
    const text = reader.text.slice(open, reader.at);
    reader.addForeign(text, open);
    return { kind: 'foreign', text: flags.caseless ? `(?i:${text})` : text };
  }
  const folded = flags.caseless ? foldCase(set) : set;
  return { kind: 'set', set: negated ? complement(folded) : folded };
}

/** Whether a hyphen follows that joins two members; if so the cursor is left behind it. */
function isRange(reader: Reader): boolean {
  const start = reader.at;
  while (reader.eat('\\E') || reader.eat('\\Q\\E'));
  if (!reader.eat('-')) return false;
  while (reader.eat('\\E') || reader.eat('\\Q\\E'));
  if (!reader.atEnd && reader.peek() !== ']') return true;
  reader.at = start;
  return false;
}

/** A byte, a set, or undefined for what only PCRE2 knows. */
function readMember(reader: Reader, flags: Flags, quoted: boolean): Member {
  const at = reader.at;
  if (quoted) return reader.byte();
  if (isPosixSyntax(reader.text, at)) return readPosix(reader, flags);
  if (!reader.eat('\\')) return reader.byte();
  const read = readEscape(reader, flags, true);
  if (read.kind === 'byte') return read.byte;
  return read.kind === 'set' ? read.set : undefined;
}

function readPosix(reader: Reader, flags: Flags): ByteSet {
  const at = reader.at;
  const found = reader.take(POSIX);
  if (found === null) {
    if (reader.peek(1) === ':') reader.fail('a POSIX class name was expected after "[:"', at);
    reader.fail('POSIX collating elements have no meaning here', at, 'write \\[ for the bracket');
  }
  const set = POSIX_CLASSES.get(found[2]!);
  if (set === undefined) {
    reader.fail(
      `there is no POSIX class "${found[2]}"`,
      at + 2,
      'for example [:alpha:], [:space:]',
    );
  }
  // Caseless `upper` and `lower` both mean `alpha`, also when negated.
  const cased = flags.caseless && (found[2] === 'upper' || found[2] === 'lower');
  const members = cased ? foldCase(set) : set;
  return found[1] === '^' ? complement(members) : members;
}
