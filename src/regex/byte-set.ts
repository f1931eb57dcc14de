// Sets of bytes, the alphabet of every pattern: 256 bits in eight words.
//
// Sets are values. A set is never written to after it left the function that made it, so nodes,
// programs and tables share them freely.

/** 256 bits; byte `b` is bit `b & 31` of word `b >>> 5`. Treat as read-only. */
export type ByteSet = Uint32Array;

export function hasByte(set: ByteSet, byte: number): boolean {
  return ((set[byte >>> 5]! >>> (byte & 31)) & 1) === 1;
}

/** The bytes of all given inclusive ranges. */
export function rangesOf(...ranges: readonly (readonly [number, number])[]): ByteSet {
  const set = new Uint32Array(8);
  for (const [low, high] of ranges) addRange(set, low, high);
  return set;
}

/** Writes to `set`; for builders that still own it. */
export function addRange(set: ByteSet, low: number, high: number): void {
  for (let byte = low; byte <= high; byte++) set[byte >>> 5]! |= 1 << (byte & 31);
}

/** Writes the bytes of `other` to `set`; for builders that still own it. */
export function addAll(set: ByteSet, other: ByteSet): void {
  for (let word = 0; word < 8; word++) set[word]! |= other[word]!;
}

export function union(left: ByteSet, right: ByteSet): ByteSet {
  const set = left.slice();
  addAll(set, right);
  return set;
}

export function intersection(left: ByteSet, right: ByteSet): ByteSet {
  const set = left.slice();
  for (let word = 0; word < 8; word++) set[word]! &= right[word]!;
  return set;
}

export function complement(set: ByteSet): ByteSet {
  const inverse = new Uint32Array(8);
  for (let word = 0; word < 8; word++) inverse[word] = ~set[word]!;
  return inverse;
}

/** The set with the other ASCII case of each of its letters: PCRE's folding in the C locale. */
export function foldCase(set: ByteSet): ByteSet {
  const upper = set[2]! & LETTERS;
  const lower = set[3]! & LETTERS;
  if (upper === lower) return set;
  const folded = set.slice();
  folded[2]! |= lower;
  folded[3]! |= upper;
  return folded;
}

/** A-Z in word 2, a-z in word 3: the same bits. */
const LETTERS = 0x07fffffe;

export function sizeOf(set: ByteSet): number {
  let size = 0;
  for (let word = 0; word < 8; word++) {
    for (let bits = set[word]!; bits !== 0; bits &= bits - 1) size++;
  }
  return size;
}

export function isEmptySet(set: ByteSet): boolean {
  return (set[0]! | set[1]! | set[2]! | set[3]! | set[4]! | set[5]! | set[6]! | set[7]!) === 0;
}

export function intersects(left: ByteSet, right: ByteSet): boolean {
  for (let word = 0; word < 8; word++) if ((left[word]! & right[word]!) !== 0) return true;
  return false;
}

export function bytesOf(set: ByteSet): number[] {
  const bytes: number[] = [];
  for (let word = 0; word < 8; word++) {
    for (let bits = set[word]!; bits !== 0; bits &= bits - 1) {
      bytes.push(word * 32 + 31 - Math.clz32(bits & -bits));
    }
  }
  return bytes;
}

/** Equal sets have equal keys. */
export function keyOf(set: ByteSet): string {
  return `${set[0]},${set[1]},${set[2]},${set[3]},${set[4]},${set[5]},${set[6]},${set[7]}`;
}

export const ANY_BYTE: ByteSet = rangesOf([0, 255]);
export const NO_BYTE: ByteSet = new Uint32Array(8);
export const NEWLINE: ByteSet = rangesOf([10, 10]);
export const NOT_NEWLINE: ByteSet = complement(NEWLINE);
export const DIGIT: ByteSet = rangesOf([48, 57]);
export const WORD: ByteSet = rangesOf([48, 57], [65, 90], [95, 95], [97, 122]);
/** PCRE2's \s: VT belongs to it, 0x85 and 0xA0 do not in the C locale. */
export const SPACE: ByteSet = rangesOf([9, 13], [32, 32]);
/** \h and \v do not depend on the locale, hence the bytes above 0x7F. */
export const HORIZONTAL_SPACE: ByteSet = rangesOf([9, 9], [32, 32], [160, 160]);
export const VERTICAL_SPACE: ByteSet = rangesOf([10, 13], [133, 133]);

const SINGLE: readonly ByteSet[] = Array.from({ length: 256 }, (_, byte) => rangesOf([byte, byte]));
const FOLDED: readonly ByteSet[] = SINGLE.map(foldCase);

export function singleByte(byte: number, caseless = false): ByteSet {
  return (caseless ? FOLDED : SINGLE)[byte]!;
}

/** The classes `[:name:]`, in the C locale. */
export const POSIX_CLASSES: ReadonlyMap<string, ByteSet> = new Map([
  ['alpha', rangesOf([65, 90], [97, 122])],
  ['lower', rangesOf([97, 122])],
  ['upper', rangesOf([65, 90])],
  ['alnum', rangesOf([48, 57], [65, 90], [97, 122])],
  ['ascii', rangesOf([0, 127])],
  ['blank', rangesOf([9, 9], [32, 32])],
  ['cntrl', rangesOf([0, 31], [127, 127])],
  ['digit', DIGIT],
  ['graph', rangesOf([33, 126])],
  ['print', rangesOf([32, 126])],
  ['punct', rangesOf([33, 47], [58, 64], [91, 96], [123, 126])],
  ['space', SPACE],
  ['word', WORD],
  ['xdigit', rangesOf([48, 57], [65, 70], [97, 102])],
]);
