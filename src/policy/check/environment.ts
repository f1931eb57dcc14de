// Rules that are for other environments than the one a process says it is: they do nothing there, and a name that is
// misspelt would leave them out without a word.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { suggest } from '../../diagnostics/suggest.ts';
import type { ReadPolicy } from '../document/read.ts';
import { RULE_SECTIONS } from './names.ts';

/** `name`: which environment the process is; undefined: none, so that only rules for all of them apply. */
export function checkEnvironment(
  { document, spanOf }: ReadPolicy,
  name: string | undefined,
): readonly Diagnostic[] {
  const bound = RULE_SECTIONS.flatMap((section) => [...document[section]]).filter(
    ({ enabled, environment }) => enabled && environment !== undefined,
  );
  const known = [...new Set(bound.flatMap(({ environment = [] }) => environment))].sort();
  const [first] = bound;
  if (first === undefined || (name !== undefined && known.includes(name))) return [];
  const near = name === undefined ? undefined : suggest(name, known);
  const rules = bound.length === 1 ? `the rule "${first.name}"` : `${bound.length} rules`;
  return [
    {
      severity: 'warning',
      code: 'policy-unknown-environment',
      message: `${name === undefined ? 'no environment is named' : `no rule is for the environment "${name}"`}, so ${rules} for ${known.join(', ')} ${bound.length === 1 ? 'does' : 'do'} nothing here`,
      span: spanOf(first, ['environment']),
      help:
        near === undefined
          ? `say which environment this is: --environment ${known[0]}`
          : `did you mean "${near}"?`,
    },
  ];
}
