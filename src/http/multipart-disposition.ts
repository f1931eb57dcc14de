// The Content-Disposition of a form part, read as strictly as ModSecurity does.
//
// Whatever two parsers could read differently is refused with ModSecurity's negative code, which the
// error message carries: it is better not to know a part than to know another one than the back end.

import { decodePercent } from './percent.ts';
import { isBlank } from './text.ts';

export interface DispositionReading {
  readonly name: string | undefined;
  readonly filename: string | undefined;
  /** The decoded bytes of `filename*`; only beside `filename`. */
  readonly extendedFilename: string | undefined;
  /** Single quotes where double ones belong, or a value that does not end at its quote. */
  readonly invalidQuoting: boolean;
  /** 0, or ModSecurity's negative code. */
  readonly code: number;
  /** Behind the value of each parameter, its closing quote included. */
  readonly ends: Readonly<Partial<Record<keyof Parameters, number>>>;
  /** The second name or file name, where there are two. */
  readonly rejected: string;
}

type Parameters = Partial<Record<'name' | 'filename' | 'filename*', string>>;

// RFC 2045 tokens; high bytes are no token chars.
const TOKEN = /[!#$%&'*+\-.^_`{|}~0-9A-Za-z]*/y;
const CHARSET = /^[0-9A-Za-z!#$%&+\-^_`{}~]+'/;
const LANGUAGE = /^[0-9A-Za-z-]*'/;
const EXTENDED = /^(?:[0-9A-Za-z!#$&+\-.^_`|~]|%[0-9A-Fa-f]{2})*$/;

export function readDisposition(header: string): DispositionReading {
  const scanner = new DispositionScanner(header);
  const code = scanner.read();
  const { 'filename*': extended, name, filename } = scanner.parameters;
  return {
    name,
    filename,
    extendedFilename: extended,
    invalidQuoting: scanner.invalidQuoting,
    ends: scanner.ends,
    rejected: scanner.rejected,
    code: code === 0 && extended !== undefined && filename === undefined ? -21 : code,
  };
}

/** RFC 8187: what stands behind charset and language, or the code of what is wrong. */
function extendedValue(text: string): string | number {
  const charset = CHARSET.exec(text)?.[0];
  if (charset === undefined) return -16;
  const language = LANGUAGE.exec(text.slice(charset.length))?.[0];
  if (language === undefined) return -17;
  const encoded = text.slice(charset.length + language.length);
  return EXTENDED.test(encoded) ? encoded : -18;
}

class DispositionScanner {
  readonly parameters: Parameters = {};
  readonly ends: Partial<Record<keyof Parameters, number>> = {};
  invalidQuoting = false;
  rejected = '';
  readonly #text: string;
  #at = 'form-data'.length;

  constructor(text: string) {
    this.#text = text;
  }

  read(): number {
    // Case-sensitive, as in ModSecurity.
    if (!this.#text.startsWith('form-data')) return -1;
    this.#skipBlanks();
    if (this.#atEnd()) return 0;
    if (this.#text[this.#at] !== ';') return -2;
    this.#at += 1;
    while (!this.#atEnd()) {
      const code = this.#readParameter();
      if (code !== 0) return code;
      this.#skipBlanks();
      if (this.#atEnd()) return 0;
      if (this.#text[this.#at] !== ';') {
        const before = this.#text[this.#at - 1];
        if (before === '"' || before === "'") this.invalidQuoting = true;
        return -12;
      }
      this.#at += 1;
    }
    return 0;
  }

  #readParameter(): number {
    this.#skipBlanks();
    if (this.#atEnd()) return -3;
    const start = this.#at;
    while (!this.#atEnd() && this.#text[this.#at] !== '=' && !this.#atBlank()) this.#at += 1;
    if (this.#atEnd()) return -4;
    const name = this.#text.slice(start, this.#at);
    this.#skipBlanks();
    if (this.#atEnd()) return -5;
    if (this.#text[this.#at] !== '=') return -13;
    this.#at += 1;
    this.#skipBlanks();
    if (this.#atEnd()) return -6;
    const quote = this.#text[this.#at];
    const isQuoted = quote === '"' || quote === "'";
    const value = isQuoted ? this.#readQuoted(quote) : this.#readToken();
    if (typeof value === 'number') return value;
    if (quote !== '"' && value.includes("'") && name !== 'filename*') this.invalidQuoting = true;
    return this.#store(name, value, isQuoted);
  }

  #store(name: string, value: string, isQuoted: boolean): number {
    if (name === 'filename*') {
      if (this.parameters[name] !== undefined) return -16;
      const encoded = isQuoted ? -16 : extendedValue(value);
      if (typeof encoded === 'number') return encoded;
      this.parameters[name] = decodePercent(encoded, false).value;
      this.ends[name] = this.#at;
      return 0;
    }
    if (name !== 'name' && name !== 'filename') return -11;
    if (this.parameters[name] !== undefined) {
      this.rejected = value;
      return name === 'name' ? -14 : -15;
    }
    this.parameters[name] = value;
    this.ends[name] = this.#at;
    return 0;
  }

  /** Only the quote itself and the backslash can be escaped; other backslashes are data. */
  #readQuoted(quote: string): string | number {
    if (quote === "'") this.invalidQuoting = true;
    let value = '';
    let copied = this.#at + 1;
    for (let at = copied; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === quote) {
        this.#at = at + 1;
        return value + this.#text.slice(copied, at);
      }
      if (char !== '\\') continue;
      const next = this.#text[at + 1];
      if (next === undefined) return -7;
      if (next === quote || next === '\\') {
        value += this.#text.slice(copied, at);
        copied = at + 1;
        at += 1;
      }
    }
    return -10;
  }

  #readToken(): string {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text)?.[0] ?? '';
    this.#at += token.length;
    return token;
  }

  #atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #atBlank(): boolean {
    return isBlank(this.#text.charCodeAt(this.#at));
  }

  #skipBlanks(): void {
    while (this.#atBlank()) this.#at += 1;
  }
}
