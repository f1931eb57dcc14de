// How alike two texts are, 0 to 100, judged by their fuzzy hashes as ssdeep does.

import { MOST_LETTERS, SMALLEST_BLOCK, WINDOW } from './digest.ts';

export interface FuzzyHash {
  readonly blockSize: number;
  /** Letters for `blockSize` and for twice that; no letter more than three times in a row. */
  readonly letters: string;
  readonly coarse: string;
}

const HASH = /^(\d{1,10}):([A-Za-z0-9+/]{0,64}):([A-Za-z0-9+/]{0,64})(?:,|$)/;

/** Reads `3:abc:ab`, also with `,"name"` behind it; undefined when it is nothing of the kind. */
export function parseFuzzyHash(text: string): FuzzyHash | undefined {
  const [, blockSize, letters = '', coarse = ''] = HASH.exec(text) ?? [];
  if (blockSize === undefined) return undefined;
  return {
    blockSize: Number(blockSize),
    letters: withoutLongRuns(letters),
    coarse: withoutLongRuns(coarse),
  };
}

/** Runs of one letter tell little of a text: it repeats itself there. */
function withoutLongRuns(letters: string): string {
  return letters.replace(/(.)\1{3,}/g, '$1$1$1');
}

/** 100 for the same hash, 0 when block sizes are too far apart or nothing is shared. */
export function fuzzyScore(one: FuzzyHash, other: FuzzyHash): number {
  if (one.blockSize === other.blockSize) {
    if (one.letters === other.letters && one.coarse === other.coarse) return 100;
    return Math.max(
      lettersScore(one.letters, other.letters, one.blockSize),
      lettersScore(one.coarse, other.coarse, one.blockSize * 2),
    );
  }
  if (one.blockSize * 2 === other.blockSize) {
    return lettersScore(one.coarse, other.letters, other.blockSize);
  }
  if (other.blockSize * 2 === one.blockSize) {
    return lettersScore(one.letters, other.coarse, one.blockSize);
  }
  return 0;
}

function lettersScore(one: string, other: string, blockSize: number): number {
  if (!shareRun(one, other)) return 0;
  const length = one.length + other.length;
  const distance = Math.floor((insertionsAndDeletions(one, other) * MOST_LETTERS) / length);
  const score = 100 - Math.floor((100 * distance) / MOST_LETTERS);
  // Few letters of small blocks are not enough evidence for a high score.
  if (blockSize >= Math.floor((99 + WINDOW) / WINDOW) * SMALLEST_BLOCK) return score;
  const most = Math.floor(blockSize / SMALLEST_BLOCK) * Math.min(one.length, other.length);
  return Math.min(score, most);
}

/** Whether some run of letters as long as the window is in both; without one, likeness is chance. */
function shareRun(one: string, other: string): boolean {
  for (let at = 0; at + WINDOW <= one.length; at++) {
    if (other.includes(one.slice(at, at + WINDOW))) return true;
  }
  return false;
}

/** The edit distance in which replacing a letter is deleting it and inserting another. */
function insertionsAndDeletions(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      current.push(
        one[row - 1] === other[column - 1]
          ? above[column - 1]!
          : Math.min(above[column]!, current[column - 1]!) + 1,
      );
    }
    above = current;
  }
  return above[other.length]!;
}
