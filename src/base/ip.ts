// IP addresses and prefixes: strict text to bytes, as inet_pton reads it, and back.
//
// Strict, because rules compare what they read here with what proxies and servers read elsewhere:
// no missing parts (`10.0/16`), no leading zeros, no zone ids, no ports, no blanks.

import { hexDigit } from './hex.ts';

/** Addresses that share their first `bits` bits. `address` has 4 or 16 bytes; bits behind are as written. */
export interface IpPrefix {
  readonly address: Uint8Array;
  readonly bits: number;
}

const MAX_TEXT = '0000:0000:0000:0000:0000:0000:255.255.255.255'.length;

/** The 4 or 16 bytes of an address, or null when the text is not one. */
export function parseIp(text: string): Uint8Array | null {
  if (text.length > MAX_TEXT) return null;
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** An address with an optional `/bits`; without it, the prefix that holds this address alone. */
export function parsePrefix(text: string): IpPrefix | null {
  const slash = text.indexOf('/');
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const width = address.length * 8;
  if (slash < 0) return { address, bits: width };
  const bits = parseBits(text, slash + 1);
  return bits < 0 || bits > width ? null : { address, bits };
}

/** The IPv4 address inside `::ffff:a.b.c.d`, or null when the address is not of that kind. */
export function mappedIpv4(address: Uint8Array): Uint8Array | null {
  if (address.length !== 16 || address[10] !== 0xff || address[11] !== 0xff) return null;
  for (let at = 0; at < 10; at++) if (address[at] !== 0) return null;
  return address.subarray(12);
}

/** The canonical text (RFC 5952) of 4 or 16 bytes. */
export function formatIp(address: Uint8Array): string {
  if (address.length === 4) return address.join('.');
  const mapped = mappedIpv4(address);
  if (mapped !== null) return `::ffff:${mapped.join('.')}`;
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((address[at * 2]! << 8) | address[at * 2 + 1]!).toString(16),
  );
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.join(':');
  const before = groups.slice(0, run.start).join(':');
  return `${before}::${groups.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (let at = 0; at < groups.length; at++) {
    length = groups[at] === '0' ? length + 1 : 0;
    if (length > best.length) best = { start: at - length + 1, length };
  }
  return best;
}

function parseBits(text: string, from: number): number {
  if (from === text.length || text.length - from > 3) return -1;
  let bits = 0;
  for (let at = from; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    bits = bits * 10 + digit;
  }
  return bits;
}

function parseIpv4(text: string): Uint8Array | null {
  const bytes = new Uint8Array(4);
  return writeIpv4(text, 0, bytes, 0) ? bytes : null;
}

function writeIpv4(text: string, from: number, target: Uint8Array, offset: number): boolean {
  const number = ipv4Number(text, from);
  if (number < 0) return false;
  for (let part = 0; part < 4; part++) target[offset + part] = number >>> (24 - part * 8);
  return true;
}

/** The IPv4 address that the text ends with, from there on, as a number of 32 bits; -1 when it is none. */
export function ipv4Number(text: string, from = 0): number {
  let number = 0;
  let at = from;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && text.charCodeAt(at++) !== 0x2e) return -1;
    const start = at;
    let value = 0;
    while (at < text.length) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      if (at > start && value === 0) return -1;
      value = value * 10 + digit;
      if (value > 255) return -1;
      at++;
    }
    if (at === start) return -1;
    number = number * 256 + value;
  }
  return at === text.length ? number : -1;
}

function parseIpv6(text: string): Uint8Array | null {
  const bytes = new Uint8Array(16);
  let write = 0;
  let gap = -1;
  let at = 0;
  if (text.startsWith('::')) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    if (write === 16) return null;
    const start = at;
    let value = 0;
    for (; at < text.length && at - start < 4; at++) {
      const digit = hexDigit(text.charCodeAt(at));
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    if (at === start) return null;
    if (text.charCodeAt(at) === 0x2e) {
      if (write > 12 || !writeIpv4(text, start, bytes, write)) return null;
      write += 4;
      break;
    }
    bytes[write++] = value >> 8;
    bytes[write++] = value & 0xff;
    if (at === text.length) break;
    if (text.charCodeAt(at++) !== 0x3a) return null;
    if (text.charCodeAt(at) === 0x3a) {
      if (gap >= 0) return null;
      gap = write;
      at++;
    } else if (at === text.length) {
      return null;
    }
  }
  if (gap < 0) return write === 16 ? bytes : null;
  if (write === 16) return null;
  bytes.copyWithin(16 - (write - gap), gap, write);
  bytes.fill(0, gap, 16 - (write - gap));
  return bytes;
}
