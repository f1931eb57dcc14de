// Finds test files below the given paths, in a stable order.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** `.yaml` and `.yml` files; a path that is itself a file is taken whatever its name. Throws if absent. */
export function findTestFiles(paths: readonly string[]): string[] {
  const found: string[] = [];
  for (const path of paths) {
    if (!statSync(path).isDirectory()) {
      found.push(path);
      continue;
    }
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(path, name));
    found.push(...files.filter((file) => statSync(file).isFile()).sort());
  }
  return [...new Set(found)];
}
