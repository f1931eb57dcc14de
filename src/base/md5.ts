// MD5 (RFC 1321) of byte strings. For rules that compare digests; it secures nothing.

import { fromByteString, toByteString } from './bytes.ts';

const ROTATIONS: readonly (readonly number[])[] = Object.freeze([
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
]);

const SINES: Int32Array = Int32Array.from({ length: 64 }, (_, step) =>
  Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32),
);

/** The 16 raw bytes of the digest. */
export function md5(text: string): string {
  const message = paddedMessage(fromByteString(text), true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < message.byteLength; block += 64) addBlock(state, message, block);
  const digest = new DataView(new ArrayBuffer(16));
  for (let word = 0; word < 4; word++) digest.setInt32(word * 4, state[word]!, true);
  return toByteString(new Uint8Array(digest.buffer));
}

function addBlock(state: Int32Array, message: DataView, block: number): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    let mixed: number;
    let word: number;
    if (round === 0) {
      mixed = (b & c) | (~b & d);
      word = step;
    } else if (round === 1) {
      mixed = (d & b) | (~d & c);
      word = (5 * step + 1) & 15;
    } else if (round === 2) {
      mixed = b ^ c ^ d;
      word = (3 * step + 5) & 15;
    } else {
      mixed = c ^ (b | ~d);
      word = (7 * step) & 15;
    }
    const sum = (a + mixed + SINES[step]! + message.getInt32(block + word * 4, true)) | 0;
    const rotation = ROTATIONS[round]![step & 3]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
}

/** The message with the padding that MD5 and SHA-1 share: 80, zeros, and its length in bits. */
export function paddedMessage(bytes: Uint8Array, littleEndian: boolean): DataView {
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const low = (bytes.length << 3) >>> 0;
  const high = Math.floor(bytes.length / 2 ** 29);
  view.setUint32(padded.length - (littleEndian ? 8 : 4), low, littleEndian);
  view.setUint32(padded.length - (littleEndian ? 4 : 8), high, littleEndian);
  return view;
}
