// Rule and data files on disk: the only place of the engine's side that reads them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileAccess } from '../model/files.ts';
import { wildcard } from './wildcard.ts';

/** The answer of the file system; undefined when it has none, for whatever reason (a NUL in the name, say). */
function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

const read = (path: string): string | undefined => attempt(() => readFileSync(path, 'latin1'));

const hasWildcard = (text: string): boolean => /[*?[]/.test(text);

const isDirectory = (path: string): boolean => attempt(() => statSync(path).isDirectory()) === true;

const isFile = (path: string): boolean => attempt(() => statSync(path).isFile()) === true;

function glob(pattern: string): readonly string[] {
  let found = [isAbsolute(pattern) ? '/' : '.'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    if (!hasWildcard(segment)) {
      found = found.map((path) => join(path, segment));
      continue;
    }
    const matches = wildcard(segment);
    found = found.flatMap((path) =>
      isDirectory(path)
        ? (attempt(() => readdirSync(path)) ?? [])
            .filter(matches)
            .sort()
            .map((name) => join(path, name))
        : [],
    );
  }
  return found.filter(isFile);
}

/** Files of this machine; relative paths stand beside the file that names them. */
export function nodeFiles(): FileAccess {
  return {
    read,
    glob,
    resolve: (from, path) => {
      if (isAbsolute(path)) return path;
      return from.startsWith('<') ? resolve(path) : join(dirname(from), path);
    },
  };
}

/** The bytes of PCRE2 in WebAssembly, as its package ships them. */
export function pcre2Bytes(): Uint8Array {
  const require = createRequire(import.meta.url);
  return readFileSync(require.resolve('@stephen-riley/pcre2-wasm/dist/libpcre2.wasm'));
}
