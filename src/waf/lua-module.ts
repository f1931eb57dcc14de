// Lua's own C interface in WebAssembly, as far as scripts of rules need it, with strings as bytes.
//
// wasmoon's comfortable classes take strings for UTF-8 and share values between Lua and JavaScript; values
// of requests are bytes, and scripts shall share nothing. So Lua is driven through its C functions.

import { createRequire } from 'node:module';

/** Address of a Lua state, and of anything else in the module's memory. */
export type Address = number;

export const OK = 0;
export const NIL = 0;
export const NUMBER = 3;
export const STRING = 4;
export const TABLE = 5;

interface Exports {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly addFunction: (body: (...parameters: number[]) => number, signature: string) => Address;
  readonly _malloc: (size: number) => Address;
  readonly _realloc: (address: Address, size: number) => Address;
  readonly _free: (address: Address) => void;
  readonly _lua_newstate: (allocate: Address, data: Address) => Address;
  readonly _lua_close: (state: Address) => void;
  readonly _lua_gettop: (state: Address) => number;
  readonly _lua_settop: (state: Address, index: number) => void;
  readonly _lua_type: (state: Address, index: number) => number;
  readonly _lua_tonumberx: (state: Address, index: number, isNumber: Address) => number;
  readonly _lua_tolstring: (state: Address, index: number, length: Address) => Address;
  readonly _lua_rawlen: (state: Address, index: number) => bigint;
  readonly _lua_rawgeti: (state: Address, index: number, at: bigint) => number;
  readonly _lua_rawseti: (state: Address, index: number, at: bigint) => void;
  readonly _lua_pushnil: (state: Address) => void;
  readonly _lua_pushlstring: (state: Address, text: Address, length: number) => void;
  readonly _lua_pushcclosure: (state: Address, body: Address, values: number) => void;
  readonly _lua_createtable: (state: Address, items: number, fields: number) => void;
  readonly _lua_setfield: (state: Address, index: number, name: Address) => void;
  readonly _lua_setglobal: (state: Address, name: Address) => void;
  readonly _lua_getglobal: (state: Address, name: Address) => number;
  readonly _lua_callk: (
    state: Address,
    parameters: number,
    results: number,
    context: number,
    next: Address,
  ) => void;
  readonly _lua_pcallk: (
    state: Address,
    parameters: number,
    results: number,
    handler: number,
    context: number,
    next: Address,
  ) => number;
  readonly _lua_error: (state: Address) => number;
  readonly _lua_concat: (state: Address, count: number) => void;
  readonly _luaL_where: (state: Address, level: number) => void;
  readonly _luaL_requiref: (state: Address, name: Address, open: Address, isGlobal: number) => void;
  readonly _luaL_loadbufferx: (
    state: Address,
    text: Address,
    length: number,
    name: Address,
    mode: Address,
  ) => number;
  readonly _luaopen_base: (state: Address) => number;
  readonly _luaopen_coroutine: (state: Address) => number;
  readonly _luaopen_math: (state: Address) => number;
  readonly _luaopen_os: (state: Address) => number;
  readonly _luaopen_string: (state: Address) => number;
  readonly _luaopen_table: (state: Address) => number;
  readonly _luaopen_utf8: (state: Address) => number;
}

interface Wasmoon {
  readonly LuaFactory: new () => { getLuaModule(): Promise<{ readonly module: Exports }> };
}

/** A function that Lua calls; the number of its results. It must not catch what Lua throws through it. */
export type LuaFunction = (state: Address) => number;

export class LuaModule {
  readonly c: Exports;
  readonly #names = new Map<string, Address>();
  readonly #lengthAt: Address;

  private constructor(exports: Exports) {
    this.c = exports;
    this.#lengthAt = exports._malloc(4);
  }

  static async load(): Promise<LuaModule> {
    // Its types need a browser's and describe the classes that are not used.
    const require = createRequire(import.meta.url);
    const { LuaFactory } = require('wasmoon') as Wasmoon;
    const { module } = await new LuaFactory().getLuaModule();
    return new LuaModule(module);
  }

  /** A function pointer; it lives as long as the module. */
  define(body: LuaFunction): Address {
    return this.c.addFunction(body as (...parameters: number[]) => number, 'ii');
  }

  /** A name in the module's memory, for good. */
  name(text: string): Address {
    let address = this.#names.get(text);
    if (address === undefined) {
      address = this.#copy(`${text}\0`);
      this.#names.set(text, address);
    }
    return address;
  }

  push(state: Address, text: string): void {
    const copy = this.#copy(text);
    try {
      this.c._lua_pushlstring(state, copy, text.length);
    } finally {
      this.c._free(copy);
    }
  }

  /** The text of a string or number; undefined for anything else. */
  text(state: Address, index: number): string | undefined {
    const { c } = this;
    const type = c._lua_type(state, index);
    if (type !== STRING && type !== NUMBER) return undefined;
    const address = c._lua_tolstring(state, index, this.#lengthAt);
    const length = c.HEAPU32[this.#lengthAt >> 2] ?? 0;
    return Buffer.from(c.HEAPU8.buffer, address, length).toString('latin1');
  }

  /** Compiles; leaves the function or the message. Binary chunks are refused: they could do anything. */
  compile(state: Address, text: string, name: string): boolean {
    const copy = this.#copy(text);
    const chunk = this.name(`=${name}`);
    try {
      return this.c._luaL_loadbufferx(state, copy, text.length, chunk, this.name('t')) === OK;
    } finally {
      this.c._free(copy);
    }
  }

  /** Ends the function that is running with an error that names the script's line. */
  raise(state: Address, message: string): number {
    this.c._luaL_where(state, 1);
    this.push(state, message);
    this.c._lua_concat(state, 2);
    return this.c._lua_error(state);
  }

  #copy(text: string): Address {
    const address = this.c._malloc(Math.max(1, text.length));
    if (address === 0) throw new RangeError('out of memory');
    this.c.HEAPU8.set(Buffer.from(text, 'latin1'), address);
    return address;
  }
}
