// Evidence of earlier matches. MATCHED_VAR survives into later rules (ModSecurity v2; v3 clears it),
// MATCHED_VARS belongs to the current chain.

import type { VariableDefinition } from '../../model/variable.ts';
import type { TransactionView } from '../../model/view.ts';
import { collection, scalar } from './define.ts';

function unset(view: TransactionView): '' | undefined {
  return view.settings.behaviour.matchedVarUnset === 'empty' ? '' : undefined;
}

export const matchedVariables: readonly VariableDefinition[] = [
  scalar(
    'MATCHED_VAR',
    1,
    'Value of the last target that matched.',
    (view) => view.matched.last?.value ?? unset(view),
  ),
  scalar(
    'MATCHED_VAR_NAME',
    1,
    'Name of the last target that matched.',
    (view) => view.matched.last?.name ?? unset(view),
  ),
  collection(
    'MATCHED_VARS',
    1,
    'Values that the current chain has matched so far.',
    (view) => view.matched.all.map(({ name, value }) => ({ key: name, value })),
    { keyIsName: true },
  ),
  collection(
    'MATCHED_VARS_NAMES',
    1,
    'Names of the targets that the current chain has matched so far.',
    (view) => view.matched.all.map(({ name }) => ({ key: name, value: name })),
    { keyIsName: true },
  ),
];
