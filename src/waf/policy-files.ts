// The files, packages and keys of a policy on this machine: what intelligence and attribution ask for.

import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { FileAccess } from '../model/files.ts';
import type { PatternOptions } from '../model/operator.ts';
import type { AttributionResources } from '../policy/attribution/identify.ts';
import type { HashKeyOptions } from '../policy/attribution/schema.ts';
import type { IntelligenceResources, KnownAgent } from '../policy/intelligence/resources.ts';
import { compilePattern } from '../regex/matcher.ts';
import { createPcre2, type Pcre2 } from '../regex/pcre2.ts';
import { nodeFiles, pcre2Bytes } from './files.ts';
import { openGeoDatabase } from './geo-database.ts';
import { type LoadedHashKey, loadHashKey } from './policy-files-hash.ts';
import { loadTokenKey } from './policy-files-keys.ts';

export interface PolicyFilesOptions {
  /** Relative paths stand beside this file; default: the working directory. */
  readonly beside?: string | undefined;
  /** Default: the file system of this machine. */
  readonly files?: Pick<FileAccess, 'read'> | undefined;
  /** Where `secretEnv` looks; default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * The key of hashes where the document names none, for a process that loads its policy more than once: with
   * another key nothing that the store remembers of actors would be found again. Default: a new random key.
   */
  readonly processKey?: Uint8Array | undefined;
}

export type PolicyResources = IntelligenceResources &
  AttributionResources & {
    /** Undefined: a random key. What is wrong goes on from "the key ". */
    readonly loadHashKey: (
      options: HashKeyOptions | undefined,
    ) => LoadedHashKey | { readonly problem: string };
  };

/** Reads nothing before it is asked. */
export function policyResources(options: PolicyFilesOptions = {}): PolicyResources {
  const { beside, files = nodeFiles(), environment = process.env, processKey } = options;
  const require = createRequire(import.meta.url);
  let pcre2: Pcre2 | undefined;
  const loadPcre2 = (): Pcre2 => {
    pcre2 ??= createPcre2(pcre2Bytes());
    return pcre2;
  };
  const readFile = (path: string): string | undefined =>
    files.read(beside === undefined || isAbsolute(path) ? path : join(dirname(beside), path));
  return {
    readFile,
    openGeoDatabase,
    compilePattern: (pattern, patternOptions: PatternOptions = {}) =>
      compilePattern(pattern, { ...patternOptions, pcre2: loadPcre2 }),
    // Both packages are CommonJS and JSON; Node 20 warns of JSON that is imported.
    disposableDomains: () => {
      const list = require('disposable-email-domains-js') as {
        readonly disposableEmailBlocklist: () => readonly string[];
      };
      return list.disposableEmailBlocklist();
    },
    knownAgents: () => {
      const agents = require('crawler-user-agents') as readonly Partial<KnownAgent>[];
      return agents.flatMap(({ pattern, tags = [] }) =>
        typeof pattern === 'string' ? [{ pattern, tags }] : [],
      );
    },
    loadTokenKey: (key) => loadTokenKey(key, readFile, environment),
    loadHashKey: (key) => loadHashKey(key, readFile, environment, processKey),
  };
}
