// Rule and data files on disk: the only place of the engine's side that reads them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileAccess } from '../model/files.ts';

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'EACCES';
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** `*`, `?` and `[...]` within one path segment, as Apache's Include reads them. */
function segmentTest(pattern: string): (name: string) => boolean {
  const source = pattern.replace(/\*|\?|\[!?[^\]]*\]|[^*?[]|\[/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  });
  const test = new RegExp(`^${source}$`);
  return (name) => test.test(name) && (pattern.startsWith('.') || !name.startsWith('.'));
}

const hasWildcard = (text: string): boolean => /[*?[]/.test(text);

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function glob(pattern: string): readonly string[] {
  let found = [isAbsolute(pattern) ? '/' : '.'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    if (!hasWildcard(segment)) {
      found = found.map((path) => join(path, segment));
      continue;
    }
    const matches = segmentTest(segment);
    found = found.flatMap((path) =>
      isDirectory(path)
        ? readdirSync(path)
            .filter(matches)
            .sort()
            .map((name) => join(path, name))
        : [],
    );
  }
  return found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
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
