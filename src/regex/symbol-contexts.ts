// What assertions of a program may know of a symbol, as a small number: most programs ask nothing.

import type { Alphabet } from './alphabet.ts';

export class SymbolContexts {
  /** By number, the bits that are asked about. */
  readonly bits: readonly number[];
  /** Of each symbol. */
  readonly of: Uint16Array;

  /** `asked` is a mask; the end symbol stands for an edge of the subject. */
  constructor({ bitsOf, size }: Alphabet, asked: number) {
    const bits: number[] = [];
    this.of = new Uint16Array(size);
    for (let symbol = 0; symbol < size; symbol++) {
      const own = bitsOf[symbol]! & asked;
      let number = bits.indexOf(own);
      if (number < 0) number = bits.push(own) - 1;
      this.of[symbol] = number;
    }
    this.bits = bits;
  }

  get count(): number {
    return this.bits.length;
  }
}
