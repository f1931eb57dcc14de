// Guesses a Content-Type from the first bytes of a body, as Go's HTTP server does for the test backend.
//
// The guess matters: SecResponseBodyMimeType decides by it whether rules see the body at all.

import type { ByteString } from '../base/bytes.ts';

const SNIFFED_BYTES = 512;

/** Tags that make a text HTML when a blank or `>` follows; white space may come first. */
const HTML_OPENERS: readonly string[] = [
  '<!DOCTYPE HTML',
  '<HTML',
  '<HEAD',
  '<SCRIPT',
  '<IFRAME',
  '<H1',
  '<DIV',
  '<FONT',
  '<TABLE',
  '<A',
  '<STYLE',
  '<TITLE',
  '<B',
  '<BODY',
  '<BR',
  '<P',
];

const MAGIC: readonly (readonly [prefix: ByteString, type: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['%!PS-Adobe-', 'application/postscript'],
  ['\xfe\xff', 'text/plain; charset=utf-16be'],
  ['\xff\xfe', 'text/plain; charset=utf-16le'],
  ['\xef\xbb\xbf', 'text/plain; charset=utf-8'],
  ['\x00\x00\x01\x00', 'image/x-icon'],
  ['\x00\x00\x02\x00', 'image/x-icon'],
  ['BM', 'image/bmp'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['ID3', 'audio/mpeg'],
  ['OggS\x00', 'application/ogg'],
  ['MThd\x00\x00\x00\x06', 'audio/midi'],
  ['\x1aE\xdf\xa3', 'video/webm'],
  ['\x00\x01\x00\x00', 'font/ttf'],
  ['OTTO', 'font/otf'],
  ['ttcf', 'font/collection'],
  ['wOFF', 'font/woff'],
  ['wOF2', 'font/woff2'],
  ['\x1f\x8b\x08', 'application/x-gzip'],
  ['PK\x03\x04', 'application/zip'],
  ['Rar!\x1a\x07\x00', 'application/x-rar-compressed'],
  ['Rar!\x1a\x07\x01\x00', 'application/x-rar-compressed'],
  ['\x00asm', 'application/wasm'],
];

const RIFF_TYPES: Readonly<Record<string, string>> = Object.freeze({
  WEBPVP: 'image/webp',
  'AVI ': 'video/avi',
  WAVE: 'audio/wave',
});

export function sniffContentType(body: ByteString): string {
  const start = body.slice(0, SNIFFED_BYTES);
  const text = start.replace(/^[\t\n\f\r ]+/, '');
  if (isHtml(text)) return 'text/html; charset=utf-8';
  if (text.startsWith('<?xml')) return 'text/xml; charset=utf-8';
  for (const [prefix, type] of MAGIC) if (start.startsWith(prefix)) return type;
  if (start.startsWith('RIFF')) {
    for (const [mark, type] of Object.entries(RIFF_TYPES)) {
      if (start.startsWith(mark, 8)) return type;
    }
  }
  const isBinary = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(start);
  return isBinary ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}

function isHtml(text: ByteString): boolean {
  if (text.startsWith('<!--')) return true;
  const upper = text.slice(0, 16).toUpperCase();
  return HTML_OPENERS.some(
    (opener) => upper.startsWith(opener) && /^[ >]/.test(text.slice(opener.length)),
  );
}
