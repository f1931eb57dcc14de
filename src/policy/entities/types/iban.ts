// International bank account numbers (ISO 13616): country, length, MOD 97-10; in groups of four or in one piece.

import { passesMod97 } from '../../../base/checksum.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType, lettersAndDigits } from '../define.ts';
import { isCapital, isDigit, isWordByte } from '../shape.ts';

/** Lengths of the countries in the SWIFT registry. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 ' +
    'EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 ' +
    'IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 ' +
    'NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 ' +
    'SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const WHOLE = [...new Set(LENGTHS.values())].map((length) => ({ kind: 'mixed' as const, length }));
const GROUPED = [' ', '-'].map((next) => ({ kind: 'mixed' as const, length: 4, next }));

export const iban: DataType = defineDataType(
  {
    name: 'iban',
    summary: 'international bank account numbers',
    sets: ['payment', 'financial', 'pii'],
    evidence: 'checksum',
    rank: 85,
    legible: 4,
    canonical: lettersAndDigits,
  },
  { anchors: { words: [...WHOLE, ...GROUPED] }, recognise },
);

function recognise(text: string, at: number): Span | undefined {
  if (!isCapital(text.charCodeAt(at)) || !isDigit(text.charCodeAt(at + 2))) return undefined;
  const length = LENGTHS.get(text.slice(at, at + 2));
  if (length === undefined || !isDigit(text.charCodeAt(at + 3))) return undefined;
  const grouped = !isWordByte(text.charCodeAt(at + 4));
  const separator = text.charAt(at + 4);
  let number = '';
  let end = at;
  while (number.length < length) {
    if (grouped && number.length > 0 && number.length % 4 === 0) {
      if (text.charAt(end) !== separator) return undefined;
      end++;
    }
    const code = text.charCodeAt(end);
    if (!isDigit(code) && !isCapital(code)) return undefined;
    number += text.charAt(end++);
  }
  if (isWordByte(text.charCodeAt(end))) return undefined;
  return passesMod97(number.slice(4) + number.slice(0, 4)) ? { start: at, end } : undefined;
}
