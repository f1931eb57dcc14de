// Distinct members in a sliding window: the record behind `observe`.
//
// The members seen last are kept, as many as the cap, so every count up to the cap is exact and stays so
// after a flood. Beyond the cap a sample estimates: of the members in the window those whose hash ends in
// `level` zero bits, each weighing as much as the chance was small to be in the sample when it was last seen.
// Unlike HyperLogLog's registers a sample can forget, so the window slides and is not cut into pieces.

import { MAX_DISTINCT_CAP } from './operations.ts';
import { clockShift } from './record-clock.ts';

interface Sampled {
  lastMs: number;
  weight: number;
}

export interface Sample {
  level: number;
  /** Oldest first. */
  members: Map<string, Sampled>;
}

export interface DistinctRecord {
  latestMs: number;
  /** Member to when it was last seen; oldest first. */
  seen: Map<string, number>;
  /** When the member that was let go last had been seen last. */
  droppedMs: number;
  sample: Sample | undefined;
}

export interface DistinctCount {
  readonly count: number;
  readonly exact: boolean;
  readonly added: number;
}

const LEAST_SAMPLE = 64;
const RECORD_BYTES = 320;
const MEMBER_BYTES = 80;
const SAMPLED_BYTES = 120;

export function newDistinct(): DistinctRecord {
  return { latestMs: -Infinity, seen: new Map(), droppedMs: -Infinity, sample: undefined };
}

/** About what it takes in memory; members are taken to be about as long as the one added last. */
export function distinctBytes({ seen, sample }: DistinctRecord, memberLength: number): number {
  const sampled = (sample?.members.size ?? 0) * SAMPLED_BYTES;
  return RECORD_BYTES + seen.size * (MEMBER_BYTES + memberLength) + sampled;
}

/** Lets expire what has, adds the members, counts. */
export function addToDistinct(
  record: DistinctRecord,
  members: readonly string[],
  nowMs: number,
  windowMs: number,
  wantedCap: number,
): DistinctCount {
  const cap = Math.min(MAX_DISTINCT_CAP, Math.max(1, Math.floor(wantedCap)));
  const shiftMs = clockShift(record.latestMs, nowMs);
  if (shiftMs !== 0) shift(record, shiftMs);
  const atMs = Math.max(nowMs, record.latestMs);
  record.latestMs = atMs;
  const sinceMs = atMs - windowMs;
  expire(record, sinceMs, cap);
  let added = 0;
  for (const member of members) {
    if (!record.seen.delete(member)) added++;
    record.seen.set(member, atMs);
    if (record.sample !== undefined) addToSample(record.sample, member, atMs, cap);
    if (record.seen.size > cap) dropOldest(record, cap);
  }
  const exact = record.droppedMs <= sinceMs;
  const { size } = record.seen;
  return { count: exact ? size : Math.max(cap + 1, estimate(record.sample)), exact, added };
}

function expire(record: DistinctRecord, sinceMs: number, cap: number): void {
  const { seen } = record;
  for (const [member, lastMs] of seen) {
    if (lastMs > sinceMs) break;
    seen.delete(member);
  }
  const { sample } = record;
  if (sample === undefined) return;
  if (record.droppedMs <= sinceMs) {
    record.sample = undefined;
    return;
  }
  for (const [member, { lastMs }] of sample.members) {
    if (lastMs > sinceMs) break;
    sample.members.delete(member);
  }
  const few = sampleSize(cap) / 4;
  if (sample.level > 0 && sample.members.size < few) sample.level--;
}

/** The sample begins with all that is kept, before the first of them goes. */
function dropOldest(record: DistinctRecord, cap: number): void {
  const { seen } = record;
  if (record.sample === undefined) {
    record.sample = { level: 0, members: new Map() };
    for (const [member, lastMs] of seen) addToSample(record.sample, member, lastMs, cap);
  }
  for (const [member, lastMs] of seen) {
    seen.delete(member);
    record.droppedMs = lastMs;
    return;
  }
}

const sampleSize = (cap: number): number => Math.max(LEAST_SAMPLE, cap);

function addToSample(sample: Sample, member: string, lastMs: number, cap: number): void {
  const { members } = sample;
  if (!isInSample(member, sample.level)) return;
  members.delete(member);
  members.set(member, { lastMs, weight: 2 ** sample.level });
  if (members.size <= sampleSize(cap)) return;
  sample.level++;
  for (const [kept, entry] of members) {
    if (!isInSample(kept, sample.level)) members.delete(kept);
    else entry.weight = Math.max(entry.weight, 2 ** sample.level);
  }
}

function isInSample(member: string, level: number): boolean {
  return level === 0 || (hash(member) & (2 ** level - 1)) === 0;
}

/** FNV-1a with a finisher. Members are keyed hashes, so nobody outside can choose what it says. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193);
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function estimate(sample: Sample | undefined): number {
  let sum = 0;
  for (const { weight } of sample?.members.values() ?? []) sum += weight;
  return sum;
}

function shift(record: DistinctRecord, shiftMs: number): void {
  record.latestMs += shiftMs;
  record.droppedMs += shiftMs;
  for (const [member, lastMs] of record.seen) record.seen.set(member, lastMs + shiftMs);
  for (const entry of record.sample?.members.values() ?? []) entry.lastMs += shiftMs;
}
