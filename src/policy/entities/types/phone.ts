// Telephone numbers: international ones behind a plus (E.164), and national ones in the groups that people write
// them in. Digits without groups count only behind a word that says what they are.

import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { recogniserOf } from '../identifier.ts';
import { isDigit, isWordByte } from '../shape.ts';

const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;
const LONGEST = 32;
const JOINTS = ' -./()';

/** Country codes by their first digits (E.164); the zones not named have codes of three digits. */
const SHORT_CODES = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const LONG_CODES = /^(?:2[1-689]|3[578]|42|50|59|6[789]|8[0578]|9[679])/;

const national = recogniserOf({
  shapes: [
    '999-999-9999',
    '999.999.9999',
    '9-999-999-9999',
    '99 99 99 99 99',
    '99.99.99.99.99',
    '99999 999999',
    '999 9999 9999',
    '9999 999 9999',
  ],
  contextual: [
    '999 999 9999',
    '9999999999',
    '99999999999',
    '9999 999999',
    '9999 9999999',
    '999 9999999',
    '99999 999999',
    '9999-9999999',
    '9999/9999999',
    '999/99999999',
  ],
  context: [
    'phone',
    'phone number',
    'phone no',
    'telephone',
    'tel',
    'mobile',
    'mobile number',
    'cell',
    'cell phone',
    'fax',
    'call',
    'telefon',
    'handy',
    'telefono',
    'telefone',
    'whatsapp',
    'msisdn',
  ],
  isValid: (code, digits, value) => {
    if (/^(?:[0-9]-)?[0-9]{3}([-. ])[0-9]{3}\1[0-9]{4}$/.test(value)) return isNational(code);
    // France writes pairs; the others have a trunk prefix of one zero.
    if (digits[0] === 0) return digits[1] !== 0;
    return /^[0-9]+$/.test(value) && isNational(code);
  },
});

export const phone: DataType = defineDataType(
  {
    name: 'phone',
    summary: 'telephone numbers, international and in common national forms',
    sets: ['contact', 'pii'],
    evidence: 'format',
    rank: 30,
    canonical: (value) => value.replace(/[^0-9+]/g, ''),
  },
  {
    anchors: { words: national.anchors.words ?? [], bytes: '+(' },
    recognise: (text, at, end) => {
      const first = text.charAt(at);
      if (first === '+') return international(text, at);
      return first === '(' ? inParentheses(text, at) : national.recognise(text, at, end);
    },
  },
);

function international(text: string, at: number): Span | undefined {
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  // Behind a bracket it adds.
  if (isWordByte(before) || before === 0x2b || before === 0x29 || before === 0x5d) return undefined;
  let digits = '';
  let end = at;
  for (let next = at + 1; next - at < LONGEST; ) {
    if (isDigit(text.charCodeAt(next))) {
      digits += text.charAt(next++);
      end = next;
      if (digits.length > MOST_DIGITS) return undefined;
      continue;
    }
    // One joint, or a pair such as `) ` around the area code.
    let behind = next;
    while (behind - next < 2 && JOINTS.includes(text.charAt(behind) || 'x')) behind++;
    if (behind === next || digits === '' || !isDigit(text.charCodeAt(behind))) break;
    next = behind;
  }
  if (digits.length < FEWEST_DIGITS || isWordByte(text.charCodeAt(end))) return undefined;
  if (digits.startsWith('1')) {
    return digits.length === 11 && isNorthAmerican(digits.slice(1))
      ? { start: at, end }
      : undefined;
  }
  return SHORT_CODES.test(digits) || LONG_CODES.test(digits) ? { start: at, end } : undefined;
}

/** `(415) 555-2671`. */
function inParentheses(text: string, at: number): Span | undefined {
  if (!isDigit(text.charCodeAt(at + 1))) return undefined;
  const match = /^\(([2-9][0-9]{2})\) ?([0-9]{3})[-. ]([0-9]{4})(?![0-9A-Za-z])/.exec(
    text.slice(at, at + 16),
  );
  if (match === null || !isNorthAmerican(match.slice(1).join(''))) return undefined;
  return { start: at, end: at + match[0].length };
}

/** Ten digits of North America, or eleven with its 1 in front. */
function isNational(code: string): boolean {
  if (code.length === 11) return code.startsWith('1') && isNorthAmerican(code.slice(1));
  return code.length === 10 && isNorthAmerican(code);
}

/** Area and exchange begin with 2 to 9 and do not end in 11. */
function isNorthAmerican(ten: string): boolean {
  return (
    /^[2-9][0-8][0-9][2-9][0-9]{6}$/.test(ten) &&
    ten.slice(1, 3) !== '11' &&
    ten.slice(4, 6) !== '11'
  );
}
