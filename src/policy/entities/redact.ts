// Puts something harmless where a sensitive value stands, so that the text around it stays what it was: JSON stays
// JSON, HTML stays HTML.
//
// What is put in is letters, digits and `*-_. /[]` alone, which mean nothing inside a string, a text or an attribute.
// A number of JSON that stands outside of strings is replaced by a number.

import type { Finding } from './data-type.ts';
import { findSensitive } from './find.ts';
import { MASK, maskFinding, maskValue } from './mask.ts';
import type { DetectionPlan } from './plan.ts';

/**
 * `mask`: stars, and for cards and accounts the last four digits. `remove`: nothing, or 0 for a number. `hash`:
 * `[type:...]` with what the function gives for the value, which should be a keyed hash: equal values stay equal,
 * and no one can try out which they were. Of what it gives, `[0-9A-Za-z_-]` are used.
 */
export type RedactionStyle =
  | 'mask'
  | 'remove'
  | { readonly hash: (value: string, type: string) => string };

/** How far around a value one looks for what it is a number in. */
export const NUMBER_CONTEXT = 66;
const MOST_BLANKS = 64;
const HASH_DIGITS = 14;

/** The text with all findings replaced. They are in order and do not overlap, as `findSensitive` gives them. */
export function redact(text: string, findings: readonly Finding[], style: RedactionStyle): string {
  let redacted = '';
  let from = 0;
  for (const finding of findings) {
    redacted += text.slice(from, finding.start) + replacement(text, 0, finding, style);
    from = finding.end;
  }
  return redacted + text.slice(from);
}

/**
 * A text that may be shown: all values of the plan's types masked. When there are more than are looked for,
 * the text ends with the last that was found.
 */
export function maskText(text: string, plan: DetectionPlan): string {
  const { findings, complete } = findSensitive(text, plan);
  if (complete) return redact(text, findings, 'mask');
  const end = findings.at(-1)?.end ?? 0;
  return `${redact(text.slice(0, end), findings, 'mask')}${MASK}`;
}

/** What stands for a finding; `text` begins at offset `base` of what it was found in. */
export function replacement(
  text: string,
  base: number,
  finding: Finding,
  style: RedactionStyle,
): string {
  const bare = isBareNumber(text, base, finding);
  if (style === 'remove') return bare ? '0' : '';
  if (style === 'mask') return bare ? lastDigits(finding) : maskFinding(finding);
  const hash = style.hash(finding.value, finding.type).replace(/[^0-9A-Za-z_-]/g, '');
  return bare ? digitsFrom(hash) : `[${finding.type}:${hash}]`;
}

/** Whether the value is a number of JSON outside of strings, or cannot be told from one. */
function isBareNumber(text: string, base: number, { start, end, value }: Finding): boolean {
  if (!/^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(value)) return false;
  let before = start - base;
  if (before > 0 && text.charAt(before - 1) === '-') before--;
  const left = before;
  while (before > 0 && left - before < MOST_BLANKS && isBlank(text.charCodeAt(before - 1)))
    before--;
  let after = end - base;
  const right = after;
  while (after < text.length && after - right < MOST_BLANKS && isBlank(text.charCodeAt(after))) {
    after++;
  }
  const atStart = before === 0 && base === 0;
  // A text that is nothing but a number.
  if (atStart || after === text.length) return atStart && after === text.length;
  if (!':,['.includes(text.charAt(before - 1))) return false;
  return after - right === MOST_BLANKS || ',]}'.includes(text.charAt(after));
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** Without leading zeros, which JSON does not allow. */
function lastDigits(finding: Finding): string {
  const shown = maskValue(finding.value, finding.legible).replaceAll('*', '');
  return shown.replace(/^0+/, '') || '0';
}

/** A number made of what a hash holds: equal hashes give equal numbers. */
function digitsFrom(hash: string): string {
  const digits = Array.from(hash.slice(0, HASH_DIGITS), (char) => char.charCodeAt(0) % 10);
  return `1${digits.join('')}`;
}
