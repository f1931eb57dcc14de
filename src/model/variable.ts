// The contract of a variable: how a target name becomes values.

import type { Pair } from './pair.ts';
import type { Phase } from './phase.ts';
import type { TransactionView } from './view.ts';

interface VariableBase {
  /** As SecLang spells it, upper case. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** First phase in which the final value exists. */
  readonly phase: Phase;
}

/** One value, or none (`undefined`: no target at all). */
export interface ScalarVariable extends VariableBase {
  readonly kind: 'scalar';
  readonly read: (view: TransactionView) => string | undefined;
}

/** Named values. */
export interface CollectionVariable extends VariableBase {
  readonly kind: 'collection';
  readonly list: (view: TransactionView) => readonly Pair[];
  /** Elements report their key alone: MATCHED_VARS:ARGS:a is reported as `ARGS:a`. */
  readonly keyIsName?: boolean;
  /** Where a key leads to at most one value, that value without a walk (TX). */
  readonly find?: (view: TransactionView, key: string) => Pair | undefined;
  /** What `list` has whose keys pass, in order; left out: to be found by a walk. */
  readonly select?: (
    view: TransactionView,
    matches: (key: string) => boolean,
  ) => readonly Pair[] | undefined;
}

/** Values chosen by an XPath expression. */
export interface DocumentVariable extends VariableBase {
  readonly kind: 'document';
  readonly select: (view: TransactionView, expression: string) => readonly string[];
}

export type VariableDefinition = ScalarVariable | CollectionVariable | DocumentVariable;
