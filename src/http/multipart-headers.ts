// Collects the header lines of one form part and checks them line by line.

import { asciiLower, isAsciiSpace } from '../base/ascii.ts';
import { isBlank } from './text.ts';

const LONGEST_LINE = 4096;

/** What one line did: nothing wrong, wrong but readable, or the end of all reading. */
export type HeaderLineOutcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'invalid-character' }
  | { readonly kind: 'fatal'; readonly error: string };

const OK: HeaderLineOutcome = Object.freeze({ kind: 'ok' });

export class PartHeaders {
  /** As in the body, original case, folded lines joined by one blank. */
  readonly lines: string[] = [];
  folded = false;
  /** Folded with white space other than blanks and tabs. */
  foldedInvalidly = false;
  readonly #values = new Map<string, string>();
  #last: string | undefined;
  readonly #allowsDuplicates: boolean;

  constructor(allowsDuplicates = false) {
    this.#allowsDuplicates = allowsDuplicates;
  }

  /** Looked up without regard to case. */
  get(name: string): string | undefined {
    return this.#values.get(asciiLower(name));
  }

  /** `line` comes without its line end. */
  add(line: string): HeaderLineOutcome {
    if (line.length >= LONGEST_LINE) {
      return fatal(`Part header line over ${LONGEST_LINE} bytes long.`);
    }
    if (line.includes('\x00')) return fatal('Nul byte in part headers.');
    return isAsciiSpace(line.charCodeAt(0)) ? this.#fold(line) : this.#begin(line);
  }

  #begin(line: string): HeaderLineOutcome {
    const colon = line.indexOf(':');
    if (colon === -1) return fatal(`Invalid part header (colon missing): ${excerpt(line)}.`);
    if (colon === 0) return fatal('Invalid part header (header name missing).');
    const name = asciiLower(line.slice(0, colon));
    const isDuplicate = this.#values.has(name);
    if (isDuplicate && !this.#allowsDuplicates) {
      return fatal(`Duplicate part header: ${excerpt(name)}.`);
    }
    if (!isDuplicate) this.#values.set(name, skipSpace(line, colon + 1));
    this.#last = name;
    this.lines.push(line);
    // The header stays: rules on MULTIPART_PART_HEADERS are there to see it.
    return /[^\x21-\x7e]/.test(name) ? { kind: 'invalid-character' } : OK;
  }

  #fold(line: string): HeaderLineOutcome {
    this.folded = true;
    const data = skipSpace(line, 0);
    for (let at = 0; at < line.length - data.length; at++) {
      if (!isBlank(line.charCodeAt(at))) this.foldedInvalidly = true;
    }
    const value = this.#last === undefined ? undefined : this.#values.get(this.#last);
    if (this.#last === undefined || value === undefined) {
      return fatal('Invalid part header (folding error).');
    }
    const joined = `${value} ${data}`;
    if (joined.length > LONGEST_LINE) return fatal('Part header too long.');
    this.#values.set(this.#last, joined);
    this.lines[this.lines.length - 1] += ` ${data}`;
    return OK;
  }
}

function fatal(error: string): HeaderLineOutcome {
  return { kind: 'fatal', error };
}

function skipSpace(line: string, from: number): string {
  let at = from;
  while (at < line.length && isAsciiSpace(line.charCodeAt(at))) at++;
  return line.slice(at);
}

/** At most 64 bytes of a request are ever quoted in a message. */
export function excerpt(text: string): string {
  return text.slice(0, 64).replace(/[^\x20-\x7e]/g, '?');
}
