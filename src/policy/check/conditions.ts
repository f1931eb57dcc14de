// Criteria of signatures and thresholds: operators fit their values, names their parts, patterns compile.

import {
  type AttributeCondition,
  type Condition,
  type ConditionOperator,
  type Criteria,
  NAMED_PARTS,
  type PayloadCondition,
  SIZE_PARTS,
} from '../document/criteria.ts';
import type { Path } from '../document/positions.ts';
import { ATTRIBUTES } from '../facts/attributes.ts';
import { patternProblem } from './patterns.ts';
import type { Reporter } from './reporter.ts';

export function checkCriteria(rule: object & Criteria, reporter: Reporter): void {
  (rule.payload ?? []).forEach((condition, index) => {
    checkPayload(rule, condition, ['payload', index], reporter);
  });
  (rule.attributes ?? []).forEach((condition, index) => {
    checkAttribute(rule, condition, ['attributes', index], reporter);
  });
  const likes = [
    [rule.source?.userIdLike, 'userIdLike'],
    [rule.source?.userAgent, 'userAgent'],
  ] as const;
  for (const [like, key] of likes) {
    const problem = like === undefined ? undefined : patternProblem(like.matches);
    if (problem !== undefined) reporter.error(rule, ['source', key], problem);
  }
  (rule.target?.urls ?? []).forEach((url, index) => {
    const problem = patternProblem(url);
    if (problem !== undefined) reporter.error(rule, ['target', 'urls', index], problem);
  });
}

function checkPayload(
  rule: object,
  condition: PayloadCondition,
  path: Path,
  reporter: Reporter,
): void {
  const numbers = SIZE_PARTS.has(condition.part) ? 'a number of bytes, or 64KiB' : undefined;
  checkCondition(rule, condition, path, reporter, numbers);
  checkReach(rule, condition, path, reporter);
  if (condition.name !== undefined && !NAMED_PARTS.has(condition.part)) {
    reporter.error(rule, [...path, 'name'], {
      code: 'policy-name-without-part',
      message: `"${condition.part}" has no names, so "name" picks nothing`,
      help: `remove it; names go with ${[...NAMED_PARTS].join(', ')}`,
    });
  }
}

const WHOLE: ReadonlySet<ConditionOperator> = new Set(['equals', 'notEquals', 'in', 'notIn']);

/** Values that the part never has: the condition never holds, or always where it is negated. */
function checkReach(
  rule: object,
  { part, operator, value }: PayloadCondition,
  path: Path,
  reporter: Reporter,
): void {
  const isWhole = WHOLE.has(operator);
  const values = typeof value === 'object' ? value : value === undefined ? [] : [value];
  // A text behind "in" is the name of a list.
  if (typeof value === 'string' && (operator === 'in' || operator === 'notIn')) return;
  values.forEach((one, index) => {
    const text = String(one);
    const never =
      part === 'request.path' && (isWhole || operator === 'startsWith') && !/^[/*]|:\/\//.test(text)
        ? 'paths begin with "/"'
        : part === 'request.host' && isWhole && /:\d+$|\.$|\//.test(text)
          ? 'hosts are without port, path and final dot'
          : part === 'request.method' && isWhole && /[a-z]/.test(text)
            ? 'methods are in capitals'
            : undefined;
    if (never === undefined) return;
    const place = typeof value === 'object' ? [...path, 'value', index] : [...path, 'value'];
    reporter.warn(rule, place, {
      code: 'policy-never-equal',
      message: `${part} is never like "${text}": ${never}`,
      help: 'write it as requests have it',
    });
  });
}

function checkAttribute(
  rule: object,
  condition: AttributeCondition,
  path: Path,
  reporter: Reporter,
): void {
  checkCondition(rule, condition, path, reporter);
  if (!ATTRIBUTES.includes(condition.attribute)) {
    reporter.error(rule, [...path, 'attribute'], {
      code: 'policy-unknown-attribute',
      message: `"${condition.attribute}" is not an attribute of a source`,
      help: `the attributes are ${ATTRIBUTES.join(', ')}`,
    });
  }
}

function checkCondition(
  rule: object,
  { operator, value }: Condition,
  path: Path,
  reporter: Reporter,
  numbers = 'a number without quotes',
): void {
  const wrong = (message: string, help: string): void =>
    reporter.error(rule, [...path, value === undefined ? 'operator' : 'value'], {
      code: 'policy-operator-value',
      message: `"${operator}" ${message}`,
      help,
    });
  switch (operator) {
    case 'exists':
    case 'notExists':
      if (value !== undefined) wrong('takes no value', 'remove "value"');
      return;
    case 'in':
    case 'notIn':
      // A text is the name of a list of the document.
      if (value === undefined || typeof value === 'number') {
        wrong('needs a list of values', 'write value: [a, b], or the name of a list');
      } else if (typeof value === 'string' && !Object.hasOwn(reporter.document.lists, value)) {
        wrong(
          `names the list "${value}", which is not in the document`,
          'add it to "lists", or write the values here: value: [a, b]',
        );
      }
      return;
    case 'greater':
    case 'less':
      if (typeof value !== 'number') wrong('compares numbers', `write ${numbers}`);
      return;
    case 'matches':
    case 'notMatches': {
      if (typeof value !== 'string') {
        wrong('needs one pattern', 'write value: "^/admin"');
        return;
      }
      const problem = patternProblem(value);
      if (problem !== undefined) reporter.error(rule, [...path, 'value'], problem);
      return;
    }
    default:
      if (value === undefined || Array.isArray(value)) {
        wrong('needs one value', 'for several values use "in" or a second condition');
      } else if (value === '' && operator !== 'equals' && operator !== 'notEquals') {
        wrong('with an empty text says the same of every value', 'write a text, or use exists');
      }
  }
}
