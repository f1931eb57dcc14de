// t:normalizePathWin. All backslashes become slashes first, then t:normalizePath.
//
// ModSecurity converts while it copies and leaves the last of `\\\` behind; the rule meant them all.

import type { Transformation } from '../../model/transformation.ts';
import { normalizedPath } from './normalize-path.ts';

export const normalizePathWin: Transformation = Object.freeze({
  name: 'normalizePathWin',
  aliases: Object.freeze(['normalisePathWin']),
  summary: 'backslashes to slashes, then normalizePath',
  apply: (value: string) =>
    normalizedPath(value.includes('\\') ? value.replaceAll('\\', '/') : value),
});
