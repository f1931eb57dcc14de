// The cursor of the pattern parser, and how it complains.
//
// Every complaint says what was found and what was expected there, with an offset into the pattern.

import { OperatorArgumentError } from '../model/operator.ts';
import type { Node } from './ast.ts';

/** A reference whose group may follow later in the pattern; checked at its end. */
interface PendingReference {
  readonly to: number | string;
  readonly at: number;
}

/** What the parser read at one place; nothing can repeat a `fixed` one. */
export interface NodeItem {
  readonly kind: 'node';
  readonly node: Node;
  readonly fixed: boolean;
}

/** PCRE2's default; it also bounds the recursion of everything that walks the tree. */
const MAX_NESTING = 250;
const MAX_NAME_LENGTH = 32;

export class Reader {
  readonly text: string;
  at = 0;
  groupCount = 0;
  readonly names: Map<string, number> = new Map();
  readonly foreign: string[] = [];
  /** Where the first of them stands. */
  foreignAt: number | undefined;
  /** Settings in front, `(*CRLF)`, that PCRE2 has to be given again. */
  settings = '';
  /** Cleared by what the automata may not be able to run. */
  plain = true;
  /** Classes read so far, by their text and the flags that matter to them. */
  readonly classes: Map<string, NodeItem> = new Map();
  private depth = 0;
  private readonly pending: PendingReference[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Takes note of syntax that only PCRE2 runs. */
  addForeign(what: string, at: number): void {
    this.foreignAt ??= at;
    this.foreign.push(what);
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The char `ahead` places further, or '' behind the end. */
  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? '';
  }

  eat(expected: string): boolean {
    if (this.text.charCodeAt(this.at) !== expected.charCodeAt(0)) return false;
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** The match of a sticky expression at the cursor, which moves behind it. */
  take(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found) this.at = sticky.lastIndex;
    return found;
  }

  /** The byte at the cursor, which moves on. */
  byte(): number {
    const code = this.text.charCodeAt(this.at);
    if (code > 255) this.fail('a char that is no byte', this.at, 'write it as its UTF-8 bytes');
    this.at++;
    return code;
  }

  /** How the place reads to a person: `")"`, or `the end of the pattern`. */
  found(at: number = this.at): string {
    const code = this.text.charCodeAt(at);
    if (Number.isNaN(code)) return 'the end of the pattern';
    if (code > 32 && code < 127) return `"${this.text[at]}"`;
    return `byte 0x${code.toString(16).padStart(2, '0')}`;
  }

  fail(message: string, offset: number = this.at, help?: string): never {
    const at = Math.min(offset, this.text.length);
    throw new OperatorArgumentError(`Regular expression: ${message}`, {
      code: 'invalid-regex',
      offset: at,
      length: at < this.text.length ? 1 : 0,
      ...(help === undefined ? {} : { help }),
    });
  }

  /** Syntax we know and no engine of ours can run. */
  refuse(message: string, offset: number, help: string): never {
    throw new OperatorArgumentError(`Regular expression: ${message}`, {
      code: 'regex-unsupported',
      offset,
      length: this.at - offset,
      help,
    });
  }

  nest(at: number): void {
    if (++this.depth > MAX_NESTING) {
      this.fail(`parentheses nested more than ${MAX_NESTING} deep`, at);
    }
  }

  unnest(): void {
    this.depth--;
  }

  /** A group name up to `terminator`, which is eaten. */
  name(terminator: string): string {
    const start = this.at;
    const name = this.take(/\w+/y)?.[0] ?? '';
    if (name === '') this.fail(`found ${this.found()} where a group name was expected`);
    if (/^\d/.test(name)) this.fail('a group name cannot start with a digit', start);
    if (name.length > MAX_NAME_LENGTH) {
      this.fail(`a group name longer than ${MAX_NAME_LENGTH} chars`, start);
    }
    if (!this.eat(terminator)) {
      this.fail(`found ${this.found()} where "${terminator}" was expected after the group name`);
    }
    return name;
  }

  refer(to: number | string, at: number): void {
    this.pending.push({ to, at });
  }

  /** To be called at the end of the pattern, when every group is known. */
  checkReferences(): void {
    for (const { to, at } of this.pending) {
      const known = typeof to === 'string' ? this.names.has(to) : to <= this.groupCount;
      if (!known) this.fail(`there is no group ${to} to refer to`, at);
    }
  }
}
