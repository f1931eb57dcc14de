// Machine-readable zones of passports and identity cards (ICAO 9303): two lines of 44 or 36 characters or three of
// 30, with check digits over number, birth, expiry, and all of them.

import { alphanumericValue } from '../../../base/checksum.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';

const LONGEST_BREAK = 6;
const LONGEST = 2 * 44 + 2 * LONGEST_BREAK + 2;

interface Layout {
  readonly width: number;
  readonly lines: number;
  /** Which parts, by line, a check digit stands behind; the last is the composite one. */
  readonly checks: readonly (readonly (readonly [line: number, from: number, to: number])[])[];
}

const LAYOUTS: readonly Layout[] = Object.freeze([
  {
    width: 44,
    lines: 2,
    checks: [
      [[1, 0, 9]],
      [[1, 13, 19]],
      [[1, 21, 27]],
      [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 43],
      ],
    ],
  },
  {
    width: 36,
    lines: 2,
    checks: [
      [[1, 0, 9]],
      [[1, 13, 19]],
      [[1, 21, 27]],
      [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 35],
      ],
    ],
  },
  {
    width: 30,
    lines: 3,
    checks: [
      [[0, 5, 14]],
      [[1, 0, 6]],
      [[1, 8, 14]],
      [
        [0, 5, 30],
        [1, 0, 7],
        [1, 8, 15],
        [1, 18, 29],
      ],
    ],
  },
]);

export const passportMrz: DataType = defineDataType(
  {
    name: 'passport-mrz',
    summary: 'machine-readable zones of passports and identity cards',
    sets: ['national-id', 'pii'],
    evidence: 'checksum',
    rank: 90,
  },
  {
    anchors: {
      prefixes: ['P<', 'PA', 'PD', 'PM', 'PO', 'PS', 'I<', 'ID', 'IP', 'A<', 'AC', 'C<', 'V<'],
    },
    after: LONGEST,
    recognise,
  },
);

function recognise(text: string, at: number): Span | undefined {
  // The name or the optional data of the first line end in fillers.
  for (const layout of LAYOUTS) {
    const span = readZone(layout, text, at);
    if (span !== undefined) return span;
  }
  return undefined;
}

function readZone({ width, lines, checks }: Layout, text: string, at: number): Span | undefined {
  const zone: string[] = [];
  let end = at;
  for (let line = 0; line < lines; line++) {
    const from = line === 0 ? end : behindBreak(text, end);
    if (from < 0) return undefined;
    for (end = from; end - from < width; end++)
      if (!isZoneByte(text.charCodeAt(end))) return undefined;
    zone.push(text.slice(from, end));
  }
  if (isZoneByte(text.charCodeAt(end))) return undefined;
  const holds = checks.every((parts, index) => {
    const covered = parts.map(([line, from, to]) => zone[line]!.slice(from, to)).join('');
    const [line, , to] = parts[parts.length - 1]!;
    // The composite digit is the last of its line.
    const composite = index === checks.length - 1;
    const digit = zone[line]!.charAt(composite ? width - 1 : to);
    return checkDigit(covered) === (digit === '<' ? 0 : Number(digit));
  });
  return holds ? { start: at, end } : undefined;
}

/** Behind a line break, blanks, or their writing in JSON; -1 when there is none. */
function behindBreak(text: string, from: number): number {
  let at = from;
  while (at - from < LONGEST_BREAK) {
    const char = text.charAt(at);
    if (char === '\r' || char === '\n' || char === ' ') at++;
    else if (char === '\\' && 'rn'.includes(text.charAt(at + 1) || 'x')) at += 2;
    else break;
  }
  return at > from ? at : -1;
}

function isZoneByte(code: number): boolean {
  return code === 0x3c || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a);
}

const WEIGHTS: readonly number[] = [7, 3, 1];

function checkDigit(part: string): number {
  let sum = 0;
  for (let at = 0; at < part.length; at++) {
    sum += Math.max(alphanumericValue(part.charCodeAt(at)), 0) * WEIGHTS[at % 3]!;
  }
  return sum % 10;
}
