// Short forms for writing down a variable's record.

import type { Pair } from '../../model/pair.ts';
import type { Phase } from '../../model/phase.ts';
import type { CollectionVariable, ScalarVariable } from '../../model/variable.ts';
import type { TransactionView } from '../../model/view.ts';

export function scalar(
  name: string,
  phase: Phase,
  summary: string,
  read: (view: TransactionView) => string | undefined,
  aliases?: readonly string[],
): ScalarVariable {
  return Object.freeze({ kind: 'scalar', name, phase, summary, read, ...(aliases && { aliases }) });
}

export function collection(
  name: string,
  phase: Phase,
  summary: string,
  list: (view: TransactionView) => readonly Pair[],
  extra?: Pick<CollectionVariable, 'keyIsName' | 'find' | 'select' | 'aliases'>,
): CollectionVariable {
  return Object.freeze({ kind: 'collection', name, phase, summary, list, ...extra });
}
