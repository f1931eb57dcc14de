// Values that recur from request to request: names, and header values. What is known of them need not be found
// out again.
//
// Everything kept follows from bytes and rules, so the cache changes no verdict, whoever fills it. It holds
// nothing of bodies, arguments' values, cookies or credentials, and no more bytes than it is given: what was not
// asked for since the last turn of generations goes.

import { asciiLower } from '../base/ascii.ts';
import { fromByteString, toByteString } from '../base/bytes.ts';
import type { Target } from '../ruleset/ruleset.ts';
import { Value } from './value.ts';

const NAMES: ReadonlySet<string> = new Set([
  'ARGS_NAMES',
  'ARGS_GET_NAMES',
  'ARGS_POST_NAMES',
  'REQUEST_COOKIES_NAMES',
  'REQUEST_HEADERS_NAMES',
]);
const SECRET_HEADERS: readonly string[] = ['cookie', 'authorization', 'proxy-authorization'];

/** Longer values hardly recur. */
const LONGEST = 512;
/** What a value takes beside its text, roughly: its forms, and the rules of each phase. */
const VALUE_BYTES = 1024;
/** Texts of which it is known that they were asked for, a power of two; a newer one takes the place of an older. */
const MOST_SEEN = 1 << 12;

/** FNV-1a; two texts with the same one only mean that the second is kept at once. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}

export interface ValueCacheReport {
  readonly hits: number;
  readonly misses: number;
  /** Held now, roughly. */
  readonly bytes: number;
}

/** Whether an element of the target may be kept; `key` is its name in the collection. */
export function mayBeKept({ variable }: Target, key: string | undefined): boolean {
  if (NAMES.has(variable.name)) return true;
  if (variable.name !== 'REQUEST_HEADERS' || key === undefined) return false;
  for (const secret of SECRET_HEADERS) {
    if (key.length === secret.length && asciiLower(key) === secret) return false;
  }
  return true;
}

/** For one program: what is known of a value is which of its rules may match. */
export class ValueCache {
  readonly #limitBytes: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #youngBytes = 0;
  #oldBytes = 0;
  #hits = 0;
  #misses = 0;
  /** By the end of their hash: hashes of texts that were asked for and are not kept. */
  readonly #seen = new Int32Array(MOST_SEEN);

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get report(): ValueCacheReport {
    const bytes = this.#youngBytes + this.#oldBytes;
    return { hits: this.#hits, misses: this.#misses, bytes };
  }

  /**
   * The value with this text; undefined when it is asked for the first time in a while, or too long to be kept. Of
   * some agents, referrers and names there are as many as requests: keeping each costs more than it ever saves.
   */
  of(text: string): Value | undefined {
    if (text.length > LONGEST) return undefined;
    const known = this.#find(text);
    if (known !== undefined) {
      this.#hits++;
      return known;
    }
    this.#misses++;
    const hash = hashOf(text);
    const place = hash & (MOST_SEEN - 1);
    if (this.#seen[place] === hash) return this.#add(text);
    this.#seen[place] = hash;
    return undefined;
  }

  /** The same for what a transformation has made of a kept value; it is kept with it. */
  formOf(text: string): Value {
    return this.#find(text) ?? this.#add(text);
  }

  #find(text: string): Value | undefined {
    const young = this.#young.get(text);
    if (young !== undefined) return young;
    const old = this.#old.get(text);
    if (old !== undefined) this.#keep(old);
    return old;
  }

  #add(text: string): Value {
    // A copy: a part of a request's line or body would keep all of it in memory.
    const value = new Value(toByteString(fromByteString(text)), true);
    this.#keep(value);
    return value;
  }

  #keep(value: Value): void {
    const bytes = VALUE_BYTES + value.text.length * 2;
    if ((this.#youngBytes + bytes) * 2 > this.#limitBytes) {
      this.#old = this.#young;
      this.#oldBytes = this.#youngBytes;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(value.text, value);
    this.#youngBytes += bytes;
  }
}
