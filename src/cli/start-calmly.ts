// What V8 is told while a command starts, and when it has started.
//
// Importing and loading are a second of code that runs for the first time, and seldom again. V8 would optimise some 400
// of its functions meanwhile, in threads that take more processor time than the one they help. Behind that nearly all
// that is made dies with its request. For a process of our own, never for a library: its host's V8 is left alone.

import { setFlagsFromString } from 'node:v8';

/** In bytes of bytecode that a function runs before V8 thinks about it again. */
const CALM = 200_000;
const USUAL = 67_584;

function isChosen(name: RegExp): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  return options.some((option) => name.test(option));
}

/** V8 tells nobody what it has been set to, so it is changed only where the usual is known, and nobody chose. */
function isOurs(): boolean {
  return process.versions.v8.startsWith('11.3.') && !isChosen(/interrupt[-_]budget/);
}

/** From here on starting takes a quarter less processor time, and code becomes fast later. */
export function startCalmly(): void {
  if (isOurs()) setFlagsFromString(`--interrupt-budget=${CALM}`);
}

/**
 * To be called when what takes long is loaded, and before what has to be fast.
 *
 * A body of thousands of fields outlives a collection. From that V8 would conclude that what such code makes lives long,
 * make it old from the start, and have all that it refers to grow old with it, for every request from then on.
 */
export function beginWork(): void {
  if (isOurs()) setFlagsFromString(`--interrupt-budget=${USUAL}`);
  if (!isChosen(/allocation[-_]site[-_]pretenuring/)) {
    setFlagsFromString('--no-allocation-site-pretenuring');
  }
  // So little survives a collection that to wake other threads for it takes longer than the collection.
  if (!isChosen(/--(?:no[-_])?parallel[-_]scavenge/)) setFlagsFromString('--no-parallel-scavenge');
}
