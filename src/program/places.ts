// Where the instructions of a phase stand, by bit and the other way round, so that those that cannot match are
// stepped over many at a time.

import type { Instruction, Places } from './program.ts';

/** `first` is the bit of the phase's first grouped rule. */
export function placesOf(instructions: readonly Instruction[], first: number): Places {
  const { length } = instructions;
  const nextOpen = new Int32Array(length + 1).fill(length);
  const nextBit = new Int32Array(length + 1);
  const grouped = instructions.filter(({ tier }) => tier >= 0);
  const ofBit = new Int32Array(grouped.length + 1).fill(length);
  nextBit[length] = grouped.length;
  for (let at = length - 1; at >= 0; at--) {
    const { tier, bit, group } = instructions[at] as Instruction;
    const isGrouped = tier >= 0;
    const isSurelyTold = isGrouped && group?.passing.length === 0;
    nextOpen[at] = isSurelyTold ? nextOpen[at + 1]! : at;
    nextBit[at] = isGrouped ? bit - first : nextBit[at + 1]!;
    if (isGrouped) ofBit[bit - first] = at;
  }
  return { nextOpen, nextBit, ofBit };
}
