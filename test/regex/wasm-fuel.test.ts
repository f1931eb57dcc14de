import { describe, expect, it } from 'vitest';
import { WasmRewriteError } from '../../src/regex/wasm-binary.ts';
import { FUEL_EXPORT, withFuel } from '../../src/regex/wasm-fuel.ts';

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: unknown;
  }
  class RuntimeError extends Error {}
}

const section = (id: number, ...bytes: readonly number[]): readonly number[] => [
  id,
  bytes.length,
  ...bytes,
];
const name = (text: string): readonly number[] => [
  text.length,
  ...[...text].map((char) => char.charCodeAt(0)),
];

// local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0
const COUNT_DOWN = [0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0];
const counter = (...before: readonly number[]): readonly number[] => {
  const code = [0, ...before, 0x03, 0x40, ...COUNT_DOWN, 0x0b, 0x0b];
  return [code.length, ...code];
};

/** Two functions from i32 to nothing, `turn` and `free`, that turn as often as they are told; behind an import. */
function module(...before: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 0),
    ...section(2, 1, ...name('env'), ...name('told'), 0, 0),
    ...section(3, 2, 0, 0),
    ...section(6, 1, 0x7f, 0, 0x41, 7, 0x0b),
    ...section(7, 2, ...name('turn'), 0, 1, ...name('free'), 0, 2),
    ...section(10, 2, ...counter(...before), ...counter()),
  ]);
}

interface Run {
  readonly turn: (times: number) => void;
  readonly free: (times: number) => void;
  readonly fuel: { value: number };
}

function run(bytes: Uint8Array): Run {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { told: () => {} },
  });
  return instance.exports as unknown as Run;
}

describe('withFuel', () => {
  it('takes one for each turn of a loop', () => {
    const { turn, fuel } = run(withFuel(module()));
    fuel.value = 1000;
    turn(300);
    expect(fuel.value).toBe(700);
    expect(() => turn(701)).toThrow(WebAssembly.RuntimeError);
    expect(fuel.value).toBe(0);
    fuel.value = 5;
    turn(5);
    expect(fuel.value).toBe(0);
  });

  it('leaves out the functions that it is told to', () => {
    const { turn, free, fuel } = run(withFuel(module(), ['free']));
    fuel.value = 10;
    free(1000);
    expect(fuel.value).toBe(10);
    expect(() => turn(1000)).toThrow(WebAssembly.RuntimeError);
    expect(() => withFuel(module(), ['missing'])).toThrow(WasmRewriteError);
  });

  it('tells loops from numbers that look like one', () => {
    // i32.const 3, drop; i64.const with 3s in it, drop; f32 and f64 of 3s, drop; a call of the import.
    const numbers = [
      ...[0x41, 3, 0x1a, 0x42, 0x83, 0x83, 3, 0x1a],
      ...[0x43, 3, 3, 3, 3, 0x1a, 0x44, 3, 3, 3, 3, 3, 3, 3, 3, 0x1a],
      ...[0x41, 3, 0x10, 0],
    ];
    const { turn, fuel } = run(withFuel(module(...numbers)));
    fuel.value = 50;
    turn(20);
    expect(fuel.value).toBe(30);
  });

  it('refuses what it cannot read', () => {
    expect(FUEL_EXPORT).toBe('fuel');
    // A vector instruction.
    expect(() => withFuel(module(0xfd, 0x0c))).toThrow(WasmRewriteError);
    expect(() => withFuel(module().subarray(0, 40))).toThrow(WasmRewriteError);
  });
});
