// Keys of thresholds in the store. All begin with `t:` and a letter, and every part tells its length, so that
// no two different lists of parts make the same key, whatever a user is called.

/** One part of a key: NUL, which keys cannot hold, is escaped. */
export function keyPart(text: string): string {
  const escaped = escapedPart(text);
  return `.${escaped.length}.${escaped}`;
}

function escapedPart(text: string): string {
  // Not `includes`: V8 has no fast way for it.
  if (text.indexOf('%') < 0 && text.indexOf('\0') < 0) return text;
  return text.replaceAll('%', '%25').replaceAll('\0', '%00');
}

/** Where an actor is marked as blocked by a threshold; the value of the mark is the threshold's id. */
export const actorBlockKey = (actor: string): string => `t:a${keyPart(actor)}`;

/** Whose counters they are, by scope: indices into the keys of a request. */
export const USER = 0;
const USER_AT_ENDPOINT = 1;
const ENDPOINT = 2;
const EVERYBODY = 3;

export function scopeIndex(perUser: boolean, perEndpoint: boolean): number {
  if (perUser) return perEndpoint ? USER_AT_ENDPOINT : USER;
  return perEndpoint ? ENDPOINT : EVERYBODY;
}

/**
 * Keys under which one request counts. Counters of all thresholds of a scope lie under one key, and each key
 * is made once: the same text again costs the store no hashing.
 */
export class SubjectKeys {
  /** By scope; empty where nobody has asked yet. */
  readonly all: readonly string[];
  readonly #all: string[];
  /** Behind the letter of the key. */
  readonly #actorPart: string;
  readonly #endpoint: string;

  constructor(actor: string, endpoint: string) {
    this.#actorPart = keyPart(actor);
    this.#endpoint = endpoint;
    this.#all = [`t:a${this.#actorPart}`, '', '', 't:all'];
    this.all = this.#all;
  }

  /** Where a block of the actor is marked, and what it does is counted: marks and counters never meet. */
  get actor(): string {
    return this.#all[USER]!;
  }

  of(scope: number): string {
    this.make(scope);
    return this.#all[scope]!;
  }

  /** Makes sure that the key is among all. */
  make(scope: number): void {
    if (this.#all[scope] !== '') return;
    const endpointPart = keyPart(this.#endpoint);
    this.#all[scope] =
      scope === USER_AT_ENDPOINT ? `t:b${this.#actorPart}${endpointPart}` : `t:e${endpointPart}`;
  }
}
