// What rules see of a transaction beside TX that has few values over all requests, and short ones: the method, the
// protocol, the names of the headers. What rules make of it may be kept (closed-rules.ts).
//
// A name that is not listed costs speed and never a verdict.

import { asciiLower } from '../base/ascii.ts';
import { ANY_VARIABLE } from '../model/control.ts';
import type { Pair } from '../model/pair.ts';
import type { TransactionView } from '../model/view.ts';
import type { Target } from '../ruleset/ruleset.ts';

export interface Fact {
  /** The same text for the same elements in the same order, and for no others; undefined where it would be long. */
  readonly read: (view: TransactionView) => string | undefined;
}

/** Longer texts hardly recur. */
const LONGEST = 512;

/** Each has a value at all times. */
const SCALARS: ReadonlySet<string> = new Set([
  'REQUEST_METHOD',
  'REQUEST_PROTOCOL',
  'REQBODY_PROCESSOR',
]);
const NAMES: ReadonlySet<string> = new Set(['REQUEST_HEADERS_NAMES', 'RESPONSE_HEADERS_NAMES']);
/** Of most of them there is one or none, and that is all that is asked. */
const COUNTED: ReadonlySet<string> = new Set(['REQUEST_HEADERS', 'RESPONSE_HEADERS']);
/** Requests without a body hardly ever have them, and of the last there are few. */
const SHORT: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'content-type']);

const short = (text: string): string | undefined => (text.length > LONGEST ? undefined : text);

/** With their lengths: any byte may stand in an element. */
function joined(pairs: readonly Pair[]): string | undefined {
  let text = '';
  for (let at = 0; at < pairs.length && text.length <= LONGEST; at++) {
    const { value } = pairs[at] as Pair;
    text += `${value.length}:${value}`;
  }
  return short(text);
}

function joinedWithKeys(pairs: readonly Pair[]): string | undefined {
  let text = '';
  for (let at = 0; at < pairs.length && text.length <= LONGEST; at++) {
    const { key, value } = pairs[at] as Pair;
    text += `${key.length}:${key}${value.length}:${value}`;
  }
  return short(text);
}

const NO_PAIRS: readonly Pair[] = Object.freeze([]);

/** Those whose key it is, in any case; `lowerKey` is in lower case. */
export function pairsNamed(pairs: readonly Pair[], lowerKey: string): readonly Pair[] {
  let found: Pair[] | undefined;
  for (const pair of pairs) {
    if (pair.key.length !== lowerKey.length || asciiLower(pair.key) !== lowerKey) continue;
    if (found === undefined) found = [pair];
    else found.push(pair);
  }
  return found ?? NO_PAIRS;
}

/** Whether closed rules look at the variable with this name at all. */
export function isSeenByClosed(name: string): boolean {
  if (name === 'TX' || name === ANY_VARIABLE) return true;
  return SCALARS.has(name) || NAMES.has(name) || COUNTED.has(name);
}

/** Undefined for a target that may show anything. */
export function factOf({ variable, selector, count, exclusions }: Target): Fact | undefined {
  if (exclusions !== undefined) return undefined;
  const { name } = variable;
  if (variable.kind === 'scalar') {
    if (count || !SCALARS.has(name)) return undefined;
    return { read: (view) => short(variable.read(view) ?? '') };
  }
  if (variable.kind !== 'collection') return undefined;
  if (name === 'TX' && selector?.kind === 'regex') {
    const { matches } = selector;
    return { read: (view) => joinedWithKeys(view.tx.select?.(matches) ?? []) };
  }
  if (selector === undefined) {
    return NAMES.has(name) ? { read: (view) => joined(variable.list(view)) } : undefined;
  }
  if (selector.kind !== 'literal' || !COUNTED.has(name)) return undefined;
  const { key } = selector;
  const elements = (view: TransactionView): readonly Pair[] => pairsNamed(variable.list(view), key);
  if (count) return { read: (view) => String(elements(view).length) };
  // A match shows the name as it came.
  return SHORT.has(key) ? { read: (view) => joinedWithKeys(elements(view)) } : undefined;
}
