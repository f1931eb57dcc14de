// t:normalizePath. Runs of `/` collapse, `.` goes, `..` takes the segment before it along.
//
// Above the root `..` goes; in a relative path it stays when nothing is left to take. A segment that
// ends in `..` behind other bytes (`/...`, `/a..`) vanishes alone: ModSecurity's quirk, which hides
// nothing that a file system would open. In a relative path it stays where `..` would, and at the
// beginning behind a single byte.

import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';

export const normalizePath: Transformation = Object.freeze({
  name: 'normalizePath',
  aliases: Object.freeze(['normalisePath']),
  summary: 'resolves //, . and .. in a path',
  alters: '/.',
  adds: () => '',
  growth: () => 1,
  apply: (value: string, { behaviour }: TransformationEnvironment) =>
    normalizedPath(value, behaviour?.tripleDots === 'kept'),
});

/** Of `..` behind at most one byte. */
const SHORT = 3;

/** The normal form of a path, or the very same string when it has it already. */
export function normalizedPath(path: string, keepsTripleDots = false): string {
  if (!/\/\/|(?:^|\/)\.(?:\/|$)|\.\.(?:\/|$)/.test(path)) return path;
  const absolute = path.startsWith('/');
  const kept: string[] = [];
  /** Set while a relative path has nothing that `..` could take. */
  let isAtRoot = false;
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..' && (keepsTripleDots || !segment.endsWith('..'))) {
      kept.push(segment);
      isAtRoot = false;
      continue;
    }
    const stays = isAtRoot || (kept.length === 0 && segment.length <= SHORT);
    if (!absolute && (stays || (segment === '..' && kept.at(-1) === '..'))) {
      kept.push(segment);
      isAtRoot = true;
      continue;
    }
    if (segment === '..') kept.pop();
    isAtRoot = kept.length === 0;
  }
  const body = kept.join('/');
  const trailing = path.endsWith('/') && body !== '' ? '/' : '';
  const normal = (absolute ? '/' : '') + body + trailing;
  return normal === path ? path : normal;
}
