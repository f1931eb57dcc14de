// One pass over a text for all anchored types: words are cut out, looked up by what they are made of and how
// they begin, and only where a type has an anchor is it asked.
//
// A word begins behind anything that is not `[A-Za-z0-9]`, and behind an escape that the text around it was
// written with (`\n`, `\u0022`, `%3D`), so that a value in a JSON string or a URL is found as it is elsewhere.

import { hexByteAt, hexWordAt } from '../../base/hex.ts';
import { nameEnd, nameEnding } from './assignment.ts';
import { ALWAYS_AFTER, type DataType, type Span } from './data-type.ts';
import {
  ANCHOR,
  type Candidate,
  type DetectionPlan,
  LONGEST_ANCHOR_WORD,
  nameSlot,
  prefixSlot,
  WORD,
  wordSlot,
} from './plan.ts';

const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const EQUALS = 0x3d;
const NONE: readonly Candidate[] = Object.freeze([]);
/** A longer run of backslashes is not looked through to its beginning. */
const MOST_BACKSLASHES = 64;

/** Where a scan stopped and how long the text must be for it to be worth going on. */
export interface ScanPause {
  readonly at: number;
  readonly wake: number;
}

/** Told of each value as it is found; ends the scan by returning false. */
export type Report = (type: DataType, span: Span) => boolean;

/**
 * Reads `text` from `from` on. Unless the text is `final`, the scan stops before the first anchor for which
 * it may not yet hold all that a type would read.
 */
export function scan(
  plan: DetectionPlan,
  text: string,
  from: number,
  final: boolean,
  report: Report,
): ScanPause {
  const { flags, prefixAt, prefixes, words, bytes, nameAt, names } = plan;
  const hasNames = names.size > 0;
  const { length } = text;
  const pause = (at: number, after: number): ScanPause => ({ at, wake: at + after });
  const short = (at: number, after: number): boolean => !final && at + after > length;
  let at = from;
  // Long words are left half read: what remains of them is no word of its own.
  if (at > 0 && at < length && (flags[text.charCodeAt(at - 1) & 255]! & WORD) !== 0) {
    while (at < length && (flags[text.charCodeAt(at) & 255]! & WORD) !== 0) at++;
  }
  while (at < length) {
    const code = text.charCodeAt(at) & 255;
    const flag = flags[code]!;
    if (flag === 0) {
      at++;
      continue;
    }
    if (short(at, ALWAYS_AFTER)) return pause(at, ALWAYS_AFTER);
    if (flag === ANCHOR) {
      for (const candidate of bytes[code] ?? NONE) {
        if (short(at, candidate.after)) return pause(at, candidate.after);
        if (!ask(candidate, text, at, at + 1, report)) return pause(length, 0);
      }
      if (hasNames && (code === COLON || code === EQUALS)) {
        const end = nameEnd(text, at);
        const ending = end < 0 ? 0 : nameEnding(text, end);
        const named = nameAt[nameSlot(ending)] === 1 ? (names.get(ending) ?? NONE) : NONE;
        for (const candidate of named) {
          if (short(at, candidate.after)) return pause(at, candidate.after);
          if (!ask(candidate, text, at, end, report)) return pause(length, 0);
        }
      }
      at++;
      continue;
    }
    const wordAt = at;
    const before = at === 0 ? 0 : text.charCodeAt(at - 1);
    const start = before === PERCENT || before === BACKSLASH ? behindEscape(text, at) : at;
    at = start;
    let kind = 0;
    for (; at < length; at++) {
      const next = flags[text.charCodeAt(at) & 255]!;
      if ((next & WORD) === 0) break;
      kind |= next;
    }
    if (at === start) continue;
    const slot = prefixSlot(text.charCodeAt(start), text.charCodeAt(start + 1));
    const begins = prefixAt[slot]!;
    if (begins !== 0) {
      for (const candidate of prefixes[begins]!) {
        if (!text.startsWith(candidate.literal, start)) continue;
        if (short(wordAt, candidate.after)) return pause(wordAt, candidate.after);
        if (!ask(candidate, text, start, at, report)) return pause(length, 0);
      }
    }
    if (at - start > LONGEST_ANCHOR_WORD) continue;
    const candidates = words[wordSlot(kind, at - start)];
    if (candidates === undefined) continue;
    const next = at < length ? text.charCodeAt(at) : -1;
    for (const candidate of candidates) {
      if (candidate.next >= 0 && candidate.next !== next) continue;
      if (short(wordAt, candidate.after)) return pause(wordAt, candidate.after);
      if (!ask(candidate, text, start, at, report)) return pause(length, 0);
    }
  }
  return pause(length, 1);
}

function ask(candidate: Candidate, text: string, at: number, end: number, report: Report): boolean {
  const span = candidate.recognise(text, at, end);
  return span === undefined || report(candidate.type, span);
}

/** `at`, or behind the letters and digits there that belong to an escape. */
export function behindEscape(text: string, at: number): number {
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  if (before === PERCENT) return hexByteAt(text, at) < 0 ? at : at + 2;
  if (before !== BACKSLASH) return at;
  let first = at - 1;
  while (first > 0 && at - first < MOST_BACKSLASHES && text.charCodeAt(first - 1) === BACKSLASH) {
    first--;
  }
  if ((at - first) % 2 === 0) return at;
  const letter = text.charAt(at);
  if (letter === 'u') return hexWordAt(text, at + 1) < 0 ? at + 1 : at + 5;
  if (letter === 'x') return hexByteAt(text, at + 1) < 0 ? at + 1 : at + 3;
  return 'nrtbf'.includes(letter) ? at + 1 : at;
}
