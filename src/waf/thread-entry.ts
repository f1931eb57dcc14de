// Where the module of a thread lies.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `module` is a file beside this one, without its ending. The built one: Node runs no TypeScript, so an
 * engine run from its sources needs a build beside it.
 */
export function threadEntry(module: string): URL {
  const url = new URL(`./${module}.js`, import.meta.url);
  if (existsSync(fileURLToPath(url))) return url;
  return new URL(`../../dist/waf/${module}.js`, import.meta.url);
}
