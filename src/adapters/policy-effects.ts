// What policy rules do to a message that goes on: fields that are added, and a body with other bytes in it.

import type { Header } from '../model/exchange.ts';

/**
 * A field that a rule adds replaces what the sender gave under that name: nobody can forge it. Applications
 * behind CGI and its kin take `X_Risk` for `X-Risk` (RFC 3875 4.1.18), so both are that name.
 */
export function withInjected(headers: readonly Header[], injected: readonly Header[]): Header[] {
  if (injected.length === 0) return [...headers];
  return [...headers.filter(([name]) => !isReplaced(name, injected)), ...injected];
}

/** Whether a field of that name gives way to those that rules add. */
export function isReplaced(name: string, injected: readonly Header[]): boolean {
  const plain = plainName(name);
  return injected.some(([other]) => plainName(other) === plain);
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

// Strong validators, digests and lengths speak of the bytes as they were.
const OF_THE_BYTES: ReadonlySet<string> = new Set([
  'accept-ranges',
  'content-digest',
  'content-length',
  'content-md5',
  'digest',
  'etag',
  'repr-digest',
]);

/** The header of a body whose bytes have changed. */
export function withoutDigests(headers: readonly Header[]): Header[] {
  return headers.filter(([name]) => !OF_THE_BYTES.has(name.toLowerCase()));
}

export function isOfTheBytes(name: string): boolean {
  return OF_THE_BYTES.has(name.toLowerCase());
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
