// SHA-1 (RFC 3174) of byte strings. For rules that compare digests; it secures nothing.

import { fromByteString, toByteString } from './bytes.ts';
import { paddedMessage } from './md5.ts';

const CONSTANTS: readonly number[] = Object.freeze([
  0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6,
]);

/** The 20 raw bytes of the digest. */
export function sha1(text: string): string {
  const message = paddedMessage(fromByteString(text), false);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const schedule = new Int32Array(80);
  for (let block = 0; block < message.byteLength; block += 64) {
    addBlock(state, schedule, message, block);
  }
  const digest = new DataView(new ArrayBuffer(20));
  for (let word = 0; word < 5; word++) digest.setInt32(word * 4, state[word]!, false);
  return toByteString(new Uint8Array(digest.buffer));
}

function addBlock(state: Int32Array, schedule: Int32Array, message: DataView, block: number): void {
  for (let word = 0; word < 16; word++) schedule[word] = message.getInt32(block + word * 4, false);
  for (let word = 16; word < 80; word++) {
    const mixed =
      schedule[word - 3]! ^ schedule[word - 8]! ^ schedule[word - 14]! ^ schedule[word - 16]!;
    schedule[word] = (mixed << 1) | (mixed >>> 31);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let step = 0; step < 80; step++) {
    const round = Math.floor(step / 20);
    const mixed =
      round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const sum = (((a << 5) | (a >>> 27)) + mixed + e + CONSTANTS[round]! + schedule[step]!) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = sum;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
}
