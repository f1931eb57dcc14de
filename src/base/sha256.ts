// SHA-256 (FIPS 180-4) of byte strings, for check sums inside identifiers and where there is no `node:crypto`.

import { fromByteString, toByteString } from './bytes.ts';
import { paddedMessage } from './md5.ts';

// Fractions of the square and cube roots of the first primes, as the standard derives them.
const PRIMES: readonly number[] = (() => {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < 64; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
})();
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0;
const INITIAL: Int32Array = Int32Array.from(PRIMES.slice(0, 8), (prime) =>
  fraction(Math.sqrt(prime)),
);
const CONSTANTS: Int32Array = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

/** The 32 raw bytes of the digest. */
export function sha256(text: string): string {
  const message = paddedMessage(fromByteString(text), false);
  const state = Int32Array.from(INITIAL);
  const schedule = new Int32Array(64);
  for (let block = 0; block < message.byteLength; block += 64) {
    addBlock(state, schedule, message, block);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let word = 0; word < 8; word++) digest.setInt32(word * 4, state[word]!, false);
  return toByteString(new Uint8Array(digest.buffer));
}

function addBlock(state: Int32Array, schedule: Int32Array, message: DataView, block: number): void {
  for (let word = 0; word < 16; word++) schedule[word] = message.getInt32(block + word * 4, false);
  for (let word = 16; word < 64; word++) {
    const early = schedule[word - 15]!;
    const late = schedule[word - 2]!;
    const first = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const second = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    schedule[word] = (schedule[word - 16]! + first + schedule[word - 7]! + second) | 0;
  }
  const [s0, s1, s2, s3, s4, s5, s6, s7] = state;
  let [a, b, c, d] = [s0!, s1!, s2!, s3!];
  let [e, f, g, h] = [s4!, s5!, s6!, s7!];
  for (let step = 0; step < 64; step++) {
    const choice = (e & f) ^ (~e & g);
    const mixed = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const added = (h + mixed + choice + CONSTANTS[step]! + schedule[step]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const other = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    h = g;
    g = f;
    f = e;
    e = (d + added) | 0;
    d = c;
    c = b;
    b = a;
    a = (added + other + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => {
    state[at] = (state[at]! + word) | 0;
  });
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
