// Rule files of a directory, as the loader wants them, and golden files beside them.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'vitest';
import type { FileAccess } from '../../src/model/files.ts';

/** Files under `root`, named relative to it with forward slashes. */
export function filesUnder(root: string): FileAccess {
  const inside = (path: string): string => resolve(root, path);
  return {
    read: (path) => {
      const file = inside(path);
      return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'latin1') : undefined;
    },
    glob: (pattern) =>
      readdirSync(inside(dirname(pattern)))
        .map((name) => join(dirname(pattern), name))
        .filter((name) => matches(pattern, name))
        .sort(),
    resolve: (from, path) => relative(root, inside(join(dirname(from), path))),
  };
}

/** `*` is all that these tests need. */
function matches(pattern: string, name: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  return name.startsWith(start) && rest.every((part) => name.slice(start.length).includes(part));
}

/** Compares with the golden file; writes it instead when UPDATE_GOLDEN=1. */
export function expectGolden(path: string, actual: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(path, actual);
    return;
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(actual);
}
