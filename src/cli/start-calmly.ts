// How soon V8 optimises functions while a command starts.
//
// Importing and loading are a second of code that runs for the first time, and seldom again. V8 would optimise some 400
// of its functions meanwhile, in threads that take more processor time than the one they help. For a process of our
// own, never for a library: its host's V8 is left alone.

import { setFlagsFromString } from 'node:v8';

/** In bytes of bytecode that a function runs before V8 thinks about it again. */
const CALM = 200_000;
const USUAL = 67_584;

/** V8 tells nobody what it has been set to, so it is changed only where the usual is known, and nobody chose. */
function isOurs(): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  return (
    process.versions.v8.startsWith('11.3.') &&
    !options.some((option) => /interrupt[-_]budget/.test(option))
  );
}

/** From here on starting takes a quarter less processor time, and code becomes fast later. */
export function startCalmly(): void {
  if (isOurs()) setFlagsFromString(`--interrupt-budget=${CALM}`);
}

/** To be called when what takes long is loaded, and before what has to be fast. */
export function optimiseAsUsual(): void {
  if (isOurs()) setFlagsFromString(`--interrupt-budget=${USUAL}`);
}
