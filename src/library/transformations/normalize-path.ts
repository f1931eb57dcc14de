// t:normalizePath. Runs of `/` collapse, `.` goes, `..` takes the segment before it along.
//
// Above the root `..` goes; in a relative path it stays when nothing is left to take. A segment that
// ends in `..` behind other bytes (`...`, `a..`) vanishes alone: ModSecurity's quirk, which hides
// nothing that a file system would open.

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

/** The normal form of a path, or the very same string when it has it already. */
export function normalizedPath(path: string, keepsTripleDots = false): string {
  if (!/\/\/|(?:^|\/)\.(?:\/|$)|\.\.(?:\/|$)/.test(path)) return path;
  const absolute = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop();
      else if (!absolute) kept.push(segment);
    } else if (keepsTripleDots || !segment.endsWith('..')) {
      kept.push(segment);
    }
  }
  const body = kept.join('/');
  const trailing = path.endsWith('/') && body !== '' ? '/' : '';
  const normal = (absolute ? '/' : '') + body + trailing;
  return normal === path ? path : normal;
}
