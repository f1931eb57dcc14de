// HTML character references as Go's html.UnescapeString reads them: all names of HTML5, code points as UTF-8.

import { utf8Bytes } from '../../base/utf8.ts';
import { HTML5_ENTITIES } from './html5-entities.data.ts';

// The longest name that counts without a semicolon.
const LONGEST_BARE = 6;

/** Names with their semicolon, and without where that counts too. */
const TEXTS: ReadonlyMap<string, string> = (() => {
  const texts = new Map<string, string>();
  for (const entry of HTML5_ENTITIES.trim().split(/\s+/)) {
    const [, bare, name, codes] = /^(!?)([^:]+):(.+)$/.exec(entry)!;
    const points = codes!.split(',').map((code) => Number.parseInt(code, 16));
    const text = points.map(utf8Bytes).join('');
    texts.set(`${name};`, text);
    if (bare === '!') texts.set(name!, text);
  }
  return texts;
})();

// What numbers from 80 to 9F mean: windows-1252, as in browsers.
const WINDOWS_1252: readonly number[] = [
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152,
  0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122,
  0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];

const REFERENCE = /&(?:#([xX][0-9A-Fa-f]*|[0-9]*);?|([0-9A-Za-z]+;?))/g;

export function unescapeHtml5(value: string): string {
  if (!value.includes('&')) return value;
  return value.replace(
    REFERENCE,
    (whole: string, number: string | undefined, name: string | undefined) =>
      name === undefined ? numbered(whole, number ?? '') : named(name),
  );
}

function numbered(whole: string, number: string): string {
  // One digit needs its semicolon.
  if (whole.length <= 3) return whole;
  const hex = /^[xX]/.test(number);
  const digits = hex ? number.slice(1) : number;
  if (digits === '') return whole;
  const base = hex ? 16 : 10;
  let code = 0;
  // Go counts in 32 bits and wraps around.
  for (const digit of digits) code = (Math.imul(code, base) + Number.parseInt(digit, 16)) | 0;
  if (code >= 0x80 && code <= 0x9f) return utf8Bytes(WINDOWS_1252[code - 0x80]!);
  return utf8Bytes(code <= 0 || code > 0x10ffff ? 0xfffd : code);
}

/** The longest beginning that is a name by itself counts, and what is behind it stays. */
function named(name: string): string {
  const text = TEXTS.get(name);
  if (text !== undefined) return text;
  for (let end = Math.min(name.length - 1, LONGEST_BARE); end > 1; end--) {
    const found = TEXTS.get(name.slice(0, end));
    if (found !== undefined) return found + name.slice(end);
  }
  return `&${name}`;
}
