// A place in a piece of XML text, with the small readers that document and DTD share.

import { utf8Bytes } from '../base/utf8.ts';
import { isXmlCharacter, nameEnd, nmtokenEnd } from './xml-names.ts';

/** Thrown where a text stops being well-formed; never leaves parseXml. */
export class XmlFault extends Error {
  override readonly name: string = 'XmlFault';
}

/** A character by number, or an entity by name. */
export type XmlReference =
  | { readonly kind: 'character'; readonly value: string }
  | { readonly kind: 'entity'; readonly name: string };

const NUMBER = /(?:x([0-9A-Fa-f]{1,9})|([0-9]{1,10}));/y;

export class XmlCursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(literal: string): boolean {
    return this.text.startsWith(literal, this.at);
  }

  /** Moves behind `literal` when it stands here. */
  take(literal: string): boolean {
    if (!this.startsWith(literal)) return false;
    this.at += literal.length;
    return true;
  }

  expect(literal: string): void {
    if (!this.take(literal)) this.fail(`expected '${literal}'`);
  }

  /** True when there was white space. */
  skipSpace(): boolean {
    const start = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d) break;
      this.at += 1;
    }
    return this.at > start;
  }

  requireSpace(): void {
    if (!this.skipSpace()) this.fail('expected white space');
  }

  readName(): string {
    return this.#slice(nameEnd(this.text, this.at));
  }

  readNmtoken(): string {
    return this.#slice(nmtokenEnd(this.text, this.at));
  }

  #slice(end: number): string {
    if (end === this.at) this.fail('expected a name');
    const name = this.text.slice(this.at, end);
    this.at = end;
    return name;
  }

  /** The text before `end`; moves behind it. */
  readUntil(end: string): string {
    const found = this.text.indexOf(end, this.at);
    if (found === -1) this.fail(`missing '${end}'`);
    const text = this.text.slice(this.at, found);
    this.at = found + end.length;
    return text;
  }

  /** The text between two quotes of one kind. */
  readQuoted(): string {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") this.fail('expected a quoted value');
    this.at += 1;
    return this.readUntil(quote);
  }

  /** Stands on `&`. */
  readReference(): XmlReference {
    this.at += 1;
    if (!this.take('#')) {
      const name = this.readName();
      this.expect(';');
      return { kind: 'entity', name };
    }
    NUMBER.lastIndex = this.at;
    const [all, hex, decimal] = NUMBER.exec(this.text) ?? [];
    if (all === undefined) this.fail('malformed character reference');
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!isXmlCharacter(point)) this.fail('reference to a character that XML does not allow');
    this.at += all.length;
    return { kind: 'character', value: utf8Bytes(point) };
  }

  /** Skips a comment or processing instruction that stands here; false when there is neither. */
  skipMarkup(): boolean {
    if (this.take('<!--')) {
      this.readUntil('--');
      if (!this.take('>')) this.fail("'--' inside a comment");
      return true;
    }
    if (!this.take('<?')) return false;
    const target = this.readName();
    if (/^xml$/i.test(target)) this.fail('reserved processing instruction');
    if (!this.take('?>')) {
      this.requireSpace();
      this.readUntil('?>');
    }
    return true;
  }

  fail(what: string): never {
    throw new XmlFault(`${what} at offset ${this.at}`);
  }
}
