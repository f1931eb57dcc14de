// An operator with its value, over the values of a part or an attribute.
//
// A negated operator holds when its positive form holds for no value, so it holds of what is missing too.

import { asciiLower } from '../../base/ascii.ts';
import { utf8ByteString } from '../../base/bytes.ts';
import { compilePattern } from '../../regex/matcher.ts';
import type { Condition } from '../document/criteria.ts';

export type Lists = Readonly<Record<string, readonly string[]>>;
export type ValuesTest = (values: readonly string[]) => boolean;

/** The document has been checked: operators fit their values, and patterns compile. */
export function compileCondition(condition: Condition, lists: Lists): ValuesTest {
  const { operator } = condition;
  switch (operator) {
    case 'exists':
      return (values) => values.length > 0;
    case 'notExists':
      return (values) => values.length === 0;
    case 'notEquals':
    case 'notContains':
    case 'notMatches':
    case 'notIn': {
      const positive = positiveTest({ ...condition, operator: POSITIVE[operator] }, lists);
      return (values) => !values.some(positive);
    }
    default: {
      const test = positiveTest(condition, lists);
      return (values) => values.some(test);
    }
  }
}

const POSITIVE = Object.freeze({
  notEquals: 'equals',
  notContains: 'contains',
  notMatches: 'matches',
  notIn: 'in',
} as const);

function positiveTest(condition: Condition, lists: Lists): (value: string) => boolean {
  const { operator, value, ignoreCase } = condition;
  const fold = ignoreCase ? asciiLower : (text: string): string => text;
  const wanted = fold(utf8ByteString(String(value)));
  switch (operator) {
    case 'contains':
      return (text) => fold(text).includes(wanted);
    case 'startsWith':
      return (text) => fold(text).startsWith(wanted);
    case 'endsWith':
      return (text) => fold(text).endsWith(wanted);
    case 'greater':
      return (text) => numberOf(text) > Number(value);
    case 'less':
      return (text) => numberOf(text) < Number(value);
    case 'matches': {
      const pattern = compilePattern(utf8ByteString(String(value)), { caseless: ignoreCase });
      return (text) => pattern.test(text);
    }
    case 'in': {
      const items =
        typeof value === 'string' ? (lists[value] ?? []) : (value as readonly unknown[]);
      const set = new Set(items.map((item) => fold(utf8ByteString(String(item)))));
      return (text) => set.has(fold(text));
    }
    default:
      return (text) => fold(text) === wanted;
  }
}

/** NaN, which is neither greater nor less than anything, for what is no number. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

// Words, and patterns of words: no numbers of cards, no tokens, no ids.
const TELLABLE = /^[^\d\s"]{1,60}$/;

/**
 * What a condition says and whether it holds. `shows`: with its value, which of a part that holds credentials or what
 * people have typed would tell what the request had there. Even so only values that can be no secret are told.
 */
export function conditionText(
  what: string,
  { operator, value }: Condition,
  holds: boolean,
  shows: boolean,
): string {
  const operand = shows && value !== undefined ? operandText(operator, value) : '';
  return `${what} ${operator}${operand}${holds ? '' : ' does not hold'}`;
}

function operandText(
  operator: Condition['operator'],
  value: NonNullable<Condition['value']>,
): string {
  const values = typeof value === 'object' ? value : [value];
  if (values.some((one) => typeof one === 'string' && !TELLABLE.test(one))) return '';
  if (operator === 'matches' || operator === 'notMatches') return ` /${values.join('/')}/`;
  return ` ${values.map((one) => JSON.stringify(one)).join(', ')}`;
}
