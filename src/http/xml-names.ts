// Names and characters of XML 1.0, fifth edition, over well-formed UTF-8 byte strings.

// Inclusive ranges of the code points from 0x80 that may start a name, and of those that may follow.
const NAME_START: readonly (readonly [number, number])[] = [
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
];
const NAME_FOLLOW: readonly (readonly [number, number])[] = [
  [0xb7, 0xb7],
  [0x300, 0x36f],
  [0x203f, 0x2040],
];

/** Offset behind the name that starts at `from`; `from` itself when there is none. */
export function nameEnd(text: string, from: number): number {
  return scanName(text, from, false);
}

/** As `nameEnd`, for tokens that may start with any name character. */
export function nmtokenEnd(text: string, from: number): number {
  return scanName(text, from, true);
}

function scanName(text: string, from: number, anyStart: boolean): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    const follows = anyStart || at > from;
    if (Number.isNaN(code)) return at;
    if (code < 0x80) {
      if (!isAsciiName(code, follows)) return at;
      at += 1;
      continue;
    }
    const length = code < 0xe0 ? 2 : code < 0xf0 ? 3 : 4;
    const point = codePoint(text, at, length);
    if (!within(NAME_START, point) && !(follows && within(NAME_FOLLOW, point))) return at;
    at += length;
  }
}

function isAsciiName(code: number, follows: boolean): boolean {
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return true;
  if (code === 0x5f || code === 0x3a) return true;
  return follows && ((code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e);
}

function codePoint(text: string, at: number, length: number): number {
  let point = text.charCodeAt(at) & (0x7f >> length);
  for (let next = at + 1; next < at + length; next++) {
    point = (point << 6) | (text.charCodeAt(next) & 0x3f);
  }
  return point;
}

function within(ranges: readonly (readonly [number, number])[], point: number): boolean {
  return ranges.some(([low, high]) => point >= low && point <= high);
}

/** Whether XML 1.0 allows the character at all. */
export function isXmlCharacter(point: number): boolean {
  if (point < 0x20) return point === 0x09 || point === 0x0a || point === 0x0d;
  if (point >= 0xd800 && point <= 0xdfff) return false;
  return point <= 0x10ffff && point !== 0xfffe && point !== 0xffff;
}

/** Offset of the first character that XML 1.0 does not allow, -1 when there is none. */
export function findForbidden(text: string): number {
  return text.search(/[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]/);
}
