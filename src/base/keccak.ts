// Keccak-256 with the padding of 2011, as Ethereum uses it (SHA-3 pads otherwise), for check sums inside
// addresses.

import { fromByteString, toByteString } from './bytes.ts';

const RATE = 136;
const LANE = (1n << 64n) - 1n;

// Round constants from the standard's shift register, rotations from its walk over the lanes.
const ROUNDS: readonly bigint[] = (() => {
  const constants: bigint[] = [];
  let register = 1;
  for (let round = 0; round < 24; round++) {
    let constant = 0n;
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1) constant |= 1n << BigInt((1 << bit) - 1);
      register <<= 1;
      if (register & 0x100) register ^= 0x171;
    }
    constants.push(constant);
  }
  return constants;
})();

/** The 32 raw bytes of the digest. Slow (big integers): meant for a few short texts. */
export function keccak256(text: string): string {
  const bytes = fromByteString(text);
  const padded = new Uint8Array((Math.floor(bytes.length / RATE) + 1) * RATE);
  padded.set(bytes);
  padded[bytes.length] = 1;
  padded[padded.length - 1]! |= 0x80;
  const view = new DataView(padded.buffer);
  const lanes = new Array<bigint>(25).fill(0n);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane * 8 < RATE; lane++) {
      lanes[lane]! ^= view.getBigUint64(block + lane * 8, true);
    }
    permute(lanes);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let lane = 0; lane < 4; lane++) digest.setBigUint64(lane * 8, lanes[lane]!, true);
  return toByteString(new Uint8Array(digest.buffer));
}

function permute(lanes: bigint[]): void {
  for (const constant of ROUNDS) {
    const columns = [0, 1, 2, 3, 4].map(
      (x) => lanes[x]! ^ lanes[x + 5]! ^ lanes[x + 10]! ^ lanes[x + 15]! ^ lanes[x + 20]!,
    );
    for (let lane = 0; lane < 25; lane++) {
      const x = lane % 5;
      lanes[lane]! ^= columns[(x + 4) % 5]! ^ rotated(columns[(x + 1) % 5]!, 1);
    }
    let [x, y] = [1, 0];
    let moving = lanes[1]!;
    for (let step = 0; step < 24; step++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const kept = lanes[x + 5 * y]!;
      lanes[x + 5 * y] = rotated(moving, (((step + 1) * (step + 2)) / 2) % 64);
      moving = kept;
    }
    for (let row = 0; row < 25; row += 5) {
      const cells = lanes.slice(row, row + 5);
      for (let cell = 0; cell < 5; cell++) {
        lanes[row + cell] =
          cells[cell]! ^ (~cells[(cell + 1) % 5]! & LANE & cells[(cell + 2) % 5]!);
      }
    }
    lanes[0]! ^= constant;
  }
}

function rotated(lane: bigint, by: number): bigint {
  return ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & LANE;
}
