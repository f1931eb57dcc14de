// Rewrites a WebAssembly module so that its loops use up fuel, and nothing in it runs longer than there is.
//
// PCRE2 counts some of what it does: a step may still compare or skip a whole subject, so that no limit on steps
// is a limit on time. Here each turn of each loop takes one from a global, and the module traps when none is left.
// The count depends on pattern and subject alone, so that the same request always has the same outcome.

import { encoded, WasmOutput, WasmReader, WasmRewriteError } from './wasm-binary.ts';

const GLOBAL_SECTION = 6;
const EXPORT_SECTION = 7;
const IMPORT_SECTION = 2;
const CODE_SECTION = 10;
const HEADER_BYTES = 8;

const I32 = 0x7f;
const MUTABLE = 1;
const KIND_FUNCTION = 0;
const KIND_TABLE = 1;
const KIND_GLOBAL = 3;

/** The name of the exported global: an i32, set before each call to what may be used. */
export const FUEL_EXPORT = 'fuel';

/**
 * The module with a global `fuel` that its loops use up; they trap at 0. Not those of the exported functions named
 * `free`: nothing is left half done in them.
 */
export function withFuel(module: Uint8Array, free: readonly string[] = []): Uint8Array {
  const sections = sectionsOf(module);
  const imports = sections.find(({ id }) => id === IMPORT_SECTION);
  const globals = sections.find(({ id }) => id === GLOBAL_SECTION);
  const exports = sections.find(({ id }) => id === EXPORT_SECTION);
  if (globals === undefined || exports === undefined) {
    throw new WasmRewriteError('the module has no globals or no exports');
  }
  const imported = importsOf(imports?.body);
  const fuel = imported.globals + new WasmReader(globals.body, 0).number();
  const unmetered = new Set(
    exportedFunctions(exports.body, free).map((index) => index - imported.functions),
  );
  const output = new WasmOutput();
  output.add(module.subarray(0, HEADER_BYTES));
  for (const { id, body } of sections) {
    const section = new WasmOutput();
    if (id === GLOBAL_SECTION) addEntry(section, body, [I32, MUTABLE, 0x41, 0, 0x0b]);
    else if (id === EXPORT_SECTION) {
      const name = [...FUEL_EXPORT].map((char) => char.charCodeAt(0));
      addEntry(section, body, [name.length, ...name, KIND_GLOBAL, ...encoded(fuel)]);
    } else if (id === CODE_SECTION) meterFunctions(section, body, encoded(fuel), unmetered);
    else section.add(body);
    output.add([id]);
    output.addSized(section);
  }
  return output.bytes;
}

interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

function sectionsOf(module: Uint8Array): readonly Section[] {
  const reader = new WasmReader(module, HEADER_BYTES);
  const sections: Section[] = [];
  while (reader.at < module.length) {
    const id = reader.byte();
    const length = reader.number();
    sections.push({ id, body: module.subarray(reader.at, reader.at + length) });
    reader.at += length;
  }
  return sections;
}

interface ImportCounts {
  functions: number;
  globals: number;
}

function importsOf(body: Uint8Array | undefined): ImportCounts {
  const counts: ImportCounts = { functions: 0, globals: 0 };
  if (body === undefined) return counts;
  const reader = new WasmReader(body, 0);
  for (let left = reader.number(); left > 0; left--) {
    reader.skipName();
    reader.skipName();
    const kind = reader.byte();
    if (kind === KIND_FUNCTION) {
      counts.functions++;
      reader.skipNumber();
    } else if (kind === KIND_GLOBAL) {
      counts.globals++;
      reader.at += 2;
    } else {
      if (kind === KIND_TABLE) reader.byte();
      const hasMaximum = (reader.byte() & 1) === 1;
      reader.skipNumbers(hasMaximum ? 2 : 1);
    }
  }
  return counts;
}

/** The indices of those of the functions. Throws when one is not there. */
function exportedFunctions(body: Uint8Array, names: readonly string[]): readonly number[] {
  const reader = new WasmReader(body, 0);
  const indices = new Map<string, number>();
  for (let left = reader.number(); left > 0; left--) {
    const length = reader.number();
    const name = String.fromCharCode(...body.subarray(reader.at, reader.at + length));
    reader.at += length;
    const kind = reader.byte();
    const index = reader.number();
    if (kind === KIND_FUNCTION) indices.set(name, index);
  }
  return names.map((name) => {
    const index = indices.get(name);
    if (index === undefined) throw new WasmRewriteError(`no function is exported as ${name}`);
    return index;
  });
}

/** One more entry behind those of a section. */
function addEntry(section: WasmOutput, body: Uint8Array, entry: readonly number[]): void {
  const reader = new WasmReader(body, 0);
  section.add(encoded(reader.number() + 1));
  section.add(body.subarray(reader.at));
  section.add(entry);
}

function meterFunctions(
  section: WasmOutput,
  body: Uint8Array,
  fuel: readonly number[],
  unmetered: ReadonlySet<number>,
): void {
  const reader = new WasmReader(body, 0);
  const count = reader.number();
  section.add(encoded(count));
  // Traps when there is none left, and takes one.
  const meter = [0x23, ...fuel, 0x45, 0x04, 0x40, 0x00, 0x0b]; // global.get, i32.eqz, if, unreachable, end
  meter.push(0x23, ...fuel, 0x41, 1, 0x6b, 0x24, ...fuel); // global.get, i32.const 1, i32.sub, global.set
  for (let index = 0; index < count; index++) {
    const length = reader.number();
    const code = body.subarray(reader.at, reader.at + length);
    section.addSized(meterFunction(code, unmetered.has(index) ? [] : meter));
    reader.at += length;
  }
}

function meterFunction(body: Uint8Array, meter: readonly number[]): WasmOutput {
  const output = new WasmOutput();
  const reader = new WasmReader(body, 0);
  for (let groups = reader.number(); groups > 0; groups--) {
    reader.skipNumber();
    reader.byte();
  }
  let copied = 0;
  while (reader.at < body.length) {
    const opcode = reader.byte();
    reader.skipImmediates(opcode);
    if (opcode !== 0x03) continue;
    output.add(body.subarray(copied, reader.at));
    output.add(meter);
    copied = reader.at;
  }
  output.add(body.subarray(copied));
  return output;
}
