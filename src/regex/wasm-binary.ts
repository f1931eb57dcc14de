// Reads and writes the pieces of a WebAssembly module.
//
// Knows the instructions of WebAssembly 1.0 with the small extensions that compilers use; on any other it throws.

/** The module is not one that can be rewritten. */
export class WasmRewriteError extends Error {
  override readonly name: string = 'WasmRewriteError';
}

export class WasmReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new WasmRewriteError('the module ends too early');
    return byte;
  }

  /** An unsigned number below 2 ** 32. */
  number(): number {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      number += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return number;
    }
  }

  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  skipNumbers(count: number): void {
    for (let left = count; left > 0; left--) this.skipNumber();
  }

  skipName(): void {
    const length = this.number();
    this.at += length;
  }

  /** What an instruction has behind its first byte. */
  skipImmediates(opcode: number): void {
    if (opcode >= 0x28 && opcode <= 0x3e) this.skipNumbers(2);
    else if (opcode >= 0x45 && opcode <= 0xc4) return;
    else this.#skipOthers(opcode);
  }

  #skipOthers(opcode: number): void {
    switch (opcode) {
      case 0x00: // unreachable
      case 0x01: // nop
      case 0x05: // else
      case 0x0b: // end
      case 0x0f: // return
      case 0x1a: // drop
      case 0x1b: // select
        return;
      case 0x02: // block
      case 0x03: // loop
      case 0x04: // if
      case 0x0c: // br
      case 0x0d: // br_if
      case 0x10: // call
      case 0x20: // local.get
      case 0x21: // local.set
      case 0x22: // local.tee
      case 0x23: // global.get
      case 0x24: // global.set
      case 0x3f: // memory.size
      case 0x40: // memory.grow
      case 0x41: // i32.const
      case 0x42: // i64.const
        this.skipNumber();
        return;
      case 0x11: // call_indirect
        this.skipNumbers(2);
        return;
      case 0x0e: // br_table
        this.skipNumbers(this.number() + 1);
        return;
      case 0x43: // f32.const
        this.at += 4;
        return;
      case 0x44: // f64.const
        this.at += 8;
        return;
      case 0xfc: // saturating conversions
        if (this.number() < 8) return;
    }
    throw new WasmRewriteError(`unknown instruction 0x${opcode.toString(16)}`);
  }
}

/** Unsigned LEB128. */
export function encoded(number: number): number[] {
  const bytes: number[] = [];
  let left = number;
  while (left >= 0x80) {
    bytes.push((left % 0x80) + 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
  return bytes;
}

/** Bytes that are put together from pieces. */
export class WasmOutput {
  readonly #pieces: Uint8Array[] = [];
  length = 0;

  add(piece: Uint8Array | readonly number[]): void {
    const bytes = Uint8Array.from(piece);
    this.#pieces.push(bytes);
    this.length += bytes.length;
  }

  /** With its length in front. */
  addSized({ bytes }: WasmOutput): void {
    this.add(encoded(bytes.length));
    this.add(bytes);
  }

  get bytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}
