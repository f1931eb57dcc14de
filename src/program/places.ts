// Where the instructions of a phase stand, by bit and the other way round, so that those that cannot match are
// stepped over many at a time.

import type { ExpectedValue } from './expectation.ts';
import type { Instruction, Places, QuietPlaces } from './program.ts';

/**
 * `first` is the bit of the phase's first grouped rule; `failures` tells by place which value of TX is expected to keep
 * an instruction from matching.
 */
export function placesOf(
  instructions: readonly Instruction[],
  first: number,
  failures: readonly (ExpectedValue | undefined)[],
): Places {
  const { length } = instructions;
  const nextBit = new Int32Array(length + 1);
  const grouped = instructions.filter(({ tier }) => tier >= 0);
  const ofBit = new Int32Array(grouped.length + 1).fill(length);
  nextBit[length] = grouped.length;
  for (let at = length - 1; at >= 0; at--) {
    const { tier, bit } = instructions[at] as Instruction;
    const isGrouped = tier >= 0;
    nextBit[at] = isGrouped ? bit - first : nextBit[at + 1]!;
    if (isGrouped) ofBit[bit - first] = at;
  }
  const isTold = ({ tier, group }: Instruction): boolean =>
    tier >= 0 && group?.passing.length === 0;
  const nextOpen = nextUntold(instructions.map(isTold));
  return { nextOpen, quiet: quietPlaces(instructions.map(isTold), failures), nextBit, ofBit };
}

/** By place: the first there or behind of which that is not so; one longer, as all lists of places. */
function nextUntold(isTold: readonly boolean[]): Int32Array {
  const { length } = isTold;
  const next = new Int32Array(length + 1).fill(length);
  for (let at = length - 1; at >= 0; at--) next[at] = isTold[at] === true ? next[at + 1]! : at;
  return next;
}

/** For the value that keeps most instructions from matching. */
function quietPlaces(
  isTold: readonly boolean[],
  failures: readonly (ExpectedValue | undefined)[],
): QuietPlaces | undefined {
  const byValue = new Map<string, number>();
  let most: ExpectedValue | undefined;
  let mostFailures = 0;
  for (const failure of failures) {
    if (failure === undefined) continue;
    const name = nameOf(failure);
    const count = (byValue.get(name) ?? 0) + 1;
    byValue.set(name, count);
    if (count > mostFailures) {
      most = failure;
      mostFailures = count;
    }
  }
  if (most === undefined) return undefined;
  const name = nameOf(most);
  const isQuiet = failures.map((failure) => failure !== undefined && nameOf(failure) === name);
  return { ...most, nextOpen: nextUntold(isTold.map((told, at) => told || isQuiet[at] === true)) };
}

const nameOf = ({ key, value }: ExpectedValue): string => JSON.stringify([key, value]);
