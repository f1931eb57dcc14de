// What intelligence needs from the machine, as whoever loads a policy provides it.

import type { ByteString } from '../../base/bytes.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { GeoDatabase, Matcher, PatternOptions } from '../../model/operator.ts';

/** A user agent that a maintained list knows. */
export interface KnownAgent {
  /** A regular expression; most are plain words. */
  readonly pattern: string;
  /** `scanner`, `search-engine`, `http-library`, ... */
  readonly tags: readonly string[];
}

export interface IntelligenceResources {
  /** A file's bytes; undefined when it is missing or cannot be read. Relative paths are the loader's. */
  readonly readFile: (path: string) => ByteString | undefined;
  /** Undefined when the bytes are no database. */
  readonly openGeoDatabase: (bytes: ByteString) => GeoDatabase | undefined;
  /** Throws `OperatorArgumentError` for a wrong pattern. */
  readonly compilePattern: (pattern: string, options?: PatternOptions) => Matcher;
  /** The package's list, in lower case; asked only when the policy wants it. */
  readonly disposableDomains: () => readonly string[];
  readonly knownAgents: () => readonly KnownAgent[];
}

/** Where a part of the policy document stands, or something inside it. */
export type Locate = (part: object, path?: readonly PropertyKey[]) => Span | undefined;
