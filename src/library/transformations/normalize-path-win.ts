// t:normalizePathWin. All backslashes become slashes first, then t:normalizePath.
//
// ModSecurity converts while it copies and leaves the last of `\\\` behind; the rule meant them all.

import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { normalizedPath } from './normalize-path.ts';

export const normalizePathWin: Transformation = Object.freeze({
  name: 'normalizePathWin',
  aliases: Object.freeze(['normalisePathWin']),
  summary: 'backslashes to slashes, then normalizePath',
  // The blank: at the end of a segment, in Coraza's way.
  alters: '/.\\ ',
  adds: () => '/',
  growth: () => 1,
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    const slashed = value.includes('\\') ? value.replaceAll('\\', '/') : value;
    const trims = behaviour?.windowsSegments === 'trimmed';
    return normalizedPath(
      trims ? trimmedSegments(slashed) : slashed,
      behaviour?.tripleDots === 'kept',
    );
  },
});

/** Windows opens `a. ` as `a`; Coraza knows that. */
function trimmedSegments(path: string): string {
  return path
    .split('/')
    .map((segment) => (/^\.{1,2}$/.test(segment) ? segment : withoutEnd(segment)))
    .join('/');
}

function withoutEnd(segment: string): string {
  let end = segment.length;
  while (end > 0 && (segment[end - 1] === '.' || segment[end - 1] === ' ')) end--;
  return segment.slice(0, end);
}
