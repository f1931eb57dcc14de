// The help line of an unknown name.

import { suggest } from '../diagnostics/suggest.ts';

/** `did you mean "t:urlDecodeUni"?`, or undefined when no name is near. */
export function suggestion(
  name: string,
  names: readonly string[],
  show: (name: string) => string = (found) => found,
): string | undefined {
  const nearest = suggest(name, names);
  return nearest === undefined ? undefined : `did you mean "${show(nearest)}"?`;
}
