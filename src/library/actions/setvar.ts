// setvar: sets, adds to, subtracts from or deletes a variable of TX or a persistent collection.
//
// Runs at each match of its link, so counters count matches. Arithmetic is decided on the expanded
// value and never goes below zero (ModSecurity v2; v3 decides it on the written one, v3 and Coraza go negative).

import { asciiLower } from '../../base/ascii.ts';
import { leadingInteger } from '../../base/integer.ts';
import {
  type ActionDefinition,
  ActionValueError,
  type Macro,
  type TxUse,
} from '../../model/action.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { MutableCollection } from '../../model/view.ts';
import { txKeysOf } from '../macro.ts';
import { collectionPath } from './collection-path.ts';
import { defineAction, EFFECT } from './define.ts';

/**
 * Bytes of a value, as much as a body has. `setvar:tx.a=%{tx.a}%{tx.a}` doubles with each match; without an end the
 * engine runs out of memory, or of what a string may hold.
 */
const LONGEST_VALUE = 1 << 24;

function assign(
  target: MutableCollection,
  key: string,
  value: string,
  arithmetic: Behaviour['arithmetic'],
): void {
  const sign = value[0];
  const whole = arithmetic === 'whole-numbers';
  if ((sign !== '+' && sign !== '-') || (whole && !/^[+-][+-]?\d+$/.test(value))) {
    target.set(key, value);
    return;
  }
  const number = value.slice(1);
  const amount = arithmetic === 'leading-digits' ? numberOf(number) : leadingInteger(number);
  target.add(key, sign === '+' ? amount : -amount);
}

/** "+ 5" adds nothing: the number must follow its sign at once. Other engines read a second sign as well. */
function numberOf(text: string): number {
  const first = text.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 ? leadingInteger(text) : 0;
}

/** A variable is read before it is written: what is added to it needs its value, and its name stays as it was. */
function txUse(key: Macro, value: Macro): TxUse | undefined {
  const reads = txKeysOf(value);
  if (reads === undefined) return undefined;
  if (key.literal === undefined) {
    const named = txKeysOf(key);
    return named && { reads: [...reads, ...named], writes: 'any' };
  }
  const written = asciiLower(key.literal);
  return { reads: [...reads, written], writes: [written] };
}

export const setvar: ActionDefinition = defineAction(
  'setvar',
  'Sets (tx.a=b), adds (tx.a=+1), subtracts (tx.a=-1) or deletes (!tx.a) a variable; macros allowed.',
  EFFECT,
  (draft, value, context) => {
    const text = value.trimStart();
    const remove = text.startsWith('!');
    const body = remove ? text.slice(1) : text;
    const equals = body.indexOf('=');
    const path = (equals < 0 ? body : body.slice(0, equals)).trim();
    const { collection, key } = collectionPath(path, 'setvar', context);
    const assigned = equals < 0 ? '1' : body.slice(equals + 1);
    const { behaviour } = context;
    const arithmetic = behaviour?.arithmetic ?? 'leading-digits';
    if (
      behaviour?.quotedAssignments !== 'kept' &&
      assigned.length > 1 &&
      assigned.startsWith("'") &&
      assigned.endsWith("'")
    ) {
      throw new ActionValueError('the quotes must hold the whole assignment', {
        help: `write setvar:'${path}=${assigned.slice(1, -1)}'`,
      });
    }
    // Most of what runs at each match counts: the sign is known beforehand, and the number needs no text around it.
    const counts = arithmetic === 'leading-digits' && /^[+-]/.test(assigned);
    const sign = assigned.startsWith('-') ? -1 : 1;
    // libmodsecurity looks for the sign in the rule, the others in what its macros come to.
    const isText = arithmetic === 'signed-digits' && !/^[+-]/.test(assigned);
    const macro = context.macro(counts ? assigned.slice(1) : assigned);
    draft.effects.push({
      action: 'setvar',
      // What is deleted and written again moves to the end of the collection: more than a use can say.
      tx: collection === 'TX' && !remove ? txUse(key, macro) : undefined,
      assigns:
        collection === 'TX' && key.literal !== undefined
          ? { key: asciiLower(key.literal), value: remove || counts ? undefined : macro }
          : undefined,
      run: (control) => {
        const target = control.mutable(collection);
        if (target === undefined) return;
        const name = key.literal ?? key.expand(control);
        if (remove) {
          target.unset(name);
          return;
        }
        const value = macro.literal ?? macro.expand(control);
        const length = value.length + (counts ? 1 : 0);
        if (length > LONGEST_VALUE) {
          control.fail('value-too-long', `setvar:${path} would be ${length} bytes`);
        } else if (counts) target.add(name, sign * numberOf(value));
        else if (isText) target.set(name, value);
        else assign(target, name, value, arithmetic);
      },
    });
  },
);
