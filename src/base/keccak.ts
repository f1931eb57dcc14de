// Keccak-256 with the padding of 2011, as Ethereum uses it (SHA-3 pads otherwise), for check sums inside
// addresses. Lanes of 64 bits are kept as halves of 32.

import { fromByteString, toByteString } from './bytes.ts';

const RATE = 136;
const LANES = 25;
const ROUNDS = 24;

// Round constants from the standard's shift register: low halves, then high ones.
const CONSTANTS: Int32Array = (() => {
  const constants = new Int32Array(ROUNDS * 2);
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    for (let bit = 0; bit < 7; bit++) {
      const place = (1 << bit) - 1;
      if (register & 1) constants[place < 32 ? round : ROUNDS + round]! |= 1 << (place & 31);
      register <<= 1;
      if (register & 0x100) register ^= 0x171;
    }
  }
  return constants;
})();

/** Where each lane goes, and how far it is turned: the standard's walk over the lanes. */
const WALK: readonly (readonly [lane: number, by: number])[] = (() => {
  const walk: (readonly [number, number])[] = [];
  let [x, y] = [1, 0];
  for (let step = 0; step < LANES - 1; step++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    walk.push([x + 5 * y, (((step + 1) * (step + 2)) / 2) % 64]);
  }
  return walk;
})();

/** The 32 raw bytes of the digest. */
export function keccak256(text: string): string {
  const bytes = fromByteString(text);
  const padded = new Uint8Array((Math.floor(bytes.length / RATE) + 1) * RATE);
  padded.set(bytes);
  padded[bytes.length] = 1;
  padded[padded.length - 1]! |= 0x80;
  const view = new DataView(padded.buffer);
  const low = new Int32Array(LANES);
  const high = new Int32Array(LANES);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane * 8 < RATE; lane++) {
      low[lane]! ^= view.getInt32(block + lane * 8, true);
      high[lane]! ^= view.getInt32(block + lane * 8 + 4, true);
    }
    permute(low, high);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let lane = 0; lane < 4; lane++) {
    digest.setInt32(lane * 8, low[lane]!, true);
    digest.setInt32(lane * 8 + 4, high[lane]!, true);
  }
  return toByteString(new Uint8Array(digest.buffer));
}

function permute(low: Int32Array, high: Int32Array): void {
  const columns = new Int32Array(10);
  for (let round = 0; round < ROUNDS; round++) {
    mixColumns(low, columns, 0);
    mixColumns(high, columns, 5);
    for (let lane = 0; lane < LANES; lane++) {
      const before = (lane + 4) % 5;
      const after = (lane + 1) % 5;
      low[lane]! ^= columns[before]! ^ turned(columns[after]!, columns[after + 5]!, 1);
      high[lane]! ^= columns[before + 5]! ^ turned(columns[after + 5]!, columns[after]!, 1);
    }
    turnLanes(low, high);
    mixRows(low);
    mixRows(high);
    low[0]! ^= CONSTANTS[round]!;
    high[0]! ^= CONSTANTS[ROUNDS + round]!;
  }
}

function mixColumns(half: Int32Array, columns: Int32Array, at: number): void {
  for (let x = 0; x < 5; x++) {
    columns[at + x] = half[x]! ^ half[x + 5]! ^ half[x + 10]! ^ half[x + 15]! ^ half[x + 20]!;
  }
}

function turnLanes(low: Int32Array, high: Int32Array): void {
  let movingLow = low[1]!;
  let movingHigh = high[1]!;
  for (const [lane, by] of WALK) {
    const keptLow = low[lane]!;
    const keptHigh = high[lane]!;
    low[lane] = turned(movingLow, movingHigh, by);
    high[lane] = turned(movingHigh, movingLow, by);
    movingLow = keptLow;
    movingHigh = keptHigh;
  }
}

function mixRows(half: Int32Array): void {
  for (let row = 0; row < LANES; row += 5) {
    const a = half[row]!;
    const b = half[row + 1]!;
    const c = half[row + 2]!;
    const d = half[row + 3]!;
    const e = half[row + 4]!;
    half[row] = a ^ (~b & c);
    half[row + 1] = b ^ (~c & d);
    half[row + 2] = c ^ (~d & e);
    half[row + 3] = d ^ (~e & a);
    half[row + 4] = e ^ (~a & b);
  }
}

/** One half of a lane turned left by 0-63 bits: `half` is the one asked for, `other` the other. */
function turned(half: number, other: number, by: number): number {
  const shift = by & 31;
  const main = by < 32 ? half : other;
  const rest = by < 32 ? other : half;
  return shift === 0 ? main : (main << shift) | (rest >>> (32 - shift));
}
