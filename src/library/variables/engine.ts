// What the engine tells about itself: which build it is, and whether a pattern has passed its budget.

import type { VariableDefinition } from '../../model/variable.ts';
import type { TransactionView } from '../../model/view.ts';
import { scalar } from './define.ts';

// Linear patterns have no budget that they could pass; the others set this when they do.
const limitPassed = (view: TransactionView): string =>
  view.tx.get('MSC_PCRE_LIMITS_EXCEEDED') ?? '0';

export const engineVariables: readonly VariableDefinition[] = [
  scalar(
    'MODSEC_BUILD',
    1,
    'Version of ModSecurity whose rules are understood, in nine digits.',
    (view) => view.settings.behaviour.build,
  ),
  scalar('MSC_PCRE_ERROR', 1, '1 when a pattern could not be run to its end.', limitPassed),
  scalar('MSC_PCRE_LIMITS_EXCEEDED', 1, '1 when a pattern passed its budget.', limitPassed),
];
