// How much memory V8 may take beyond what a server holds: the two flags that it reads while it runs.
//
// For a process that serves, never for a library: its host's V8 is left alone.

import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * V8 lets the old heap grow to several times of what it holds before it collects. What rules hold is long-lived and does
 * not grow, so waiting less costs nothing that could be measured.
 */
const HEAP_GROWTH = '--heap-growing-percent=20';

/** Of each of the two halves. V8 goes up to 16 MiB, which is 2 % faster; with 4 MiB requests take a tenth longer. */
const YOUNG_MEBIBYTES = 8;

const growYoungBy = (factor: number): void =>
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);

function youngMebibytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return (young?.space_size ?? 0) / 2 ** 21;
}

/** Lists of 8 KiB. Half a megabyte of them survives each collection, and dies before the next would make it old. */
const LIST_LENGTH = 1024;
const KEPT_LISTS = 64;
const LISTS_A_STEP = 16;
/** V8 lets the young generation grow when more has survived, in however many collections, than it can hold. */
const MOST_STEPS = 1000;

/** Whoever starts Node with a size of their own keeps it. */
function isYoungChosen(): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  return options.some((option) => /semi[-_]space/.test(option));
}

/**
 * Holds the old heap down for the rest of the process. To be called when the rules are loaded: before that nearly all
 * that is made stays, and collecting it takes a tenth of the time of a load from the cache.
 */
export const limitHeap = (): void => setFlagsFromString(HEAP_GROWTH);

/**
 * Holds the young generation down for the rest of the process. To be called before anything large is loaded: it is
 * brought to its size at once, doubling from the size at which V8 starts, and then kept from growing.
 */
export function limitYoung(): void {
  if (isYoungChosen()) return;
  growYoungBy(2);
  const kept: unknown[][] = [];
  for (let step = 0; step < MOST_STEPS && youngMebibytes() < YOUNG_MEBIBYTES; step++) {
    for (let list = 0; list < LISTS_A_STEP; list++) {
      kept[(step * LISTS_A_STEP + list) % KEPT_LISTS] = new Array<unknown>(LIST_LENGTH);
    }
  }
  growYoungBy(1);
}
