// Makes a data type out of what is particular to it.

import type { AnchoredRecogniser, DataType, PatternRecogniser } from './data-type.ts';
import { ALWAYS_BEFORE } from './data-type.ts';
import { findSensitive } from './find.ts';
import { LONGEST_ANCHOR_WORD, LONGEST_PREFIX, planDetection } from './plan.ts';

export type DataTypeSpec = Omit<DataType, 'find' | 'recogniser' | 'legible' | 'canonical'> & {
  /** Default: 0. */
  readonly legible?: number;
  /** Default: the value as it is. */
  readonly canonical?: (value: string) => string;
};

/** Letters in capitals and digits, without anything between them. */
export function lettersAndDigits(value: string): string {
  return value.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
}

/** Throws `TypeError` when an anchor is out of the contract's bounds. */
export function defineDataType(
  spec: DataTypeSpec,
  recogniser: AnchoredRecogniser | PatternRecogniser,
): DataType {
  if ('anchors' in recogniser) checkAnchors(spec.name, recogniser);
  const type: DataType = Object.freeze({
    ...spec,
    sets: Object.freeze([...spec.sets]),
    legible: spec.legible ?? 0,
    canonical: spec.canonical ?? ((value: string) => value),
    recogniser: Object.freeze(recogniser),
    find: (text: string) =>
      findSensitive(text, planDetection([type]), { maxFindings: Infinity }).findings,
  });
  return type;
}

function checkAnchors(name: string, { anchors, lead = 0 }: AnchoredRecogniser): void {
  const wrong =
    anchors.prefixes?.some((one) => !isPrefix(one)) ||
    anchors.words?.some(({ length }) => length < 1 || length > LONGEST_ANCHOR_WORD) ||
    /[0-9A-Za-z]/.test(anchors.bytes ?? '') ||
    lead > ALWAYS_BEFORE;
  if (wrong) throw new TypeError(`the data type "${name}" has an anchor that cannot be looked for`);
}

function isPrefix(literal: string): boolean {
  return literal.length <= LONGEST_PREFIX && /^[0-9A-Za-z]./s.test(literal);
}
