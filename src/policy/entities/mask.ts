// What may be shown of a sensitive value: in events, logs and on the console, nothing that helps to use it.

import type { Finding } from './data-type.ts';
import { isWordByte } from './shape.ts';

/** Stands for any value; the same for all, so that it does not tell how long they are. */
export const MASK = '********';

/** A value must be this many times as long as what is shown of it. */
const SHARE = 3;

/**
 * The value with stars for its letters and digits but the last `legible` ones; separators stay, so that a
 * card is `**** **** **** 1111`. With nothing to be shown, or too short a value: `MASK`.
 */
export function maskValue(value: string, legible = 0): string {
  const total = countWordBytes(value);
  if (legible <= 0 || total < legible * SHARE) return MASK;
  let masked = '';
  let seen = 0;
  for (let at = 0; at < value.length; at++) {
    if (isWordByte(value.charCodeAt(at)))
      masked += ++seen > total - legible ? value.charAt(at) : '*';
    // Of everything else only what is between groups: an escape or a quote would have to stay whole.
    else masked += ' -./'.includes(value.charAt(at)) ? value.charAt(at) : '*';
  }
  return masked;
}

/** What an event may say of a finding. */
export function maskFinding(finding: Finding): string {
  return maskValue(finding.value, finding.legible);
}

function countWordBytes(value: string): number {
  let count = 0;
  for (let at = 0; at < value.length; at++) if (isWordByte(value.charCodeAt(at))) count++;
  return count;
}
