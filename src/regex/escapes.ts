// Backslash sequences, inside and outside classes, with PCRE2's readings for bytes without UTF.

import type { AssertNode, Node } from './ast.ts';
import type { ByteSet } from './byte-set.ts';
import {
  ANY_BYTE,
  complement,
  DIGIT,
  HORIZONTAL_SPACE,
  NOT_NEWLINE,
  SPACE,
  singleByte,
  VERTICAL_SPACE,
  WORD,
} from './byte-set.ts';
import type { Flags } from './dialect.ts';
import type { Reader } from './reader.ts';

/** `fixed`: no quantifier may follow. */
export interface NodeEscape {
  readonly kind: 'node';
  readonly node: Node;
  readonly fixed: boolean;
}

export type Escape =
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'set'; readonly set: ByteSet }
  | NodeEscape;

const CONTROL: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

const CLASSES: Readonly<Record<string, ByteSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  h: HORIZONTAL_SPACE,
  H: complement(HORIZONTAL_SPACE),
  s: SPACE,
  S: complement(SPACE),
  v: VERTICAL_SPACE,
  V: complement(VERTICAL_SPACE),
  w: WORD,
  W: complement(WORD),
};

const ASSERTIONS: Readonly<Record<string, AssertNode>> = {
  A: { kind: 'assert', what: 'subject-start' },
  b: { kind: 'assert', what: 'word-boundary' },
  B: { kind: 'assert', what: 'not-word-boundary' },
  Z: { kind: 'assert', what: 'subject-end-or-last-newline' },
  z: { kind: 'assert', what: 'subject-end' },
};

/** `\R`: CR LF as one, or one byte of vertical space. */
const NEWLINE_SEQUENCE: Node = {
  kind: 'atomic',
  body: {
    kind: 'choice',
    options: [
      {
        kind: 'sequence',
        items: [
          { kind: 'set', set: singleByte(13) },
          { kind: 'set', set: singleByte(10) },
        ],
      },
      { kind: 'set', set: VERTICAL_SPACE },
    ],
  },
};

/** Reads the sequence whose backslash the cursor has just passed. */
export function readEscape(reader: Reader, flags: Flags, inClass: boolean): Escape {
  const at = reader.at - 1;
  if (reader.atEnd) {
    reader.fail('a backslash ends the pattern', at, 'write \\\\ for a backslash');
  }
  const byte = reader.byte();
  const letter = String.fromCharCode(byte);
  if (byte >= 48 && byte <= 57) return readDigits(reader, flags, inClass, letter, at);
  if (!/[A-Za-z]/.test(letter)) return { kind: 'byte', byte };

  const control = CONTROL[letter];
  if (control !== undefined) return { kind: 'byte', byte: control };
  const set = CLASSES[letter];
  if (set !== undefined) return { kind: 'set', set };
  if (letter === 'b' && inClass) return { kind: 'byte', byte: 8 };
  switch (letter) {
    case 'c':
      return readControl(reader);
    case 'o':
      if (reader.peek() !== '{') reader.fail(`found ${reader.found()} where "{" was expected`);
      return readBraced(reader, 8);
    case 'x':
      if (reader.peek() === '{') return readBraced(reader, 16);
      return { kind: 'byte', byte: parseInt(reader.take(/[\dA-Fa-f]{1,2}/y)?.[0] ?? '0', 16) };
    case 'p':
    case 'P':
      return readProperty(reader, flags, at);
  }
  if (inClass) {
    // PCRE2 takes this one for the letter here, unlike all other unknown escapes.
    if (letter === 'g') return { kind: 'byte', byte };
    if (/[ABGKRXZzNk]/.test(letter)) {
      reader.fail(`\\${letter} has no meaning inside a class`, at);
    }
    return unknownEscape(reader, letter, at);
  }
  const assertion = ASSERTIONS[letter];
  if (assertion !== undefined) {
    if (letter === 'Z' && reader.settings !== '') return foreign(reader, '\\Z', at, true);
    return { kind: 'node', node: assertion, fixed: true };
  }
  switch (letter) {
    case 'C':
      return { kind: 'set', set: ANY_BYTE };
    case 'G':
    case 'K':
      return foreign(reader, `\\${letter}`, at, true);
    case 'X':
      return foreign(reader, '\\X', at, false);
    case 'R':
      if (reader.settings !== '') return foreign(reader, '\\R', at, false);
      reader.plain = false;
      return { kind: 'node', node: NEWLINE_SEQUENCE, fixed: false };
    case 'N':
      if (reader.peek() === '{' && !/^\{\d+(?:,\d*)?\}/.test(reader.text.slice(reader.at))) {
        reader.fail('\\N{...} names a character, which needs Unicode', at, 'write \\xhh');
      }
      if (reader.settings !== '') return foreign(reader, '\\N', at, false);
      return { kind: 'set', set: NOT_NEWLINE };
    case 'g':
      return readGroupReference(reader, flags, at);
    case 'k':
      return readNamedReference(reader, flags, at);
  }
  return unknownEscape(reader, letter, at);
}

function unknownEscape(reader: Reader, letter: string, at: number): never {
  return reader.fail(
    `\\${letter} is no escape sequence`,
    at,
    /[FLlUu]/.test(letter)
      ? 'PCRE has no such escape; write the byte as \\xhh'
      : `write ${letter} without the backslash for the letter itself`,
  );
}

function foreign(reader: Reader, text: string, at: number, fixed: boolean): NodeEscape {
  const what = reader.text.slice(at, reader.at);
  reader.addForeign(what, at);
  return { kind: 'node', node: { kind: 'foreign', what, parts: [text] }, fixed };
}

function backreference(reader: Reader, index: number, flags: Flags, at: number): NodeEscape {
  reader.plain = false;
  const node: Node = { kind: 'backreference', index, caseless: flags.caseless, at };
  return { kind: 'node', node, fixed: false };
}

/**
 * A backreference when the number is below 10, starts with 8 or 9, or has as many groups before it;
 * else up to three octal digits.
 */
function readDigits(
  reader: Reader,
  flags: Flags,
  inClass: boolean,
  first: string,
  at: number,
): Escape {
  if (!inClass && first !== '0') {
    const start = reader.at;
    const digits = first + (reader.take(/\d*/y)?.[0] ?? '');
    const index = Number(digits);
    if (index < 10 || first >= '8' || index <= reader.groupCount) {
      reader.refer(index, at);
      return backreference(reader, index, flags, at);
    }
    reader.at = start;
  }
  if (first >= '8') return { kind: 'byte', byte: first.charCodeAt(0) };
  const value = parseInt(first + (reader.take(/[0-7]{0,2}/y)?.[0] ?? ''), 8);
  if (value > 255) reader.fail('an octal number above \\377 is no byte', at);
  return { kind: 'byte', byte: value };
}

function readControl(reader: Reader): Escape {
  const code = reader.text.charCodeAt(reader.at);
  if (!(code >= 32 && code < 127)) {
    reader.fail(`found ${reader.found()} after \\c where a printable ASCII char was expected`);
  }
  reader.at++;
  const upper = code >= 97 && code <= 122 ? code - 32 : code;
  return { kind: 'byte', byte: upper ^ 64 };
}

function readBraced(reader: Reader, base: 8 | 16): Escape {
  const open = reader.at++;
  const digits = reader.take(base === 16 ? /[\dA-Fa-f]+/y : /[0-7]+/y)?.[0];
  if (digits === undefined && (reader.atEnd || reader.peek() === '}')) {
    reader.fail('no digits between the braces', open);
  }
  if (digits === undefined || !reader.eat('}')) {
    const kind = base === 16 ? 'a hexadecimal' : 'an octal';
    reader.fail(`found ${reader.found()} where ${kind} digit or "}" was expected`);
  }
  const value = parseInt(digits, base);
  if (value > 255) {
    reader.fail(
      `\\${base === 16 ? 'x' : 'o'}{${digits}} is above 0xff, and patterns match bytes`,
      open,
      'write the UTF-8 bytes of the character, each as \\xhh',
    );
  }
  return { kind: 'byte', byte: value };
}

function readProperty(reader: Reader, flags: Flags, at: number): Escape {
  const property = reader.take(/\{\^?\w+\}|[A-Za-z]/y);
  if (property === null) {
    reader.fail('\\p and \\P need a property: \\pL or \\p{Lu}', at);
  }
  const text = reader.text.slice(at, reader.at);
  return foreign(reader, flags.caseless ? `(?i:${text})` : text, at, false);
}

/** `\g{1} \g1 \g{-1} \g{name}` are backreferences, `\g<1> \g'name'` subroutine calls. */
function readGroupReference(reader: Reader, flags: Flags, at: number): Escape {
  const open = reader.peek();
  if (open === '<' || open === "'") {
    reader.at++;
    const close = open === '<' ? '>' : "'";
    const number = reader.take(/[+-]?\d+/y)?.[0];
    if (number === undefined) reader.refer(reader.name(close), at);
    else if (reader.eat(close)) reader.refer(absoluteGroup(reader, number, at), at);
    else reader.fail(`found ${reader.found()} where "${close}" was expected`);
    return foreign(reader, reader.text.slice(at, reader.at), at, false);
  }
  const number = reader.take(/\{([+-]?\d+)\}|([+-]?\d+)/y);
  if (number !== null) {
    const index = absoluteGroup(reader, number[1] ?? number[2] ?? '', at);
    if (index === 0) reader.fail('there is no group 0 to refer to', at);
    reader.refer(index, at);
    return backreference(reader, index, flags, at);
  }
  if (open !== '{') {
    reader.fail('\\g needs a group after it: \\g1, \\g{-1}, \\g{name} or \\g<name>', at);
  }
  return readNamedReference(reader, flags, at);
}

/** Resolves `-1` and `+1` against the groups opened so far. */
export function absoluteGroup(reader: Reader, written: string, at: number): number {
  const number = Number(written.replace(/^[+-]/, ''));
  if (written.startsWith('+')) return reader.groupCount + number;
  if (!written.startsWith('-')) return number;
  const index = reader.groupCount + 1 - number;
  if (number === 0 || index < 1) reader.fail(`there is no group ${written} to refer to`, at);
  return index;
}

const NAME_QUOTES: Readonly<Record<string, string>> = { '{': '}', '<': '>', "'": "'" };

function readNamedReference(reader: Reader, flags: Flags, at: number): Escape {
  const close = NAME_QUOTES[reader.peek()];
  if (close === undefined) reader.fail('\\k needs a group name after it: \\k<name>', at);
  reader.at++;
  return namedReference(reader, reader.name(close), flags, at);
}

/** A reference by name; only to a group already read is it known which one is meant. */
export function namedReference(reader: Reader, name: string, flags: Flags, at: number): NodeEscape {
  const index = reader.names.get(name);
  if (index !== undefined && !flags.duplicateNames) return backreference(reader, index, flags, at);
  reader.refer(name, at);
  const text = `\\k<${name}>`;
  return foreign(reader, flags.caseless ? `(?i:${text})` : text, at, false);
}
