// Byte strings: JavaScript strings in which every char is one byte (0x00-0xFF).
//
// Request data crosses from buffers to byte strings here, once, and back here, once. V8 stores such
// strings with one byte per char, and identity, indexOf and regexes on them are byte-exact.
// TextDecoder('latin1') is windows-1252 by the Encoding Standard, so it is not used.

/** A string whose chars are all <= 0xFF; one char is one byte on the wire. */
export type ByteString = string;

const CHUNK = 8192;
/** Fewer bytes than this are strung together faster than a buffer is asked. */
const FEW = 8;

/** Every byte of `bytes` up to `end` (default: its length) as one char. */
export function toByteString(bytes: Uint8Array, end: number = bytes.length): ByteString {
  if (end < FEW) {
    let few = '';
    for (let at = 0; at < end; at++) few += String.fromCharCode(bytes[at]!);
    return few;
  }
  if (typeof Buffer === 'function') {
    const buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return buffer.toString('latin1', 0, end);
  }
  let text = '';
  for (let at = 0; at < end; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + CHUNK, end)));
  }
  return text;
}

/** Every char of `text` as one byte. Chars above 0xFF are cut to their low byte. */
export function fromByteString(text: ByteString): Uint8Array {
  if (typeof Buffer === 'function') return Buffer.from(text, 'latin1');
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Shorter texts are searched and strung together faster than a buffer is filled. */
const LONG = 128;

/**
 * `text` with another byte in place of each of `byte`. V8's own ways (`replaceAll`, a pattern) put the result together
 * from a piece for each place: 30 ns each, and 100 in a megabyte of them, where the pieces outlive collections.
 */
export function withByteReplaced(text: ByteString, byte: number, by: number): ByteString {
  const char = String.fromCharCode(byte);
  const first = text.indexOf(char);
  if (first < 0) return text;
  if (text.length < LONG) return text.replaceAll(char, String.fromCharCode(by));
  const bytes = fromByteString(text);
  for (let at = first; at < bytes.length; at++) if (bytes[at] === byte) bytes[at] = by;
  return toByteString(bytes);
}

/** `text` with each byte replaced by what the table of 256 bytes has for it. */
export function withBytesMapped(text: ByteString, table: Uint8Array): ByteString {
  const bytes = fromByteString(text);
  for (let at = 0; at < bytes.length; at++) bytes[at] = table[bytes[at]!]!;
  return toByteString(bytes);
}

/** `text` without any of `byte`. */
export function withoutByte(text: ByteString, byte: number): ByteString {
  const char = String.fromCharCode(byte);
  const first = text.indexOf(char);
  if (first < 0) return text;
  if (text.length < LONG) return text.replaceAll(char, '');
  const bytes = fromByteString(text);
  let write = first;
  for (let at = first; at < bytes.length; at++) if (bytes[at] !== byte) bytes[write++] = bytes[at]!;
  return toByteString(bytes, write);
}

/** The UTF-8 bytes of a Unicode string, as a byte string. */
export function utf8ByteString(text: string): ByteString {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return toByteString(new TextEncoder().encode(text));
}

/** True when every char is one byte. */
export function isByteString(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}
