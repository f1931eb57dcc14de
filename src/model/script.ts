// The contract of Lua scripts: what rules run, and what a script sees of the transaction it runs for.

import type { TransactionControl } from './control.ts';
import type { OperatorTransaction } from './operator.ts';
import type { Pair } from './pair.ts';

/** What `m.log`, `m.getvar`, `m.getvars` and `m.setvar` come to. Throws `ScriptError`, which the script sees. */
export interface ScriptHost {
  log(level: number, text: string): void;
  /** Values after the transformations, under their full names: `ARGS:user`; only the first if that will do. */
  variables(name: string, transformations: readonly string[], first: boolean): readonly Pair[];
  /** The bytes of the upload that FILES_TMPNAMES gives that path; undefined: there is none. */
  upload(path: string): string | undefined;
  /** `tx.name`; undefined removes the variable. */
  setVariable(name: string, value: string | undefined): void;
}

export interface ScriptSource {
  readonly name: string;
  readonly text: string;
}

/** A mistake in the text of a script; the range is within the text. */
export interface ScriptFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Script {
  /** Undefined when the script can be run. */
  readonly fault: ScriptFault | undefined;
  /**
   * What `main()` returns: a text, or undefined for anything that is none. Throws `MatchLimitError` when it
   * does not come to an end, and `ScriptError` when the script fails.
   */
  readonly run: (argument: string | undefined, host: ScriptHost) => string | undefined;
}

export type LoadScript = (source: ScriptSource) => Script;

/** A script as rules run it: names resolved against the rule set. Throws as `Script.run` does. */
export type RunScript = (
  argument: string | undefined,
  transaction: TransactionControl,
) => string | undefined;

/** An operator is handed the whole transaction, except where it is run on its own. */
export function controlOf(transaction: OperatorTransaction): TransactionControl {
  if ('mutable' in transaction) return transaction as TransactionControl;
  throw new ScriptError('scripts need a transaction');
}

/** The script did something that cannot be done, or raised an error itself. */
export class ScriptError extends Error {
  override readonly name: string = 'ScriptError';
}
