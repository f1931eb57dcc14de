// A frozen set of IP prefixes that answers, by binary search, which of them holds an address.
//
// Prefixes nest or are disjoint, so they cut the address line into stretches that each belong to one
// innermost prefix. Only the beginnings of the stretches are kept. IPv4 and IPv6 are two lines:
// `::ffff:192.0.2.1` is not in `192.0.2.0/24`.

import { fromByteString, toByteString } from './bytes.ts';
import type { IpPrefix } from './ip.ts';

export interface PrefixSet {
  /** Prefixes it was built from, duplicates included. */
  readonly size: number;
  readonly contains: (address: Uint8Array) => boolean;
  /** The same for an IPv4 address as a number of 32 bits. */
  readonly containsIpv4: (address: number) => boolean;
  /** Index of the longest prefix that holds the address (the last one of equal ones), or -1. */
  readonly longest: (address: Uint8Array) => number;
}

/** A point of the address line: a number for IPv4, 16 bytes as a byte string for IPv6. */
type Point = number | string;

interface Stretch<P extends Point> {
  readonly start: P;
  /** First point behind the prefix; undefined when it reaches the end of the line. */
  readonly end: P | undefined;
  readonly bits: number;
  readonly index: number;
}

interface Line<P extends Point> {
  readonly starts: readonly P[];
  readonly owners: Int32Array;
}

/** Builds the set. The index `longest` answers is the position in `prefixes`. */
export function buildPrefixSet(prefixes: readonly IpPrefix[]): PrefixSet {
  const ipv4: Stretch<number>[] = [];
  const ipv6: Stretch<string>[] = [];
  for (const [index, prefix] of prefixes.entries()) {
    const last = lastAddress(prefix);
    const first = firstAddress(prefix);
    const { bits } = prefix;
    if (prefix.address.length === 4) {
      ipv4.push({ start: ipv4Point(first), end: ipv4Point(last) + 1, bits, index });
    } else {
      ipv6.push({ start: toByteString(first), end: successor(last), bits, index });
    }
  }
  const line4 = cutLine(ipv4);
  const starts4 = Float64Array.from(line4.starts);
  const line6 = cutLine(ipv6);
  const starts6 = ipv6Starts(line6.starts);
  const longest4 = (point: number): number => ownerBefore(line4, indexBehind(starts4, point));
  const longest = (address: Uint8Array): number => {
    if (address.length === 4) return longest4(ipv4Point(address));
    return line6.starts.length === 0 ? -1 : ownerBefore(line6, indexBehind6(starts6, address));
  };
  return Object.freeze({
    size: prefixes.length,
    longest,
    contains: (address: Uint8Array) => longest(address) >= 0,
    containsIpv4: (address: number) => longest4(address) >= 0,
  });
}

function ipv4Point(address: Uint8Array): number {
  return address[0]! * 0x1000000 + ((address[1]! << 16) | (address[2]! << 8) | address[3]!);
}

function firstAddress(prefix: IpPrefix): Uint8Array {
  return prefix.address.map((byte, at) => byte & maskByte(prefix.bits, at));
}

function lastAddress(prefix: IpPrefix): Uint8Array {
  return prefix.address.map((byte, at) => byte | (~maskByte(prefix.bits, at) & 0xff));
}

function maskByte(bits: number, at: number): number {
  return (0xff00 >> Math.min(8, Math.max(0, bits - at * 8))) & 0xff;
}

/** The address behind this one, or undefined behind the last. */
function successor(address: Uint8Array): string | undefined {
  const next = address.slice();
  for (let at = next.length - 1; at >= 0; at--) {
    next[at] = next[at]! + 1;
    if (next[at] !== 0) return toByteString(next);
  }
  return undefined;
}

/** Sweeps along the line with the prefixes that are open at each point, the innermost on top. */
function cutLine<P extends Point>(stretches: Stretch<P>[]): Line<P> {
  stretches.sort((left, right) =>
    left.start < right.start
      ? -1
      : left.start > right.start
        ? 1
        : left.bits - right.bits || left.index - right.index,
  );
  const starts: P[] = [];
  const owners: number[] = [];
  const open: Stretch<P>[] = [];
  const cut = (at: P, owner: number): void => {
    if (starts.length > 0 && starts[starts.length - 1] === at) {
      owners[owners.length - 1] = owner;
      return;
    }
    starts.push(at);
    owners.push(owner);
  };
  const closeUntil = (limit: P | undefined): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (top.end === undefined || (limit !== undefined && top.end > limit)) return;
      open.pop();
      cut(top.end, open.at(-1)?.index ?? -1);
    }
  };
  for (const stretch of stretches) {
    closeUntil(stretch.start);
    cut(stretch.start, stretch.index);
    open.push(stretch);
  }
  closeUntil(undefined);
  return { starts, owners: Int32Array.from(owners) };
}

/** Index of the first start that lies behind the point. */
function indexBehind(starts: Float64Array, point: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Points of IPv6 as three numbers each, of 6, 6 and 4 bytes, which doubles hold exactly: comparing them
 * takes no string.
 */
type Starts6 = readonly [high: Float64Array, middle: Float64Array, low: Float64Array];

function ipv6Starts(starts: readonly string[]): Starts6 {
  const part = (from: number, to: number): Float64Array =>
    Float64Array.from(starts, (start) => numberOf(fromByteString(start), from, to));
  return [part(0, 6), part(6, 12), part(12, 16)];
}

function numberOf(bytes: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 256 + bytes[at]!;
  return number;
}

function indexBehind6([highs, middles, lows]: Starts6, address: Uint8Array): number {
  const [high, middle, low] = [
    numberOf(address, 0, 6),
    numberOf(address, 6, 12),
    numberOf(address, 12, 16),
  ];
  let first = 0;
  let last = highs.length;
  while (first < last) {
    const at = (first + last) >>> 1;
    const isBefore =
      highs[at]! !== high
        ? highs[at]! < high
        : middles[at]! !== middle
          ? middles[at]! < middle
          : lows[at]! <= low;
    if (isBefore) first = at + 1;
    else last = at;
  }
  return first;
}

function ownerBefore({ owners }: Line<Point>, index: number): number {
  return index === 0 ? -1 : owners[index - 1]!;
}
