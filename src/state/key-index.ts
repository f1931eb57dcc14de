// Finds the rows of keys in memory: a table of numbers, looked through by hash.
//
// A Map would do. But most keys are those of a request's subject: to put their texts together, hash and compare
// them costs more than all that is counted under them. Here a request's subject and place are hashed once for
// all of its keys, and a look reaches for one line of memory before it knows the row.
//
// The hash is seeded, and unknown to who could choose keys that share one. Rows are found by their texts all the
// same: a hash that is shared costs time and nothing else.

import { ALL, PLACE, readSubjectKey, SUBJECT_AT_PLACE } from './subject-key.ts';

/** The scope of keys that are texts of their own. */
const TEXT = 4;

const SCOPE_BITS = 3;
const SCOPES = 2 ** SCOPE_BITS - 1;

/** Of no row. */
const NONE = 0;

const FIRST_SLOTS = 16;
/** Places whose texts are shared. */
const PLACES = 256;
/** About what a key takes beside its text, and the text beside its bytes. */
const INDEXED_BYTES = 64;
const TEXT_BYTES = 20;

const hasSubject = (scope: number): boolean => scope !== PLACE && scope !== ALL;
const hasPlace = (scope: number): boolean => scope === SUBJECT_AT_PLACE || scope === PLACE;

export class KeyIndex {
  /** A hash, and a row with its scope; empty where that is NONE. At least half of them are. */
  #slots: Int32Array = new Int32Array(2 * FIRST_SLOTS);
  #mask: number = FIRST_SLOTS - 1;
  #count = 0;
  /** By row: the subject and the place. */
  readonly #texts: string[] = ['', ''];
  /** By row. */
  #hashes: Int32Array = new Int32Array(FIRST_SLOTS);
  /** By hash. */
  readonly #shared: string[] = Array.from({ length: PLACES }, () => '');
  readonly #seed: number = (Math.random() * 2 ** 32) | 0;
  readonly #factor: number = (Math.random() * 2 ** 32) | 1;
  // What is looked for.
  #subject = '';
  /** It is the text of a row. */
  #isShared = false;
  #subjectHash = 0;
  #isHashed = false;
  #place = '';
  #placeHash = 0;
  // What was looked for last.
  #scope = 0;
  #hash = 0;

  /** Takes aim at a request's keys. */
  aim(subject: string, place: string): void {
    this.#subject = subject;
    this.#isShared = false;
    this.#isHashed = false;
    if (place !== this.#place) this.#aimAt(place);
  }

  /** The row of a scope's key; 0: there is none. */
  find(scope: number): number {
    const subject = hasSubject(scope) ? this.#subject : '';
    const place = hasPlace(scope) ? this.#place : '';
    const hash = this.#hashFor(scope, subject, place);
    this.#scope = scope;
    this.#hash = hash;
    const slots = this.#slots;
    const mask = this.#mask;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = slots[2 * at + 1]!;
      if (entry === NONE) return NONE;
      if (slots[2 * at] !== hash || (entry & SCOPES) !== scope) continue;
      const row = entry >>> SCOPE_BITS;
      const found = this.#texts[2 * row]!;
      if (found !== subject || this.#texts[2 * row + 1] !== place) continue;
      if (subject !== '') {
        // Compared once more, it is the same object.
        this.#subject = found;
        this.#isShared = true;
      }
      return row;
    }
  }

  /** The same for the text of a key. */
  findText(key: string): number {
    const parts = readSubjectKey(key);
    this.aim(parts?.subject ?? key, parts?.place ?? '');
    return this.find(parts?.scope ?? TEXT);
  }

  /** Puts what was looked for last, and not found, under a row. Answers about what it takes in memory. */
  add(row: number): number {
    if (2 * (this.#count + 1) > this.#mask) this.#grow();
    if (row >= this.#hashes.length) {
      const hashes = new Int32Array(Math.max(2 * this.#hashes.length, row + 1));
      hashes.set(this.#hashes);
      this.#hashes = hashes;
    }
    const scope = this.#scope;
    let bytes = INDEXED_BYTES;
    if (hasSubject(scope) && !this.#isShared) {
      this.#subject = flat(this.#subject);
      this.#isShared = true;
      bytes += TEXT_BYTES + this.#subject.length;
    }
    this.#hashes[row] = this.#hash;
    this.#texts[2 * row] = hasSubject(scope) ? this.#subject : '';
    this.#texts[2 * row + 1] = hasPlace(scope) ? this.#place : '';
    this.#put(this.#hash, (row << SCOPE_BITS) + scope);
    this.#count++;
    return bytes;
  }

  remove(row: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let gap = this.#hashes[row]! & mask;
    while (slots[2 * gap + 1]! >>> SCOPE_BITS !== row) gap = (gap + 1) & mask;
    // What was put further on because of it moves up.
    for (let at = (gap + 1) & mask; slots[2 * at + 1] !== NONE; at = (at + 1) & mask) {
      const home = slots[2 * at]! & mask;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      slots[2 * gap] = slots[2 * at]!;
      slots[2 * gap + 1] = slots[2 * at + 1]!;
      gap = at;
    }
    slots[2 * gap + 1] = NONE;
    this.#texts[2 * row] = '';
    this.#texts[2 * row + 1] = '';
    this.#count--;
  }

  #aimAt(place: string): void {
    this.#placeHash = this.#hashOf(place);
    const at = this.#placeHash & (PLACES - 1);
    const isShared = this.#shared[at] === place;
    this.#place = isShared ? this.#shared[at]! : flat(place);
    this.#shared[at] = this.#place;
  }

  #hashFor(scope: number, subject: string, place: string): number {
    const factor = this.#factor;
    let hash = Math.imul(scope + 1, factor);
    if (subject !== '') hash ^= this.#hashOfSubject();
    if (place !== '') hash = Math.imul(hash, factor) ^ this.#placeHash;
    hash = Math.imul(hash ^ (hash >>> 15), factor);
    return hash ^ (hash >>> 13);
  }

  #hashOfSubject(): number {
    if (!this.#isHashed) {
      this.#subjectHash = this.#hashOf(this.#subject);
      this.#isHashed = true;
    }
    return this.#subjectHash;
  }

  #hashOf(text: string): number {
    const factor = this.#factor;
    let hash = this.#seed;
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), factor);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #put(hash: number, entry: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let at = hash & mask;
    while (slots[2 * at + 1] !== NONE) at = (at + 1) & mask;
    slots[2 * at] = hash;
    slots[2 * at + 1] = entry;
  }

  #grow(): void {
    const before = this.#slots;
    this.#mask = 2 * this.#mask + 1;
    this.#slots = new Int32Array(2 * before.length);
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1] !== NONE) this.#put(before[at]!, before[at + 1]!);
    }
  }
}

/** A text that was cut out of others or put together holds on to them; this one does not. */
function flat(text: string): string {
  return text.length < 2 ? text : [text.charAt(0), text.slice(1)].join('');
}
