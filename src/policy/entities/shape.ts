// Shapes of identifiers: templates that say byte by byte what stands where.
//
// `9` is a digit, `A` a letter in either case, `U` a capital letter, `X` a letter or digit, `x` a capital letter or
// digit; everything else is itself. `999-99-9999` is a US social security number with its hyphens.

import type { WordAnchor, WordKind } from './data-type.ts';

/** The words that a text of this shape begins with. Throws `TypeError` when it begins with none. */
export function anchorsOf(shape: string): readonly WordAnchor[] {
  const first = /^[9AUXx]+/.exec(shape)?.[0];
  if (first === undefined) throw new TypeError(`the shape "${shape}" does not begin with a word`);
  const next = shape.charAt(first.length);
  const kinds: readonly WordKind[] = /^9+$/.test(first)
    ? ['digits']
    : /^[AU]+$/.test(first)
      ? ['letters']
      : first.includes('9') && /[AU]/.test(first)
        ? ['mixed']
        : ['digits', 'letters', 'mixed'];
  return kinds
    .filter((kind) => kind !== 'mixed' || first.length > 1)
    .filter((kind) => kind !== 'digits' || !/[AU]/.test(first))
    .filter((kind) => kind !== 'letters' || !first.includes('9'))
    .map((kind) => ({ kind, length: first.length, ...(next !== '' && { next }) }));
}

/** Whether the text at `at` has the shape. Says nothing about what stands around it. */
export function hasShape(shape: string, text: string, at: number): boolean {
  for (let place = 0; place < shape.length; place++) {
    if (!fits(shape.charCodeAt(place), text.charCodeAt(at + place))) return false;
  }
  return true;
}

function fits(kind: number, code: number): boolean {
  switch (kind) {
    case 0x39: // 9
      return isDigit(code);
    case 0x41: // A
      return isLetter(code);
    case 0x55: // U
      return isCapital(code);
    case 0x58: // X
      return isDigit(code) || isLetter(code);
    case 0x78: // x
      return isDigit(code) || isCapital(code);
    default:
      return kind === code;
  }
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

export function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

export function isWordByte(code: number): boolean {
  return isDigit(code) || isLetter(code);
}

const JOINTS = '.-';

/**
 * Whether `[start, end)` is a part of a longer number: a letter or digit touches it, or a digit follows or
 * leads behind a `.` or `-`, as in a decimal fraction, a version or a longer hyphenated number.
 */
export function isInsideNumber(text: string, start: number, end: number): boolean {
  if (isWordByte(text.charCodeAt(end))) return true;
  const { length } = text;
  if (end + 1 < length && JOINTS.includes(text.charAt(end)) && isDigit(text.charCodeAt(end + 1))) {
    return true;
  }
  return (
    start > 1 && JOINTS.includes(text.charAt(start - 1)) && isDigit(text.charCodeAt(start - 2))
  );
}
