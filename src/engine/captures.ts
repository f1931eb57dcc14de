// TX:0 to TX:9 after a match of a rule with `capture`.

import type { KeyedValues } from './collections.ts';

const SLOTS: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Earlier captures are cleared first (ModSecurity v2; v3 and Coraza leave what is not overwritten). */
export function storeCaptures(captures: readonly string[], tx: KeyedValues): void {
  SLOTS.forEach((slot, at) => {
    const value = captures[at];
    if (value === undefined) tx.unset(slot);
    else tx.set(slot, value);
  });
}
