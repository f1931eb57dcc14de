// Reads a JSON body into arguments with its own scanner: every member counts, in order.
//
// JSON.parse would keep the last of duplicate keys only and takes text that has already been decoded;
// this scanner works on bytes, keeps duplicates, gives numbers as written and refuses what RFC 8259
// refuses, ill-formed UTF-8 and a byte order mark included. It keeps no call stack, so nesting costs
// memory only, and everything read before an error stays.

import type { Pair } from '../model/pair.ts';
import { readJsonString } from './json-string.ts';

export interface JsonOptions {
  /** SecRequestBodyJsonDepthLimit; the root container is level 1. Default 10,000. */
  readonly maxDepth?: number;
  /** At most so many arguments; one more is an error. Default: no limit. */
  readonly maxArguments?: number;
  /**
   * Bytes of all names together; one more is an error. A name repeats those of all containers around it, so nesting
   * makes far more of them than the body has; values are no longer than they are written. Default 1 MiB.
   */
  readonly maxNameBytes?: number;
  /** First part of every name; default `json`. ModSecurity 2.9.7 has none: `''`. */
  readonly root?: string;
  /**
   * `array_N` (libmodsecurity): `json.a.array_0`; `N` (Coraza): `json.a.0`; `repeat` (ModSecurity 2):
   * the array's own key again, `json.a.a`.
   */
  readonly arrayNames?: 'array_N' | 'N' | 'repeat';
  /** What an empty member name shows as; default `empty-key`. */
  readonly emptyKeys?: 'named' | 'kept';
  /**
   * `gjson` reads on behind text that stands where a member name is due, takes ill-formed UTF-8, and gives
   * each array its number of elements as a value, as Coraza does. Default `strict`.
   */
  readonly reader?: 'strict' | 'gjson';
}

export interface JsonReading {
  readonly args: readonly Pair[];
  /**
   * Full names of the members that hold arrays. They are names an attacker chose, and no argument has
   * them as they stand: its elements do, with a suffix.
   */
  readonly arrays: readonly string[];
  /** What stopped the reading, with its offset; undefined for a sound document and an empty body. */
  readonly error: string | undefined;
  readonly depthExceeded: boolean;
  /** A limit on arguments or bytes left something out. */
  readonly truncated: boolean;
}

// Whatever the configuration says: a level costs some 100 bytes, and a body may be all brackets.
const DEEPEST = 100_000;
const DEFAULT_DEPTH = 10_000;
const DEFAULT_NAME_BYTES = 1024 * 1024;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const NAMES_TOO_LONG = 'names of members too long together';

interface Container {
  readonly name: string;
  /** The member key that `repeat` repeats. */
  readonly key: string;
  readonly isArray: boolean;
  /** Elements begun so far. */
  count: number;
}

/** An empty body is no document and no error; blanks alone are an error. */
export function parseJson(body: string, options: JsonOptions = {}): JsonReading {
  const reader = new JsonReader(body, options);
  if (body.length > 0) reader.read();
  const { args, arrays, error, depthExceeded, truncated } = reader;
  return { args, arrays, error, depthExceeded, truncated };
}

class JsonReader {
  readonly args: Pair[] = [];
  readonly arrays: string[] = [];
  error: string | undefined;
  depthExceeded = false;
  truncated = false;

  readonly #text: string;
  readonly #root: string;
  readonly #arrayNames: 'array_N' | 'N' | 'repeat';
  readonly #emptyKey: string;
  readonly #isGjson: boolean;
  readonly #maxDepth: number;
  readonly #maxArguments: number;
  #nameBytesLeft: number;
  #at = 0;
  readonly #open: Container[] = [];

  constructor(text: string, options: JsonOptions) {
    this.#text = text;
    this.#root = options.root ?? 'json';
    this.#arrayNames = options.arrayNames ?? 'array_N';
    this.#emptyKey = options.emptyKeys === 'kept' ? '' : 'empty-key';
    this.#isGjson = options.reader === 'gjson';
    this.#maxDepth = Math.min(options.maxDepth ?? DEFAULT_DEPTH, DEEPEST);
    this.#maxArguments = options.maxArguments ?? Number.POSITIVE_INFINITY;
    this.#nameBytesLeft = options.maxNameBytes ?? DEFAULT_NAME_BYTES;
  }

  read(): void {
    if (!this.#readValue(this.#rootName(), 'array')) return;
    let container = this.#open.at(-1);
    while (container !== undefined) {
      if (!(container.isArray ? this.#readElement(container) : this.#readMember(container))) return;
      container = this.#open.at(-1);
    }
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('text behind the document');
  }

  /** ModSecurity 2 names a root array, and gjson takes a single value for an array of one. */
  #rootName(): string {
    const first = /[^ \t\r\n]/.exec(this.#text)?.[0];
    if (this.#root === '' && first === '[' && this.#arrayNames === 'repeat') return 'array';
    const isValue = first !== undefined && first !== '{' && first !== '[';
    if (!this.#isGjson || !isValue) return this.#root;
    this.#add(this.#root, '1');
    return `${this.#root}.0`;
  }

  /** One element or the closing bracket. */
  #readElement(array: Container): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] === ']') return this.#noteCount(array, array.name) && this.#close();
    if (array.count > 0 && !this.#expect(',')) return false;
    const name =
      this.#arrayNames === 'array_N'
        ? `${array.name}${dot(array.name)}array_${array.count}`
        : this.#arrayNames === 'N'
          ? `${array.name}${dot(array.name)}${array.count}`
          : `${array.name}${dot(array.name)}${array.key}`;
    array.count += 1;
    return this.#readValue(name, array.key);
  }

  /** One `"key": value` or the closing brace. */
  #readMember(object: Container): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] === '}') return this.#close();
    if (object.count > 0 && !this.#expect(',')) return false;
    object.count += 1;
    this.#skipSpace();
    if (this.#text[this.#at] !== '"' && !this.#skipToName()) return false;
    const written = this.#readString();
    if (written === undefined) return false;
    if (!this.#expect(':')) return false;
    const key = written === '' ? this.#emptyKey : written;
    return this.#readValue(`${object.name}${dot(object.name)}${key}`, key);
  }

  #readValue(name: string, key: string): boolean {
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
      case '[':
        return this.#openContainer(name, key);
      case '"': {
        const value = this.#readString();
        return value !== undefined && this.#add(name, value);
      }
      case 't':
        return this.#readWord('true') && this.#add(name, 'true');
      case 'f':
        return this.#readWord('false') && this.#add(name, 'false');
      case 'n':
        return this.#readWord('null') && this.#add(name, '');
      default: {
        NUMBER.lastIndex = this.#at;
        const number = NUMBER.exec(this.#text)?.[0];
        if (number === undefined) return this.#fail('no value');
        this.#at += number.length;
        return this.#add(name, number);
      }
    }
  }

  #openContainer(name: string, key: string): boolean {
    if (this.#open.length >= this.#maxDepth) {
      this.depthExceeded = true;
      // Coraza counts the elements begun, under the name of the one that was too deep.
      this.#open.forEach((container, at) => {
        this.#noteCount(container, this.#open[at + 1]?.name ?? name);
      });
      return this.#fail('Parsing depth limit exceeded');
    }
    const isArray = this.#text[this.#at] === '[';
    const parent = this.#open.at(-1);
    if (isArray && parent?.isArray === false && !this.#noteArray(name)) return false;
    this.#open.push({ name, key, isArray, count: 0 });
    this.#at += 1;
    return true;
  }

  #noteArray(name: string): boolean {
    this.#nameBytesLeft -= name.length;
    if (this.#nameBytesLeft < 0) {
      this.truncated = true;
      return this.#fail(NAMES_TOO_LONG);
    }
    this.arrays.push(name);
    return true;
  }

  #noteCount({ isArray, count }: Container, name: string): boolean {
    if (!this.#isGjson || !isArray || count === 0) return true;
    return this.#add(name, String(count));
  }

  /** Goes on at the next quote, where gjson does; the mistake is kept. */
  #skipToName(): boolean {
    this.#fail('a member without a quoted name');
    const quote = this.#isGjson ? this.#text.indexOf('"', this.#at) : -1;
    if (quote < 0) return false;
    this.#at = quote;
    return true;
  }

  #close(): boolean {
    this.#open.pop();
    this.#at += 1;
    return true;
  }

  #readString(): string | undefined {
    const string = readJsonString(this.#text, this.#at, this.#isGjson);
    this.#at = string.end;
    if (string.error !== undefined) {
      this.#fail(string.error);
      return undefined;
    }
    return string.value;
  }

  #readWord(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return this.#fail('no value');
    this.#at += word.length;
    return true;
  }

  #expect(char: ',' | ':'): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== char) return this.#fail(`no '${char}'`);
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #add(key: string, value: string): boolean {
    this.#nameBytesLeft -= key.length;
    if (this.args.length >= this.#maxArguments || this.#nameBytesLeft < 0) {
      this.truncated = true;
      return this.#fail(this.#nameBytesLeft < 0 ? NAMES_TOO_LONG : 'more arguments than allowed');
    }
    this.args.push({ key, value });
    return true;
  }

  #fail(what: string): false {
    this.error ??= this.depthExceeded ? what : `${what} at offset ${this.#at}`;
    return false;
  }
}

function dot(name: string): '' | '.' {
  return name === '' ? '' : '.';
}
