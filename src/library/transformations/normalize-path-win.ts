// t:normalizePathWin. All backslashes become slashes first, then t:normalizePath.
//
// ModSecurity converts while it copies and leaves the last of `\\\` behind; the rule meant them all.

import { withByteReplaced } from '../../base/bytes.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';
import { normalizedPath } from './normalize-path.ts';

const BACKSLASH = 0x5c;
const SLASH = 0x2f;

export const normalizePathWin: Transformation = Object.freeze({
  name: 'normalizePathWin',
  aliases: Object.freeze(['normalisePathWin']),
  summary: 'backslashes to slashes, then normalizePath',
  // The blank: at the end of a segment, in Coraza's way.
  alters: '/.\\ ',
  adds: () => '/',
  growth: () => 1,
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    const slashed = withByteReplaced(value, BACKSLASH, SLASH);
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
