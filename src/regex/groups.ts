// What may follow an opening parenthesis.
//
// Each reader here is called with the cursor behind the `(`, and leaves it behind the `)`.

import type { LookNode, Node } from './ast.ts';
import type { Flags } from './dialect.ts';
import { withOptions } from './dialect.ts';
import { absoluteGroup, namedReference } from './escapes.ts';
import type { Reader } from './reader.ts';
import { widthOf } from './width.ts';

export type GroupResult =
  | { readonly kind: 'node'; readonly node: Node; readonly fixed: boolean }
  /** `(?i)`: from here to the end of the enclosing group. */
  | { readonly kind: 'flags'; readonly flags: Flags }
  /** A comment: the item before it can still be repeated. */
  | { readonly kind: 'nothing' };

/** Reads alternatives, or `onlyOne`, up to and not including the closing parenthesis. */
export type ReadBody = (reader: Reader, flags: Flags, onlyOne?: boolean) => Node;

export function readGroup(reader: Reader, flags: Flags, readBody: ReadBody): GroupResult {
  const open = reader.at - 1;
  if (reader.peek() === '*' && /[A-Za-z:]/.test(reader.peek(1))) {
    return readVerb(reader, flags, readBody, open);
  }
  if (reader.peek() !== '?') {
    if (flags.noAutoCapture) return node(readEnclosed(reader, flags, readBody, open));
    return node(readCapture(reader, flags, undefined, readBody, open));
  }
  reader.at++;
  return readExtension(reader, flags, readBody, open);
}

function node(value: Node, fixed = false): GroupResult {
  return { kind: 'node', node: value, fixed };
}

function close(reader: Reader, open: number): void {
  if (reader.eat(')')) return;
  reader.fail(
    'a parenthesis is not closed',
    open,
    'add ")", or write \\( for the parenthesis itself',
  );
}

function readEnclosed(reader: Reader, flags: Flags, readBody: ReadBody, open: number): Node {
  reader.nest(open);
  const body = readBody(reader, flags);
  close(reader, open);
  reader.unnest();
  return body;
}

function readCapture(
  reader: Reader,
  flags: Flags,
  name: string | undefined,
  readBody: ReadBody,
  open: number,
): Node {
  const index = ++reader.groupCount;
  if (name !== undefined) {
    if (reader.names.has(name)) {
      if (!flags.duplicateNames) reader.fail(`a second group named "${name}"`, open);
      reader.addForeign('a duplicate group name', open);
    } else {
      reader.names.set(name, index);
    }
  }
  return { kind: 'group', index, name, body: readEnclosed(reader, flags, readBody, open) };
}

function readLook(
  reader: Reader,
  flags: Flags,
  readBody: ReadBody,
  open: number,
  behind: boolean,
  negated: boolean,
): LookNode {
  const body = readEnclosed(reader, flags, readBody, open);
  if (behind) {
    // Each alternative may have a width of its own, but a fixed one.
    const branches = body.kind === 'choice' ? body.options : [body];
    if (branches.some((branch) => widthOf(branch) === 'varies')) {
      reader.fail(
        'a lookbehind must have a fixed length',
        open,
        'use an alternative for each length: (?<=a|bc)',
      );
    }
  }
  reader.plain = false;
  return { kind: 'look', behind, negated, body, at: open };
}

function readAtomic(reader: Reader, at: number, readEnclosedBody: () => Node): GroupResult {
  reader.plain = false;
  return node({ kind: 'atomic', body: readEnclosedBody(), at });
}

function foreign(
  reader: Reader,
  what: string,
  at: number,
  ...parts: (string | Node)[]
): GroupResult {
  reader.addForeign(what, at);
  return node({ kind: 'foreign', what, parts });
}

/** The cursor stands behind `(?`. */
function readExtension(
  reader: Reader,
  flags: Flags,
  readBody: ReadBody,
  open: number,
): GroupResult {
  const enclosed = (): Node => readEnclosed(reader, flags, readBody, open);
  if (reader.eat(':')) return node(enclosed());
  if (reader.eat('>')) return readAtomic(reader, open, enclosed);
  if (reader.eat('=')) return node(readLook(reader, flags, readBody, open, false, false));
  if (reader.eat('!')) return node(readLook(reader, flags, readBody, open, false, true));
  if (reader.eat('<=')) return node(readLook(reader, flags, readBody, open, true, false));
  if (reader.eat('<!')) return node(readLook(reader, flags, readBody, open, true, true));
  if (reader.eat('#')) return readComment(reader, open);
  if (reader.eat('|')) return readBranchReset(reader, flags, readBody, open);
  if (reader.eat('*'))
    return foreign(reader, 'a non-atomic lookaround', open, '(?*', enclosed(), ')');
  if (reader.eat('<*'))
    return foreign(reader, 'a non-atomic lookaround', open, '(?<*', enclosed(), ')');
  if (reader.eat('<') || reader.eat('P<')) {
    return node(readCapture(reader, flags, reader.name('>'), readBody, open));
  }
  if (reader.eat("'")) {
    return node(readCapture(reader, flags, reader.name("'"), readBody, open));
  }
  if (reader.eat('P=')) {
    return namedReference(reader, reader.name(')'), flags, open);
  }
  if (reader.eat('(')) return readCondition(reader, flags, readBody, open);
  if (reader.eat('C')) {
    readCallout(reader, open);
    return { kind: 'flags', flags };
  }
  if (reader.peek() === 'R' || /[+-]?\d/y.test(reader.text.slice(reader.at, reader.at + 2))) {
    return readNumberedCall(reader, open);
  }
  if (reader.eat('&') || reader.eat('P>')) {
    reader.refer(reader.name(')'), open);
    return foreign(reader, 'a subroutine call', open, reader.text.slice(open, reader.at));
  }
  return readOptions(reader, flags, readBody, open);
}

function readComment(reader: Reader, open: number): GroupResult {
  const end = reader.text.indexOf(')', reader.at);
  if (end < 0) reader.fail('a comment is not closed', open, 'add ")"');
  reader.at = end + 1;
  return { kind: 'nothing' };
}

/** Every alternative counts its groups from the same number. */
function readBranchReset(
  reader: Reader,
  flags: Flags,
  readBody: ReadBody,
  open: number,
): GroupResult {
  const before = reader.groupCount;
  let highest = before;
  const parts: (string | Node)[] = [];
  reader.nest(open);
  for (;;) {
    parts.push(parts.length === 0 ? '(?|' : '|', readBody(reader, flags, true));
    highest = Math.max(highest, reader.groupCount);
    if (!reader.eat('|')) break;
    reader.groupCount = before;
  }
  reader.groupCount = highest;
  close(reader, open);
  reader.unnest();
  return foreign(reader, 'a branch reset group', open, ...parts, ')');
}

/** Nobody listens to callouts here, and without a listener they do nothing. */
function readCallout(reader: Reader, open: number): void {
  const number = reader.take(/\d*/y)?.[0] ?? '';
  if (Number(number) > 255) reader.fail('a callout number above 255', open);
  if (!reader.eat(')')) {
    reader.fail(`found ${reader.found()} where ")" was expected after the callout`);
  }
}

/** `(?R)`, `(?1)`, `(?-1)`. */
function readNumberedCall(reader: Reader, open: number): GroupResult {
  const written = reader.take(/R|[+-]?\d+/y)?.[0] ?? '';
  if (written !== 'R') reader.refer(absoluteGroup(reader, written, open), open);
  if (!reader.eat(')')) {
    reader.fail(`found ${reader.found()} where ")" was expected after the group to call`);
  }
  return foreign(reader, 'recursion', open, reader.text.slice(open, reader.at));
}

const OPTIONS = /(\^?)([imsxUJn]*)(-[imsxUJn]*)?/y;

function readOptions(reader: Reader, flags: Flags, readBody: ReadBody, open: number): GroupResult {
  const [, reset, on = '', off = ''] = reader.take(OPTIONS) ?? [];
  if (reset === '^' && off !== '') reader.fail('a hyphen after (?^', open);
  const bare = { caseless: false, multiline: false, dotAll: false, noAutoCapture: false };
  const start = reset ? { ...flags, ...bare, extended: false, extendedMore: false } : flags;
  const changed = withOptions(withOptions(start, on, true), off, false);
  if (reader.eat(')')) return { kind: 'flags', flags: changed };
  if (reader.eat(':')) return node(readEnclosed(reader, changed, readBody, open));
  return reader.fail(
    reader.atEnd
      ? 'a parenthesis is not closed'
      : `found ${reader.found()} after "${reader.text.slice(open, reader.at)}"`,
    reader.atEnd ? open : reader.at,
    'known here are (?: (?= (?! (?<= (?<! (?> (?<name> (?# (?i) and its kin',
  );
}

const CONDITION =
  /([+-]?\d+|R\d*|R&\w+|DEFINE|VERSION>?=\d+(?:\.\d+)?|<\w+>|'\w+'|[A-Za-z_]\w*)\)/y;

/** The cursor stands behind `(?(`. */
function readCondition(
  reader: Reader,
  flags: Flags,
  readBody: ReadBody,
  open: number,
): GroupResult {
  const at = reader.at;
  const parts: (string | Node)[] = [];
  let written = '';
  if (reader.eat('?C')) readCallout(reader, open);
  if (reader.peek() === '?' || reader.peek() === '*') {
    const looked = readGroup(reader, flags, readBody);
    if (looked.kind !== 'node' || (looked.node.kind !== 'look' && looked.node.kind !== 'foreign')) {
      reader.fail('a condition must be a lookaround or a group', at);
    }
    parts.push('(?', looked.node);
  } else {
    written = reader.take(CONDITION)?.[1] ?? '';
    if (written === '') {
      reader.fail(`found ${reader.found()} where a condition was expected`, reader.at);
    }
    referCondition(reader, written, at);
    parts.push(reader.text.slice(open, reader.at));
  }
  const body = readEnclosed(reader, flags, readBody, open);
  const branches = body.kind === 'choice' ? body.options.length : 1;
  if (branches > (written === 'DEFINE' ? 1 : 2)) {
    reader.fail('a conditional group has too many branches', open);
  }
  return foreign(reader, 'a conditional group', open, ...parts, body, ')');
}

function referCondition(reader: Reader, written: string, at: number): void {
  if (/^[+-]?\d/.test(written)) {
    reader.refer(absoluteGroup(reader, written, at), at);
  } else if (/^[<']/.test(written)) {
    reader.refer(written.slice(1, -1), at);
  } else if (written.startsWith('R&')) {
    reader.refer(written.slice(2), at);
  } else if (/^R\d+$/.test(written)) {
    if (!reader.names.has(written)) reader.refer(Number(written.slice(1)), at);
  } else if (!/^(?:R|DEFINE|VERSION.*)$/.test(written)) {
    reader.refer(written, at);
  }
}

const LOOKS: Readonly<Record<string, readonly [behind: boolean, negated: boolean]>> = {
  pla: [false, false],
  positive_lookahead: [false, false],
  nla: [false, true],
  negative_lookahead: [false, true],
  plb: [true, false],
  positive_lookbehind: [true, false],
  nlb: [true, true],
  negative_lookbehind: [true, true],
};

const OTHER_ALPHA =
  /^(?:sr|asr|script_run|atomic_script_run|napla|naplb|non_atomic_positive_look(?:ahead|behind))$/;

/** `(*pla:...)` and its kin are groups; `(*SKIP)` and its kin steer the backtracking. */
function readVerb(reader: Reader, flags: Flags, readBody: ReadBody, open: number): GroupResult {
  const alpha = reader.take(/\*([a-z_]+):/y)?.[1];
  if (alpha !== undefined) {
    const look = LOOKS[alpha];
    if (look !== undefined) return node(readLook(reader, flags, readBody, open, ...look));
    if (alpha === 'atomic') {
      return readAtomic(reader, open, () => readEnclosed(reader, flags, readBody, open));
    }
    if (OTHER_ALPHA.test(alpha)) {
      const body = readEnclosed(reader, flags, readBody, open);
      return foreign(reader, `(*${alpha}:`, open, `(*${alpha}:`, body, ')');
    }
  }
  const verb = reader.take(
    /\*(?:(?:ACCEPT|COMMIT|FAIL|F|PRUNE|SKIP|THEN)(?::[^)]*)?|(?:MARK)?:[^)]+)\)/y,
  );
  if (verb === null) {
    reader.fail('"(*" starts no verb known here', open, 'write \\(\\* or (?:\\*) for the chars');
  }
  const repeatable = verb[0].startsWith('*ACCEPT');
  const text = `(${verb[0]}`;
  reader.addForeign(text, open);
  return node({ kind: 'foreign', what: text, parts: [text] }, !repeatable);
}
