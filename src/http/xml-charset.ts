// Brings an XML body to UTF-8, or says why it cannot be read.
//
// Known: UTF-8, UTF-16 (by byte order mark or by the look of its first bytes), ISO-8859-1, windows-1252
// and US-ASCII. Every other name is an error: text in a charset that we cannot decode must not pass
// uninspected. The part before a malformed byte is kept.

import { asciiLower } from '../base/ascii.ts';
import { firstIllFormedUtf8, utf8Bytes } from '../base/utf8.ts';

export interface XmlText {
  /** Well-formed UTF-8 without byte order mark, possibly only the beginning of the body. */
  readonly text: string;
  readonly error: string | undefined;
}

type Encoding = 'utf-8' | 'utf-16' | 'iso-8859-1' | 'windows-1252' | 'us-ascii';

const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['utf-16', 'utf-16'],
  ['utf-16le', 'utf-16'],
  ['utf-16be', 'utf-16'],
  ['iso-8859-1', 'iso-8859-1'],
  ['iso_8859-1', 'iso-8859-1'],
  ['iso8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
  ['latin-1', 'iso-8859-1'],
  ['windows-1252', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
]);

// 80-9F; the five unassigned ones stay control characters, as in the WHATWG table.
const WINDOWS_1252: readonly number[] = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
  0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
  0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
];

const DECLARATION =
  /^<\?xml[ \t\r\n][^>]{0,200}?encoding[ \t\r\n]*=[ \t\r\n]*["']([^"'>]{0,60})["']/;

export function decodeXml(body: string): XmlText {
  if (body.startsWith('\xff\xfe\x00\x00') || body.startsWith('\x00\x00\xfe\xff')) {
    return { text: '', error: 'unsupported encoding UTF-32' };
  }
  const wide = wideByteOrder(body);
  const start = body.startsWith('\xef\xbb\xbf') ? 3 : wide?.start;
  const unicode = wide === undefined ? undefined : decodeUtf16(body, wide.start, wide.bigEndian);
  const plain = start === undefined ? body : body.slice(start);
  const declared = DECLARATION.exec((unicode?.text ?? plain).slice(0, 300))?.[1];
  const encoding = declared === undefined ? 'utf-8' : ENCODINGS.get(asciiLower(declared));
  if (unicode !== undefined) {
    if (declared === undefined || encoding === 'utf-16') return unicode;
    return { text: unicode.text, error: 'UTF-16 text declares another encoding' };
  }
  if (encoding === undefined) return { text: '', error: 'unsupported encoding' };
  if (encoding === 'utf-16') return { ...decode(plain, 'utf-8'), error: 'no UTF-16 text' };
  if (start === 3 && encoding !== 'utf-8') {
    return { ...decode(plain, 'utf-8'), error: 'UTF-8 text declares another encoding' };
  }
  return decode(plain, encoding);
}

function decode(text: string, encoding: Exclude<Encoding, 'utf-16'>): XmlText {
  switch (encoding) {
    case 'utf-8': {
      const at = firstIllFormedUtf8(text, 0, text.length);
      return cutAt(text, at, 'ill-formed UTF-8');
    }
    case 'us-ascii':
      return cutAt(text, text.search(/[\x80-\xff]/), 'a byte outside US-ASCII');
    case 'iso-8859-1':
    case 'windows-1252': {
      const table = encoding === 'windows-1252' ? WINDOWS_1252 : [];
      const decoded = text.replace(/[\x80-\xff]/g, (char) => {
        const code = char.charCodeAt(0);
        return utf8Bytes(table[code - 0x80] ?? code);
      });
      return { text: decoded, error: undefined };
    }
  }
}

function cutAt(text: string, at: number, error: string): XmlText {
  return at === -1 ? { text, error: undefined } : { text: text.slice(0, at), error };
}

function wideByteOrder(body: string): { start: number; bigEndian: boolean } | undefined {
  if (body.startsWith('\xff\xfe')) return { start: 2, bigEndian: false };
  if (body.startsWith('\xfe\xff')) return { start: 2, bigEndian: true };
  // Without a mark, markup gives the byte order away: `<` and a nul byte.
  if (/^<\x00[^\x00]\x00/.test(body)) return { start: 0, bigEndian: false };
  if (/^\x00<\x00[^\x00]/.test(body)) return { start: 0, bigEndian: true };
  return undefined;
}

function decodeUtf16(body: string, start: number, bigEndian: boolean): XmlText {
  const pieces: string[] = [];
  let piece = '';
  const unitAt = (at: number): number =>
    bigEndian
      ? (body.charCodeAt(at) << 8) | body.charCodeAt(at + 1)
      : (body.charCodeAt(at + 1) << 8) | body.charCodeAt(at);
  let at = start;
  let error: string | undefined;
  while (at + 1 < body.length) {
    const unit = unitAt(at);
    at += 2;
    if (unit < 0xd800 || unit > 0xdfff) {
      piece += utf8Bytes(unit);
    } else {
      const low = unit < 0xdc00 && at + 1 < body.length ? unitAt(at) : 0;
      if (low < 0xdc00 || low > 0xdfff) {
        error = 'half a surrogate pair';
        break;
      }
      at += 2;
      piece += utf8Bytes(0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00));
    }
    if (piece.length > 4096) {
      pieces.push(piece);
      piece = '';
    }
  }
  if (error === undefined && at < body.length) error = 'an odd byte at the end of UTF-16 text';
  pieces.push(piece);
  return { text: pieces.join(''), error };
}
