// One instance of PCRE2's WebAssembly module: memory, imports, and its calls in terms of strings.
//
// Nothing here throws but `Broken` and `OutOfFuel`, and traps of the module itself; after `Broken` and traps the
// instance is to be thrown away.

import type { MatcherResult } from '../model/operator.ts';
import { withFuel } from './wasm-fuel.ts';

const PAGES = 256;
// Facts about the module: where it keeps the top of its heap, and where that heap starts.
const HEAP_TOP_ADDRESS = 117_184;
const HEAP_START = 5_360_256;

/** What compiling and reading results may use: patterns are the owner's, and this is some seconds. */
const PLENTY_OF_FUEL = 0x7fffffff;

interface Exports {
  /** Turns of loops that are left (wasm-fuel.ts). */
  readonly fuel: { value: number };
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
  readonly _compile: (pattern: number, length: number, flags: number) => number;
  readonly _destroyCode: (code: number) => void;
  readonly _createMatchData: (code: number) => number;
  readonly _destroyMatchData: (data: number) => void;
  readonly _match: (c: number, subject: number, n: number, from: number, data: number) => number;
  readonly _getOvectorPointer: (data: number) => number;
  readonly _getOvectorCount: (data: number) => number;
  readonly _lastErrorMessage: (buffer: number, length: number) => number;
  readonly _version: (buffer: number) => number;
  readonly stackSave: () => number;
  readonly stackRestore: (top: number) => void;
}

// The part of the WebAssembly API used here; it is everywhere, but in no library of the compiler's that
// also leaves out the browser.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(
      module: Module,
      imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    );
    readonly exports: unknown;
  }
  class Memory {
    constructor(size: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class Table {
    constructor(size: {
      readonly initial: number;
      readonly maximum: number;
      readonly element: 'anyfunc';
    });
  }
}

/** The module has failed in a way after which its memory cannot be trusted. */
export class Broken extends Error {}

/**
 * A match has used up what it was given. The instance goes on; what PCRE2 had allocated for that match is lost, so
 * that it may run out of memory some day.
 */
export class OutOfFuel extends Error {}

/** The compiled module, of which instances can be made. */
export type CompiledModule = WebAssembly.Module;

export function compileModule(bytes: Uint8Array): CompiledModule {
  return new WebAssembly.Module(withFuel(bytes, ['_malloc', '_free']));
}

/** One instance of the module and what lies in its memory. */
export class Instance {
  private readonly exports: Exports;
  private readonly units: Uint16Array;
  private readonly words: Int32Array;
  private readonly flags: number;
  private subject = 0;
  private subjectCapacity = 0;

  constructor(module: WebAssembly.Module) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const table = new WebAssembly.Table({ initial: 4, maximum: 4, element: 'anyfunc' });
    const bytes = new Uint8Array(memory.buffer);
    this.units = new Uint16Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.words[HEAP_TOP_ADDRESS >> 2] = HEAP_START;
    const abort = (what: string) => (): never => {
      throw new Broken(what);
    };
    const env = {
      abortStackOverflow: abort('stack overflow'),
      nullFunc_vii: abort('null function'),
      nullFunc_iii: abort('null function'),
      _emscripten_resize_heap: abort('out of memory'),
      _emscripten_memcpy_big: (to: number, from: number, count: number): number => {
        bytes.copyWithin(to, from, from + count);
        return to;
      },
      _emscripten_get_heap_size: (): number => bytes.length,
      __table_base: 0,
      memory,
      table,
    };
    this.exports = new WebAssembly.Instance(module, { env }).exports as Exports;
    this.exports.fuel.value = PLENTY_OF_FUEL;
    this.flags = this.allocate(4);
    bytes.set([0x73, 0], this.flags);
  }

  private allocate(bytes: number): number {
    const address = this.exports._malloc(bytes);
    if (address === 0) throw new Broken('out of memory');
    return address;
  }

  /** Returns 0 when PCRE2 refuses the source. */
  compile(source: string): number {
    const address = this.allocate(source.length * 2 + 2);
    for (let at = 0; at < source.length; at++) {
      this.units[(address >> 1) + at] = source.charCodeAt(at);
    }
    const code = this.exports._compile(address, source.length, this.flags);
    this.exports._free(address);
    return code;
  }

  lastError(): string {
    const address = this.allocate(1024);
    const length = this.exports._lastErrorMessage(address, 512);
    const message = this.text(address, length);
    this.exports._free(address);
    return message;
  }

  version(): string {
    const address = this.allocate(128);
    const length = this.exports._version(address);
    const version = this.text(address, length - 1);
    this.exports._free(address);
    return version;
  }

  private text(address: number, length: number): string {
    let text = '';
    for (let at = 0; at < length; at++)
      text += String.fromCharCode(this.units[(address >> 1) + at]!);
    return text;
  }

  createMatchData(code: number): number {
    const data = this.exports._createMatchData(code);
    if (data === 0) throw new Broken('out of memory');
    return data;
  }

  free(code: number, data: number): void {
    this.exports._destroyMatchData(data);
    this.exports._destroyCode(code);
  }

  /** Throws `OutOfFuel` when the loops in it turn more often than `fuel` says. */
  match(code: number, data: number, subject: string, from: number, fuel: number): number {
    if (subject.length > this.subjectCapacity) {
      if (this.subject !== 0) this.exports._free(this.subject);
      this.subjectCapacity = 0;
      this.subject = 0;
      const capacity = Math.max(1024, subject.length * 2);
      this.subject = this.allocate(capacity * 2);
      this.subjectCapacity = capacity;
    }
    const base = this.subject >> 1;
    for (let at = 0; at < subject.length; at++)
      this.units[base + at] = subject.charCodeAt(at) & 255;
    const left = this.exports.fuel;
    const top = this.exports.stackSave();
    left.value = fuel;
    try {
      return this.exports._match(code, this.subject, subject.length, from, data);
    } catch (error) {
      if (left.value !== 0) throw error;
      this.exports.stackRestore(top);
      throw new OutOfFuel();
    } finally {
      left.value = PLENTY_OF_FUEL;
    }
  }

  /** Begin and end of each group; -1 where it took no part. */
  slots(data: number): Int32Array {
    const vector = this.exports._getOvectorPointer(data) >> 2;
    const count = this.exports._getOvectorCount(data);
    return Int32Array.from(this.words.subarray(vector, vector + count * 2));
  }

  result(data: number, subject: string): MatcherResult {
    const { words } = this;
    const vector = this.exports._getOvectorPointer(data) >> 2;
    const count = this.exports._getOvectorCount(data);
    const groups: (string | undefined)[] = [];
    for (let group = 0; group < count; group++) {
      const start = words[vector + group * 2]!;
      groups.push(start < 0 ? undefined : subject.slice(start, words[vector + group * 2 + 1]!));
    }
    return { index: words[vector]!, end: words[vector + 1]!, groups };
  }
}
