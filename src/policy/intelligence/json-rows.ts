// JSON data files of the two shapes that lists have, read with the place of each row.
//
// `[{"range": "10.0.0.0/8", "value": 1}, ...]` or `{"10.0.0.0/8": 1, ...}`. Other members of an item are
// read over; values are texts, numbers, true, false or null. Texts come out as byte strings.

import type { ByteString } from '../../base/bytes.ts';
import { readJsonString } from '../../http/json-string.ts';
import type { DataFile } from './data-file.ts';

export interface JsonRow {
  /** Undefined when the item has none, or it is no text. */
  readonly range: ByteString | undefined;
  /** Undefined when there is none; numbers as written. */
  readonly value: ByteString | undefined;
  readonly start: number;
  readonly end: number;
}

const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANKS = /[ \t\r\n]*/y;

interface Scalar {
  readonly isText: boolean;
  readonly text: ByteString;
}

/** Ends at the first thing that is no JSON of these shapes, which is reported. */
export function* readJsonRows(file: DataFile): Generator<JsonRow> {
  const reader = new Reader(file.text);
  try {
    yield* reader.take('[') ? items(reader) : members(reader);
    if (!reader.isAtEnd()) throw new Problem('text behind the document');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const help = 'write [{"range": "192.0.2.0/24", "value": "..."}] or {"192.0.2.0/24": "..."}';
    file.wrong(`the JSON cannot be read: ${error.message}`, reader.at, reader.at + 1, help);
  }
}

function* items(reader: Reader): Generator<JsonRow> {
  if (reader.take(']')) return;
  do {
    const start = reader.start();
    reader.expect('{');
    const item = new Map<string, Scalar>();
    if (!reader.take('}')) {
      do {
        const key = reader.key();
        item.set(key, reader.scalar());
      } while (reader.take(','));
      reader.expect('}');
    }
    const range = item.get('range');
    yield {
      range: range?.isText === true ? range.text : undefined,
      value: item.get('value')?.text,
      start,
      end: reader.at,
    };
  } while (reader.take(','));
  reader.expect(']');
}

function* members(reader: Reader): Generator<JsonRow> {
  reader.expect('{');
  if (reader.take('}')) return;
  do {
    const start = reader.start();
    const range = reader.key();
    const value = reader.scalar().text;
    yield { range, value, start, end: reader.at };
  } while (reader.take(','));
  reader.expect('}');
}

/** The text is not JSON of the shape. */
class Problem extends Error {}

class Reader {
  readonly #text: ByteString;
  at = 0;

  constructor(text: ByteString) {
    this.#text = text;
    if (text.startsWith('\xef\xbb\xbf')) this.at = 3;
  }

  /** Where the next token begins. */
  start(): number {
    BLANKS.lastIndex = this.at;
    BLANKS.exec(this.#text);
    this.at = BLANKS.lastIndex;
    return this.at;
  }

  isAtEnd(): boolean {
    return this.start() === this.#text.length;
  }

  take(char: string): boolean {
    const found = this.#text[this.start()] === char;
    if (found) this.at++;
    return found;
  }

  expect(char: string): void {
    if (!this.take(char)) throw new Problem(`no "${char}" here`);
  }

  key(): ByteString {
    const key = this.#string();
    this.expect(':');
    return key;
  }

  scalar(): Scalar {
    if (this.#text[this.start()] === '"') return { isText: true, text: this.#string() };
    SCALAR.lastIndex = this.at;
    const text = SCALAR.exec(this.#text)?.[0];
    if (text === undefined) throw new Problem('no text or number here');
    this.at += text.length;
    return { isText: false, text };
  }

  #string(): ByteString {
    if (this.#text[this.start()] !== '"') throw new Problem('no quoted text here');
    const { value, end, error } = readJsonString(this.#text, this.at);
    this.at = end;
    if (error !== undefined) throw new Problem(error);
    return value;
  }
}
