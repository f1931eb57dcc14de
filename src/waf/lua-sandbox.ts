// Runs a script in a Lua state of its own, made for this run and thrown away after it: nothing is left from
// one request to the next.
//
// A script has the language and its tables, strings and numbers. It has no files but the request's uploads, no
// processes, no modules, no debug library, no bytecode, and a bounded memory; its time is bounded by whoever waits for the thread.

import type { FromLuaThread, LuaRequest, ToLuaThread } from './lua-messages.ts';
import { type Address, type LuaModule, NIL, OK, STRING, TABLE } from './lua-module.ts';
import { PRELUDE } from './lua-prelude.ts';

const MEMORY_CAP = 32 * 1024 * 1024;
const LONGEST_NAME = 40;
/** Of `m.getvar(name, {...})`. */
const MOST_TRANSFORMATIONS = 100;

export type AskEngine = (request: LuaRequest) => ToLuaThread | undefined;

interface Task {
  readonly name: string;
  readonly text: string;
  readonly argument: string | undefined;
}

export class LuaSandbox {
  readonly #lua: LuaModule;
  readonly #ask: AskEngine;
  readonly #allocate: Address;
  readonly #libraries: readonly (readonly [name: Address, open: Address])[];
  readonly #functions: readonly (readonly [name: Address, body: Address])[];
  readonly #body: Address;
  readonly #compileAlone: Address;
  #used = 0;
  #task: Task = { name: '', text: '', argument: undefined };

  constructor(lua: LuaModule, ask: AskEngine) {
    this.#lua = lua;
    this.#ask = ask;
    const { c } = lua;
    this.#allocate = c.addFunction(
      (_data, address = 0, old = 0, size = 0) => this.#reallocate(address, old, size),
      'iiiii',
    );
    const libraries: Readonly<Record<string, (state: Address) => number>> = {
      _G: c._luaopen_base,
      coroutine: c._luaopen_coroutine,
      math: c._luaopen_math,
      os: c._luaopen_os,
      string: c._luaopen_string,
      table: c._luaopen_table,
      utf8: c._luaopen_utf8,
    };
    this.#libraries = Object.entries(libraries).map(([name, open]) => [
      lua.name(name),
      lua.define((state) => open(state)),
    ]);
    this.#functions = [
      [lua.name('log'), lua.define((state) => this.#log(state))],
      [lua.name('getvar'), lua.define((state) => this.#getvar(state))],
      [lua.name('getvars'), lua.define((state) => this.#getvars(state))],
      [lua.name('setvar'), lua.define((state) => this.#setvar(state))],
      [lua.name('upload'), lua.define((state) => this.#upload(state))],
    ];
    this.#body = lua.define((state) => this.#run(state));
    this.#compileAlone = lua.define((state) => {
      if (!lua.compile(state, this.#task.text, this.#task.name)) c._lua_error(state);
      return 0;
    });
  }

  run(task: Task): FromLuaThread {
    const { ok, text } = this.#protected(this.#body, task);
    if (ok) return { kind: 'returned', text };
    return { kind: 'error', text: text ?? `${task.name}: an error without a message` };
  }

  /** What is wrong with a text, in Lua's words. */
  complaint(text: string): string | undefined {
    const result = this.#protected(this.#compileAlone, {
      name: 'script',
      text,
      argument: undefined,
    });
    return result.ok ? undefined : (result.text ?? 'it cannot be compiled');
  }

  /** All is done inside a protected call: outside of one, an error would end the module. */
  #protected(body: Address, task: Task): { ok: boolean; text: string | undefined } {
    const { c } = this.#lua;
    this.#used = 0;
    this.#task = { ...task, name: task.name.slice(-LONGEST_NAME) };
    const state = c._lua_newstate(this.#allocate, 0);
    if (state === 0) throw new RangeError('out of memory');
    c._lua_pushcclosure(state, body, 0);
    const status = c._lua_pcallk(state, 0, 1, 0, 0, 0);
    const text = c._lua_type(state, -1) === STRING ? this.#lua.text(state, -1) : undefined;
    c._lua_close(state);
    return { ok: status === OK, text };
  }

  #run(state: Address): number {
    const { c } = this.#lua;
    const { name, text, argument } = this.#task;
    for (const [library, open] of this.#libraries) c._luaL_requiref(state, library, open, 1);
    c._lua_settop(state, 0);
    c._lua_createtable(state, 0, this.#functions.length);
    for (const [field, body] of this.#functions) {
      c._lua_pushcclosure(state, body, 0);
      c._lua_setfield(state, -2, field);
    }
    c._lua_setglobal(state, this.#lua.name('m'));
    this.#call(state, PRELUDE, 'prelude');
    this.#call(state, text, name);
    c._lua_getglobal(state, this.#lua.name('main'));
    if (argument !== undefined) this.#lua.push(state, argument);
    c._lua_callk(state, argument === undefined ? 0 : 1, 1, 0, 0);
    // A number becomes a string here, where that may fail.
    this.#lua.text(state, -1);
    return 1;
  }

  #call(state: Address, text: string, name: string): void {
    if (!this.#lua.compile(state, text, name)) this.#lua.c._lua_error(state);
    this.#lua.c._lua_callk(state, 0, 0, 0, 0);
  }

  #reallocate(address: Address, old: number, size: number): Address {
    const { c } = this.#lua;
    // For a new block Lua says what it is for in place of its size.
    const before = address === 0 ? 0 : old;
    if (size === 0) {
      if (address !== 0) c._free(address);
      this.#used -= before;
      return 0;
    }
    if (size > before && this.#used + size - before > MEMORY_CAP) return 0;
    const block = c._realloc(address, size);
    if (block !== 0) this.#used += size - before;
    return block;
  }

  /** The argument as a text, or an error. */
  #argument(state: Address, index: number, call: string): string {
    const text = this.#lua.text(state, index);
    if (text === undefined) this.#lua.raise(state, `${call}: argument ${index} is no string`);
    return text as string;
  }

  #log(state: Address): number {
    const text = this.#argument(state, 2, 'm.log');
    this.#argument(state, 1, 'm.log');
    const level = this.#lua.c._lua_tonumberx(state, 1, 0);
    this.#request(state, { kind: 'log', level, text });
    return 0;
  }

  #getvar(state: Address): number {
    const first = this.#variables(state, 'm.getvar', true)[0];
    if (first === undefined) this.#lua.c._lua_pushnil(state);
    else this.#lua.push(state, first.value);
    return 1;
  }

  #getvars(state: Address): number {
    const { c } = this.#lua;
    const pairs = this.#variables(state, 'm.getvars', false);
    c._lua_createtable(state, pairs.length, 0);
    pairs.forEach(({ key, value }, at) => {
      c._lua_createtable(state, 0, 2);
      this.#lua.push(state, key);
      c._lua_setfield(state, -2, this.#lua.name('name'));
      this.#lua.push(state, value);
      c._lua_setfield(state, -2, this.#lua.name('value'));
      c._lua_rawseti(state, -2, BigInt(at + 1));
    });
    return 1;
  }

  #variables(
    state: Address,
    call: string,
    first: boolean,
  ): (ToLuaThread & { kind: 'variables' })['pairs'] {
    const name = this.#argument(state, 1, call);
    const transformations = this.#transformations(state, call);
    const reply = this.#request(state, { kind: 'variables', name, transformations, first });
    return reply?.kind === 'variables' ? reply.pairs : [];
  }

  #transformations(state: Address, call: string): readonly string[] {
    const { c } = this.#lua;
    const type = c._lua_gettop(state) < 2 ? NIL : c._lua_type(state, 2);
    if (type === NIL) return [];
    if (type !== TABLE) return [this.#argument(state, 2, call)];
    const names: string[] = [];
    const length = Math.min(Number(c._lua_rawlen(state, 2)), MOST_TRANSFORMATIONS);
    for (let at = 1; at <= length; at++) {
      c._lua_rawgeti(state, 2, BigInt(at));
      const name = this.#lua.text(state, -1);
      if (name === undefined) this.#lua.raise(state, `${call}: transformation ${at} is no string`);
      names.push(name as string);
      c._lua_settop(state, -2);
    }
    return names;
  }

  #setvar(state: Address): number {
    const name = this.#argument(state, 1, 'm.setvar');
    if (this.#lua.c._lua_gettop(state) < 2) this.#lua.raise(state, 'm.setvar: needs a value');
    const isNil = this.#lua.c._lua_type(state, 2) === NIL;
    const value = isNil ? undefined : this.#argument(state, 2, 'm.setvar');
    this.#request(state, { kind: 'set', name, value });
    return 0;
  }

  /** The content of an upload, or nil. */
  #upload(state: Address): number {
    const reply = this.#request(state, {
      kind: 'upload',
      path: this.#argument(state, 1, 'io.open'),
    });
    const content = reply?.kind === 'upload' ? reply.content : undefined;
    if (content === undefined) this.#lua.c._lua_pushnil(state);
    else this.#lua.push(state, content);
    return 1;
  }

  #request(state: Address, request: LuaRequest): ToLuaThread | undefined {
    const reply = this.#ask(request);
    if (reply?.kind === 'refused') this.#lua.raise(state, reply.text);
    return reply;
  }
}
