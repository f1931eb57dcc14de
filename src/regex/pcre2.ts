// PCRE2 in WebAssembly, under a budget, for patterns that nothing else here can run.
//
// The module is the one of the package @stephen-riley/pcre2-wasm: PCRE2 10.34 in its 16-bit, UTF
// build. Bytes are passed as code points U+0000-U+00FF, for which this build and the 8-bit one agree,
// caseless folding aside (see print-pcre.ts). The package's own glue is not used: it does not settle
// on Node 18 and later, and puts subjects on a stack that a long one runs over.
//
// Promise: a match costs a bounded number of steps per byte, each turn of a loop counted, and a fixed amount of
// memory. Whoever exceeds either gets a MatchLimitError, never "no match".

import type { MatcherResult } from '../model/operator.ts';
import { MatchLimitError, OperatorArgumentError } from '../model/operator.ts';
import type { Pattern } from './ast.ts';
import { bytesOf, sizeOf } from './byte-set.ts';
import { type GroupSpans, spansOfSlots } from './group-spans.ts';
import { Broken, compileModule, Instance, OutOfFuel } from './pcre2-module.ts';
import { printPcre } from './print-pcre.ts';
import { firstBytes } from './simplify.ts';
import { isAnchored, minWidth } from './width.ts';

/** One compiled pattern. */
export interface Pcre2Pattern {
  /** The leftmost match at or after `from`. Throws `MatchLimitError`. */
  readonly exec: (subject: string, from?: number) => MatcherResult | null;
  /** Where the groups of that match lie. Throws `MatchLimitError`. */
  readonly locate: (subject: string, from?: number) => GroupSpans | null;
  /** Gives the memory back; a later `exec` compiles again. */
  readonly free: () => void;
}

export interface Pcre2 {
  /** Throws `OperatorArgumentError` when PCRE2 does not accept the pattern. */
  readonly compile: (pattern: Pattern) => Pcre2Pattern;
  readonly version: () => string;
  /** How often the module had to be replaced after it ran out of memory or trapped. */
  readonly restarts: () => number;
}

/** Longer subjects exceed the budget as they are; the module has 16 MB in all. */
export const MAX_SUBJECT_BYTES: number = 1 << 20;
const HEAP_KILOBYTES = 4096;

// Steps for one call. A step takes about half a microsecond.
const BASE_STEPS = 20_000;
const STEPS_PER_BYTE = 32;
const MAX_STEPS = 4_000_000;

// Turns of loops for one call. PCRE2's steps bound them only for patterns whose steps are short: `(?=(a+))\1b` reads
// the rest of the subject in one. A turn takes two to six nanoseconds.
const BASE_FUEL = 200_000;
const FUEL_PER_BYTE = 400;

/** Limits are compiled into the code, so there are only a few of them. */
const MIN_LIMIT = 64;

/**
 * The match limit for a search that may begin at `starts` places. PCRE2 counts its limit anew at each
 * of them, so that a quadratic pattern never meets a constant one.
 */
export function stepLimit(subjectBytes: number, starts: number): number {
  const steps = Math.min(MAX_STEPS, BASE_STEPS + subjectBytes * STEPS_PER_BYTE);
  const perStart = steps / Math.max(starts, 1);
  let limit = MIN_LIMIT;
  while (limit * 4 <= perStart) limit *= 4;
  return limit;
}

const NO_MATCH = -1;
const OUT_OF_MEMORY = -48;
interface Code {
  readonly instance: Instance;
  readonly code: number;
  readonly data: number;
}

/** `wasmBytes` is the package's dist/libpcre2.wasm. */
export function createPcre2(wasmBytes: Uint8Array): Pcre2 {
  const module = compileModule(wasmBytes);
  let instance = new Instance(module);
  let restarts = 0;

  /**
   * Runs `work`. When the module fails in it, whatever it does from there on cannot be relied on: it is
   * replaced, and `work` gets a second chance with the whole memory to itself.
   */
  const guarded = <T>(work: () => T): T => {
    for (let attempt = 1; ; attempt++) {
      try {
        return work();
      } catch (error) {
        if (error instanceof MatchLimitError || error instanceof OperatorArgumentError) throw error;
        if (error instanceof OutOfFuel) throw new MatchLimitError('PCRE2 took too long');
        instance = new Instance(module);
        restarts++;
        const reason = error instanceof Error ? error.message : String(error);
        if (attempt === 2) throw new MatchLimitError(`PCRE2 gave up: ${reason}`);
      }
    }
  };

  const compile = (pattern: Pattern): Pcre2Pattern => {
    const source = printPcre(pattern);
    const codes = new Map<number, Code>();
    const countStarts = startCounter(pattern);

    const codeFor = (limit: number): Code => {
      const known = codes.get(limit);
      if (known?.instance === instance) return known;
      const settings = `(*LIMIT_MATCH=${limit})(*LIMIT_DEPTH=${limit})(*LIMIT_HEAP=${HEAP_KILOBYTES})`;
      const code = instance.compile(settings + source);
      if (code === 0) {
        throw new OperatorArgumentError(`Regular expression: ${instance.lastError()}`, {
          code: 'invalid-regex',
        });
      }
      const made: Code = { instance, code, data: instance.createMatchData(code) };
      codes.set(limit, made);
      return made;
    };

    const run = <T>(
      subject: string,
      from: number,
      read: (instance: Instance, data: number) => T,
    ): T | null => {
      if (subject.length > MAX_SUBJECT_BYTES) {
        throw new MatchLimitError(`PCRE2 is not given subjects above ${MAX_SUBJECT_BYTES} bytes`);
      }
      const limit = stepLimit(subject.length, countStarts(subject, from));
      const fuel = BASE_FUEL + subject.length * FUEL_PER_BYTE;
      return guarded(() => {
        const { code, data } = codeFor(limit);
        const outcome = instance.match(code, data, subject, from, fuel);
        if (outcome >= 0) return read(instance, data);
        if (outcome === NO_MATCH) return null;
        if (outcome === OUT_OF_MEMORY) throw new Broken('out of memory');
        throw new MatchLimitError(`PCRE2 stopped with error ${outcome}`);
      });
    };

    const exec = (subject: string, from = 0): MatcherResult | null =>
      run(subject, from, (current, data) => current.result(data, subject));
    const locate = (subject: string, from = 0): GroupSpans | null =>
      run(subject, from, (current, data) => spansOfSlots(current.slots(data)));

    const free = (): void => {
      for (const made of codes.values()) {
        if (made.instance === instance) instance.free(made.code, made.data);
      }
      codes.clear();
    };

    // Errors that only PCRE2 finds are to be found at load.
    guarded(() => codeFor(stepLimit(0, 0)));
    return { exec, locate, free };
  };

  return { compile, version: () => guarded(() => instance.version()), restarts: () => restarts };
}

/** Counts the places at which a search would have to try for a match. */
function startCounter(pattern: Pattern): (subject: string, from: number) => number {
  const { root } = pattern;
  if (isAnchored(root)) return () => 1;
  const bytes = firstBytes(root);
  if (minWidth(root) === 0 || sizeOf(bytes) === 256) {
    return (subject, from) => subject.length - from + 1;
  }
  const first = new Uint8Array(256);
  for (const byte of bytesOf(bytes)) first[byte] = 1;
  return (subject, from) => {
    let count = 0;
    for (let at = from; at < subject.length; at++) count += first[subject.charCodeAt(at) & 255]!;
    return count;
  };
}
