import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../src/regex/matcher.ts';
import { compile, emptyRun } from './harness.ts';

const found = (name: string, argument: string, value: string) => {
  const operator = compile(name, argument, { compilePattern });
  expect(operator.evaluate(value, emptyRun(argument))).toBe(true);
  return operator.locate?.(value, argument);
};

describe('locate', () => {
  it.each([
    [
      'rx',
      'b(c)(x)?',
      'abcd',
      [
        [1, 2],
        [2, 1],
      ],
    ],
    [
      'rxGlobal',
      'a(b)?',
      'ab-a',
      [
        [0, 2],
        [1, 1],
        [3, 1],
      ],
    ],
    ['pm', 'evil cmd', 'run CMD.exe', [[4, 3]]],
    ['contains', 'my_id', 'bbbbbbbmy_id', [[7, 5]]],
    ['containsWord', 'or', 'for or', [[4, 2]]],
    ['containsWord', 'or', 'or', []],
    ['beginsWith', '/admin', '/admin/x', [[0, 6]]],
    ['endsWith', '.php', '/a.php', [[2, 4]]],
    ['within', 'GET,POST', 'POST', [[4, 4]]],
    ['within', 'GET,POST', '', []],
    [
      'validateByteRange',
      '97-122',
      'a1b2',
      [
        [1, 1],
        [3, 1],
      ],
    ],
    ['validateUrlEncoding', '', 'a%41%zz', [[4, 7]]],
    ['validateUtf8Encoding', '', 'ab\xff', [[2, 3]]],
    ['verifySSN', '\\d{3}-\\d{2}-\\d{4}', 'ssn 078-05-1120', [[4, 11]]],
  ] as const)('of @%s %s in %j is what libmodsecurity tells', (name, argument, value, spans) => {
    expect(found(name, argument, value)).toEqual(spans);
  });

  it.each(['streq', 'strmatch', 'eq'])('is left out by @%s', (name) => {
    expect(found(name, '1', '1')).toBeUndefined();
  });

  it('stays within the bounds of hostile values', () => {
    expect(found('validateByteRange', '97-122', '1'.repeat(100_000))?.length).toBeLessThan(1000);
    expect(found('rxGlobal', '(1)', '1'.repeat(100_000))?.length).toBeLessThan(1000);
  });
});
