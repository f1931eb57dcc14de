// TX:0 to TX:9 after a match of a rule with `capture`.

import type { Behaviour } from '../model/compatibility.ts';
import type { KeyedValues } from './collections.ts';

/** A text, or what finds it when it is read. */
export type Capture = string | (() => string);

const SLOTS: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Earlier captures are cleared first (ModSecurity v2), or what is not overwritten stays (v3, Coraza). */
export function storeCaptures(
  captures: readonly Capture[],
  tx: KeyedValues,
  { captures: earlier, missingCaptures }: Behaviour,
): void {
  for (let at = 0; at < SLOTS.length; at++) {
    const slot = SLOTS[at] as string;
    const value = captures[at];
    if (value === '' && at > 0 && missingCaptures === 'absent') continue;
    if (value === undefined) {
      if (earlier === 'cleared') tx.unset(slot);
    } else if (typeof value === 'string') tx.set(slot, value);
    else tx.setLater(slot, value);
  }
}
