// XML as Go's decoder reads it when it is not strict, which is how Coraza reads bodies: a run of tokens, of which
// the texts and the attribute values are kept, each trimmed text one value.
//
// It closes what is left open, decodes HTML's entities, knows no DTD and no charset but UTF-8. After an error
// nothing is kept.

import { isAsciiSpace } from '../base/ascii.ts';
import { firstIllFormedUtf8, utf8Bytes } from '../base/utf8.ts';
import { HTML4_ENTITIES } from './html4-entities.data.ts';

export interface GoXmlReading {
  /** Values of attributes, in the order of the document. */
  readonly attributes: readonly string[];
  /** Runs of text without white space at their ends; empty ones are left out. */
  readonly texts: readonly string[];
  readonly error: string | undefined;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ...HTML4_ENTITIES.trim()
    .split(/\s+/)
    .map((entry): [string, string] => {
      const [name, code] = entry.split(':') as [string, string];
      return [name, utf8Bytes(Number.parseInt(code, 16))];
    }),
  ['apos', "'"],
]);

// Elements that HTML never closes.
const CLOSED_BY_THEMSELVES: ReadonlySet<string> = new Set([
  'basefont',
  'br',
  'area',
  'link',
  'img',
  'param',
  'hr',
  'input',
  'col',
  'frame',
  'isindex',
  'base',
  'meta',
]);

/** Reads any bytes, in time linear in them. */
export function readGoXml(text: string): GoXmlReading {
  const reader = new GoXmlReader(text);
  try {
    reader.read();
  } catch (error) {
    if (error instanceof UnexpectedEnd) return reader.reading();
    if (error instanceof GoXmlError) return { attributes: [], texts: [], error: error.message };
    throw error;
  }
  return reader.reading();
}

class GoXmlError extends Error {}
/** The end of the text inside a construct, which Coraza forgives. */
class UnexpectedEnd extends Error {}

class GoXmlReader {
  readonly #text: string;
  readonly #attributes: string[] = [];
  readonly #texts: string[] = [];
  readonly #open: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  reading(): GoXmlReading {
    return { attributes: this.#attributes, texts: this.#texts, error: undefined };
  }

  read(): void {
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] !== '<') this.#readText();
      else if (this.#takes('</')) this.#readEnd();
      else if (this.#takes('<?')) this.#readInstruction();
      else if (this.#takes('<!--')) this.#readComment();
      else if (this.#takes('<![CDATA[')) this.#keepText(withLineFeeds(this.#upTo(']]>')));
      else if (this.#takes('<!')) this.#skipDirective();
      else this.#readStart();
    }
  }

  #takes(opening: string): boolean {
    if (!this.#text.startsWith(opening, this.#at)) return false;
    this.#at += opening.length;
    return true;
  }

  /** What stands before the closing, and goes behind it. */
  #upTo(closing: string): string {
    const end = this.#text.indexOf(closing, this.#at);
    if (end < 0) throw new UnexpectedEnd();
    const inside = this.#text.slice(this.#at, end);
    this.#at = end + closing.length;
    return inside;
  }

  #readText(): void {
    const found = this.#text.indexOf('<', this.#at);
    const end = found < 0 ? this.#text.length : found;
    const raw = this.#text.slice(this.#at, end);
    if (raw.includes(']]>')) throw new GoXmlError('unescaped ]]> not in CDATA section');
    this.#at = end;
    this.#keepText(decoded(withLineFeeds(raw)));
  }

  #keepText(text: string): void {
    const kept = trimmed(checked(text));
    if (kept !== '') this.#texts.push(kept);
  }

  #readInstruction(): void {
    const target = this.#readName('target');
    const content = this.#upTo('?>');
    if (target !== 'xml') return;
    const version = /version\s*=\s*["']([^"']*)/.exec(content)?.[1] ?? '';
    if (version !== '' && version !== '1.0') {
      throw new GoXmlError(`unsupported version "${version}"; only version 1.0 is supported`);
    }
    const encoding = /encoding\s*=\s*["']([^"']*)/.exec(content)?.[1] ?? '';
    if (encoding !== '' && !/^utf-8$/i.test(encoding)) {
      throw new GoXmlError(`encoding "${encoding}" is not supported`);
    }
  }

  #readComment(): void {
    if (this.#upTo('--') === undefined) return;
    if (this.#at >= this.#text.length) throw new UnexpectedEnd();
    if (!this.#takes('>')) throw new GoXmlError('invalid sequence "--" not allowed in comments');
  }

  /** `<!DOCTYPE r [...]>`: to the `>` that is in no quotes and no inner `<>`. */
  #skipDirective(): void {
    let quote = '';
    for (let depth = 1; depth > 0; this.#at++) {
      const char = this.#text[this.#at];
      if (char === undefined) throw new UnexpectedEnd();
      if (quote !== '') {
        if (char === quote) quote = '';
      } else if (char === '"' || char === "'") quote = char;
      else if (char === '<') depth++;
      else if (char === '>') depth--;
    }
  }

  #readEnd(): void {
    const name = this.#readName('element name after </');
    this.#skipSpace();
    this.#needs('>', `invalid characters between </${name} and >`);
    // What was left open is closed on the way.
    while (this.#open.pop() !== name) {
      if (this.#open.length === 0) throw new GoXmlError(`unexpected end element </${name}>`);
    }
  }

  #readStart(): void {
    this.#at += 1;
    const name = this.#readName('element name after <');
    const values: string[] = [];
    let isEmpty = false;
    for (;;) {
      this.#skipSpace();
      if (this.#at >= this.#text.length) throw new UnexpectedEnd();
      if (this.#takes('>')) break;
      if (this.#takes('/')) {
        this.#needs('>', 'expected /> in element');
        isEmpty = true;
        break;
      }
      values.push(this.#readAttribute());
    }
    this.#attributes.push(...values);
    if (!isEmpty && !CLOSED_BY_THEMSELVES.has(name.toLowerCase())) this.#open.push(name);
  }

  /** Its value; a name alone is its own value. */
  #readAttribute(): string {
    const name = this.#readName('attribute name in element');
    this.#skipSpace();
    if (!this.#takes('=')) return name;
    this.#skipSpace();
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'") {
      this.#at += 1;
      return checked(decoded(withLineFeeds(this.#upTo(quote))));
    }
    const bare = /[0-9A-Za-z_:-]*/y;
    bare.lastIndex = this.#at;
    const value = bare.exec(this.#text)?.[0] ?? '';
    if (value === '') {
      if (this.#at >= this.#text.length) throw new UnexpectedEnd();
      throw new GoXmlError('unquoted or missing attribute value in element');
    }
    this.#at += value.length;
    return value;
  }

  #readName(what: string): string {
    const name = /[A-Za-z_:\x80-\xff][A-Za-z0-9_:.\-\x80-\xff]*/y;
    name.lastIndex = this.#at;
    const found = name.exec(this.#text)?.[0];
    if (found === undefined) {
      if (this.#at >= this.#text.length) throw new UnexpectedEnd();
      throw new GoXmlError(`expected ${what}`);
    }
    this.#at += found.length;
    return found;
  }

  #needs(char: string, complaint: string): void {
    if (this.#at >= this.#text.length) throw new UnexpectedEnd();
    if (!this.#takes(char)) throw new GoXmlError(complaint);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }
}

// White space of Unicode above ASCII, in UTF-8.
const WIDE_SPACES: ReadonlySet<string> = new Set(
  [
    0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
    0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
  ].map(utf8Bytes),
);

/** Without white space at both ends. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  for (let size = 1; size > 0 && start < end; start += size) size = spaceAt(text, start, 1);
  for (let size = 1; size > 0 && end > start; end -= size) size = spaceAt(text, end, -1);
  return text.slice(start, end);
}

/** How many bytes of white space begin, or end, at an offset. */
function spaceAt(text: string, at: number, step: 1 | -1): number {
  if (isAsciiSpace(text.charCodeAt(step > 0 ? at : at - 1))) return 1;
  for (const size of [2, 3]) {
    const piece = step > 0 ? text.slice(at, at + size) : text.slice(Math.max(0, at - size), at);
    if (WIDE_SPACES.has(piece)) return size;
  }
  return 0;
}

/** Line ends as they are written; those that an entity stands for stay. */
function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Entities that Go knows; all others stay as they are. */
function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(?:x([0-9A-Fa-f]+)|([0-9]+))|([A-Za-z_:\x80-\xff][A-Za-z0-9_:.\-\x80-\xff]*));/g,
    (whole: string, hex: string | undefined, decimal: string | undefined, name: string) => {
      if (hex === undefined && decimal === undefined) return ENTITIES.get(name) ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0x10ffff ? whole : utf8Bytes(code);
    },
  );
}

function checked(text: string): string {
  if (firstIllFormedUtf8(text) >= 0) throw new GoXmlError('invalid UTF-8');
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f]/.exec(text);
  if (control !== null) throw new GoXmlError('illegal character code');
  return text;
}
