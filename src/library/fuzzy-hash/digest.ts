// Fuzzy hashes as ssdeep writes them: context-triggered pieces, each hashed to one letter (Kornblum 2006,
// after spamsum by Tridgell). Texts that share long stretches share runs of letters.
//
// A rolling hash over seven bytes decides where a piece ends, so an insertion moves no later boundary.
// The average length of a piece, the block size, doubles until at most 64 pieces are left; the hash gives
// the letters for that size and for the next one. All candidate sizes are kept in one pass over the bytes,
// and a size is begun only when the one below has had its first boundary: until then they are the same.

import { BASE64_ALPHABET } from '../../base/base64.ts';

/** The block size of level 0; each level above doubles it. */
export const SMALLEST_BLOCK = 3;
/** Letters of a hash, at most; half as many for the larger block size. */
export const MOST_LETTERS = 64;
/** Bytes that the rolling hash sees. */
export const WINDOW = 7;

const HALF: number = MOST_LETTERS / 2;
const LEVELS = 31;

// FNV-1 reduced to the six bits that are ever looked at: 0x28021967 and 0x01000193 modulo 64.
const PIECE_START = 0x27;
const PIECE_FACTOR = 0x13;

interface Level {
  readonly blockSize: number;
  letters: string;
  /** Letter of the latest piece behind the 63rd, which goes on to the end of the text. */
  last: string;
  piece: number;
  /** The same for the half as long hash, where the 32nd piece goes on to the end. */
  halfLast: string;
  halfPiece: number;
}

/** `block size:letters:letters for twice the block size`. */
export function fuzzyDigest(text: string): string {
  const levels: Level[] = [
    {
      blockSize: SMALLEST_BLOCK,
      letters: '',
      last: '',
      piece: PIECE_START,
      halfLast: '',
      halfPiece: PIECE_START,
    },
  ];
  // Levels below have more pieces than a hash can hold, and the one above them has enough.
  let lowest = 0;
  const window = new Uint8Array(WINDOW);
  let sum = 0;
  let weighted = 0;
  let shifted = 0;
  let rolling = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text.charCodeAt(at) & 0xff;
    const slot = at % WINDOW;
    weighted += WINDOW * byte - sum;
    sum += byte - window[slot]!;
    window[slot] = byte;
    shifted = (shifted << 5) ^ byte;
    rolling = (sum + weighted + shifted) >>> 0;
    for (let index = lowest; index < levels.length; index++) {
      const level = levels[index]!;
      level.piece = ((level.piece * PIECE_FACTOR) ^ byte) & 0x3f;
      level.halfPiece = ((level.halfPiece * PIECE_FACTOR) ^ byte) & 0x3f;
    }
    // A boundary of one size is one of all smaller sizes, so the first "no" ends the search.
    for (let index = lowest; index < levels.length; index++) {
      const level = levels[index]!;
      if ((rolling + 1) % level.blockSize !== 0) break;
      if (level.letters === '' && levels.length < LEVELS) levels.push(above(level));
      endPiece(level);
      const next = levels[lowest + 1];
      if (
        level.letters.length === MOST_LETTERS - 1 &&
        next !== undefined &&
        levels[lowest]!.blockSize * MOST_LETTERS < text.length &&
        next.letters.length >= HALF
      ) {
        lowest++;
      }
    }
  }
  return written(levels, lowest, text.length, rolling);
}

/** The level above, before it has had a boundary of its own. */
function above({ blockSize, piece, halfPiece }: Level): Level {
  return { blockSize: blockSize * 2, letters: '', last: '', piece, halfLast: '', halfPiece };
}

function endPiece(level: Level): void {
  level.last = letter(level.piece);
  level.halfLast = letter(level.halfPiece);
  // The 64th piece takes in all that follow it.
  if (level.letters.length === MOST_LETTERS - 1) return;
  level.letters += level.last;
  level.last = '';
  level.piece = PIECE_START;
  if (level.letters.length < HALF) {
    level.halfLast = '';
    level.halfPiece = PIECE_START;
  }
}

function written(
  levels: readonly Level[],
  lowest: number,
  length: number,
  rolling: number,
): string {
  let index = lowest;
  while (index < levels.length - 1 && levels[index]!.blockSize * MOST_LETTERS < length) index++;
  while (index > lowest && levels[index]!.letters.length < HALF) index--;
  const level = levels[index]!;
  const { blockSize, letters } = level;
  // What comes behind the last boundary is a piece too. A rolling hash of zero counts as nothing there.
  const first = letters + (rolling === 0 ? level.last : letter(level.piece));
  const next = levels[index + 1];
  if (next === undefined) {
    return `${blockSize}:${first}:${rolling === 0 ? '' : letter(level.piece)}`;
  }
  const rest = rolling === 0 ? next.halfLast : letter(next.halfPiece);
  return `${blockSize}:${first}:${next.letters.slice(0, HALF - 1)}${rest}`;
}

function letter(piece: number): string {
  return BASE64_ALPHABET.charAt(piece);
}
