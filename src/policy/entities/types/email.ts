// Email addresses: a local part without quotes, a domain with a top level of letters.

import { asciiLower } from '../../../base/ascii.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { behindEscape } from '../scan.ts';
import { isWordByte } from '../shape.ts';

const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 253;
const LONGEST_LABEL = 63;
const LONGEST_TOP = 24;
/** `logo@2x.png` is a picture. */
const FILE_NAMES: ReadonlySet<string> = new Set(
  'png jpg jpeg gif svg webp avif ico css js mjs ts map json html htm woff ttf pdf mp4'.split(' '),
);

export const email: DataType = defineDataType(
  {
    name: 'email',
    summary: 'email addresses',
    sets: ['contact', 'pii'],
    evidence: 'format',
    rank: 60,
    canonical: asciiLower,
  },
  {
    anchors: { bytes: '@' },
    lead: LONGEST_LOCAL,
    after: LONGEST_DOMAIN + LONGEST_LABEL + 2,
    recognise,
  },
);

function recognise(text: string, at: number): Span | undefined {
  const end = domainEnd(text, at + 1);
  if (end < 0) return undefined;
  let start = at;
  while (start > 0 && at - start <= LONGEST_LOCAL && isLocalByte(text.charCodeAt(start - 1)))
    start--;
  if (at - start > LONGEST_LOCAL) return undefined;
  start = Math.min(behindEscape(text, start), at);
  while (start < at && !isWordByte(text.charCodeAt(start))) start++;
  if (start === at || text.charAt(at - 1) === '.') return undefined;
  return text.slice(start, at).includes('..') ? undefined : { start, end };
}

/** Letters, digits and `.+_-`: what addresses in use have. */
function isLocalByte(code: number): boolean {
  return isWordByte(code) || code === 0x2e || code === 0x2b || code === 0x5f || code === 0x2d;
}

/** Behind the last label that can be a top-level domain; -1 when there is none. */
function domainEnd(text: string, from: number): number {
  let end = -1;
  let labelAt = from;
  let labels = 0;
  for (;;) {
    let at = labelAt;
    while (
      at - labelAt <= LONGEST_LABEL &&
      (isWordByte(text.charCodeAt(at)) || text.charAt(at) === '-')
    ) {
      at++;
    }
    const size = at - labelAt;
    if (size === 0 || size > LONGEST_LABEL || text.charAt(labelAt) === '-') break;
    if (at - from > LONGEST_DOMAIN) break;
    labels++;
    const label = text.slice(labelAt, at);
    const whole = label.replace(/-+$/, '');
    if (labels > 1 && isTopLevel(whole)) end = labelAt + whole.length;
    else end = -1;
    if (whole !== label || text.charAt(at) !== '.') break;
    if (!isWordByte(text.charCodeAt(at + 1))) break;
    labelAt = at + 1;
  }
  return end;
}

function isTopLevel(label: string): boolean {
  if (label.length < 2 || label.length > LONGEST_TOP) return false;
  if (FILE_NAMES.has(asciiLower(label))) return false;
  return /^[A-Za-z]+$/.test(label) || /^xn--[0-9A-Za-z-]+$/i.test(label);
}
