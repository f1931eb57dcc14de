// Which programs rules may run: those that whoever loads them has allowed, by absolute path.

import type { Span } from '../diagnostics/span.ts';
import type { CheckContext } from './context.ts';

/** The allowed path that the rule means; undefined when it is not allowed. */
export function allowedProgram(
  path: string,
  span: Span,
  { programs = [], files }: CheckContext,
): string | undefined {
  const beside = files.resolve(span.source.name, path);
  return programs.find((allowed) => allowed === path || allowed === beside);
}
