// What rules may have done outside the engine: name servers asked, programs run, uploads written to disk.
//
// The engine asks questions as data and goes on when they are answered, as it does with a state store. Who answers is
// chosen where the waf is made; without anybody, each question has an outcome with a name.

import type { ByteString } from '../base/bytes.ts';

/** A program to run with the environment of a transaction; byte strings. */
export interface ProgramCall {
  /** Absolute, and one of those that were allowed. */
  readonly path: string;
  /** The only argument; undefined: none. */
  readonly argument: ByteString | undefined;
  readonly environment: Readonly<Record<string, ByteString>>;
}

export type OutsideQuestion =
  /** The IPv4 addresses of a name. */
  | { readonly kind: 'addresses'; readonly name: string }
  | { readonly kind: 'program'; readonly call: ProgramCall };

export type OutsideAnswer =
  /** Empty: the name has none. */
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  /** What the program printed, and its exit status. */
  | { readonly kind: 'output'; readonly text: ByteString; readonly status: number }
  /** There is no answer: a clause, such as "the name servers have not answered within 2000 ms". */
  | { readonly kind: 'failure'; readonly message: string };

/** Answers questions of the engine. */
export interface Outside {
  /** Absolute paths of the programs that rules may run. */
  readonly programs: readonly string[];
  /** How long one transaction may wait for answers of a kind, all together. */
  readonly patienceMs: Readonly<Record<OutsideQuestion['kind'], number>>;
  /** Never rejects, and settles within its own limits of time and within `limitMs`. */
  readonly ask: (question: OutsideQuestion, limitMs: number) => Promise<OutsideAnswer>;
  /** Starts a program that nobody waits for. Never throws. */
  readonly start: (call: ProgramCall) => void;
  readonly uploads: UploadFiles;
  /** Waits for the programs that run, each within its time, and removes what was written. */
  readonly close: () => Promise<void>;
}

export interface UploadFile {
  /** A name to begin with; never more than one path segment. */
  readonly name: string;
  readonly content: ByteString;
  /** SecTmpDir; undefined: the system's. */
  readonly directory: string | undefined;
  readonly mode: number;
}

/** Uploads on disk for as long as their transaction runs. */
export interface UploadFiles {
  /** The path of a new file. Throws when it cannot be written. */
  readonly write: (file: UploadFile) => string;
  /** Never throws. */
  readonly remove: (path: string) => void;
}

/** The outside gave no answer that a rule could go by. An outcome with a name, as `MatchLimitError` is. */
export class OutsideError extends Error {
  override readonly name: string = 'OutsideError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
