// The running rule about itself, and the gravest severity so far.

import type { VariableDefinition } from '../../model/variable.ts';
import { collection, scalar } from './define.ts';

export const ruleVariables: readonly VariableDefinition[] = [
  collection('RULE', 1, 'id, rev, severity, msg and logdata of the running rule.', (view) => {
    const rule = view.rule;
    if (rule === undefined) return [];
    return (['id', 'rev', 'severity', 'msg', 'logdata'] as const)
      .filter((key) => rule[key] !== '')
      .map((key) => ({ key, value: rule[key] }));
  }),
  scalar(
    'HIGHEST_SEVERITY',
    1,
    'Lowest severity number of the matched rules; 255 before any.',
    (view) => String(view.highestSeverity),
  ),
];
