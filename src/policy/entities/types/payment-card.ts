// Payment card numbers (ISO/IEC 7812): issuer prefix, length and Luhn check; in groups of three digits or more
// with one blank or hyphen between them, or without.

import { digitsOf, isRepeated, passesLuhn } from '../../../base/checksum.ts';
import type { DataType, Span, WordAnchor } from '../data-type.ts';
import { defineDataType, lettersAndDigits } from '../define.ts';
import { isDigit, isInsideNumber } from '../shape.ts';

interface Scheme {
  readonly name: string;
  /** Inclusive ranges of leading digits; both ends have as many digits. */
  readonly prefixes: readonly (readonly [low: number, high: number])[];
  readonly lengths: readonly number[];
}

const SCHEMES: readonly Scheme[] = Object.freeze([
  { name: 'Visa', prefixes: [[4, 4]], lengths: [13, 16, 19] },
  {
    name: 'Mastercard',
    prefixes: [
      [51, 55],
      [2221, 2720],
    ],
    lengths: [16],
  },
  {
    name: 'American Express',
    prefixes: [
      [34, 34],
      [37, 37],
    ],
    lengths: [15],
  },
  {
    name: 'Discover',
    prefixes: [
      [6011, 6011],
      [644, 649],
      [65, 65],
    ],
    lengths: [16, 17, 18, 19],
  },
  {
    name: 'Diners Club',
    prefixes: [
      [300, 305],
      [3095, 3095],
      [36, 36],
      [38, 39],
    ],
    lengths: [14, 15, 16, 17, 18, 19],
  },
  { name: 'JCB', prefixes: [[3528, 3589]], lengths: [16, 17, 18, 19] },
  { name: 'UnionPay', prefixes: [[62, 62]], lengths: [16, 17, 18, 19] },
  {
    name: 'Maestro',
    prefixes: [
      [5018, 5018],
      [5020, 5020],
      [5038, 5038],
      [5893, 5893],
      [6304, 6304],
      [6759, 6759],
      [6761, 6763],
    ],
    lengths: [12, 13, 14, 15, 16, 17, 18, 19],
  },
  { name: 'Mir', prefixes: [[2200, 2204]], lengths: [16, 17, 18, 19] },
  {
    name: 'RuPay',
    prefixes: [
      [508, 508],
      [606985, 607984],
      [608001, 608500],
      [652150, 653149],
      [817200, 820199],
    ],
    lengths: [16],
  },
  { name: 'Troy', prefixes: [[9792, 9792]], lengths: [16] },
  {
    name: 'Elo',
    prefixes: [
      [401178, 401179],
      [438935, 438935],
      [457631, 457632],
      [504175, 504175],
      [506699, 506778],
      [509000, 509999],
      [636297, 636297],
      [636368, 636368],
      [650031, 650033],
    ],
    lengths: [16],
  },
  { name: 'Hipercard', prefixes: [[606282, 606282]], lengths: [16] },
  {
    name: 'Verve',
    prefixes: [
      [506099, 506198],
      [650002, 650027],
      [507865, 507964],
    ],
    lengths: [16, 18, 19],
  },
  { name: 'Dankort', prefixes: [[5019, 5019]], lengths: [16] },
  { name: 'InterPayment', prefixes: [[636, 636]], lengths: [16, 17, 18, 19] },
  { name: 'UATP', prefixes: [[1, 1]], lengths: [15] },
]);

const SHORTEST = 12;
const LONGEST = 19;
const SHORTEST_GROUP = 3;
const LONGEST_GROUP = 8;

/** The schemes whose numbers look like this, by prefix and length. */
export function cardSchemes(number: string): readonly string[] {
  return SCHEMES.filter(
    ({ prefixes, lengths }) =>
      lengths.includes(number.length) &&
      prefixes.some(([low, high]) => {
        const leading = Number(number.slice(0, String(low).length));
        return leading >= low && leading <= high;
      }),
  ).map(({ name }) => name);
}

const lengths = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

const anchors: readonly WordAnchor[] = [
  ...lengths(SHORTEST, LONGEST).map((length) => ({ kind: 'digits' as const, length })),
  ...lengths(4, LONGEST_GROUP).flatMap((length) =>
    [' ', '-'].map((next) => ({ kind: 'digits' as const, length, next })),
  ),
];

export const paymentCard: DataType = defineDataType(
  {
    name: 'payment-card',
    summary: 'payment card numbers of all major schemes',
    sets: ['payment', 'financial', 'pii'],
    evidence: 'checksum',
    rank: 80,
    legible: 4,
    canonical: lettersAndDigits,
  },
  { anchors: { words: anchors }, recognise },
);

function recognise(text: string, at: number): Span | undefined {
  let number = '';
  let found: Span | undefined;
  let end = at;
  let separator = '';
  for (;;) {
    const groupAt = end;
    while (end - groupAt <= LONGEST && isDigit(text.charCodeAt(end))) end++;
    const size = end - groupAt;
    number += text.slice(groupAt, end);
    if (number.length > LONGEST) break;
    const alone = groupAt === at;
    if (!alone && (size < SHORTEST_GROUP || size > LONGEST_GROUP)) break;
    if (number.length >= SHORTEST && isCard(number) && !isInsideNumber(text, at, end)) {
      found = { start: at, end };
    }
    const next = text.charAt(end);
    if ((next !== ' ' && next !== '-') || (separator !== '' && next !== separator)) break;
    if (!isDigit(text.charCodeAt(end + 1))) break;
    separator = next;
    end++;
  }
  return found;
}

function isCard(number: string): boolean {
  const digits = digitsOf(number);
  return passesLuhn(digits) && !isRepeated(digits) && cardSchemes(number).length > 0;
}
