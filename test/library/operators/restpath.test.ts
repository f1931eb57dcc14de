import { describe, expect, it } from 'vitest';
import { judge } from '../../support/matched-rules.ts';
import { recordingTransaction } from '../../support/operator-run.ts';
import { refusal, run } from './harness.ts';

function pathArguments(argument: string, value: string): Record<string, string> | undefined {
  const transaction = recordingTransaction();
  if (!run('restpath', argument, value, { transaction }).matched) {
    expect(transaction.pathArguments).toEqual([]);
    return undefined;
  }
  return Object.fromEntries(transaction.pathArguments.map(({ key, value: text }) => [key, text]));
}

describe('@restpath', () => {
  it.each([
    ['/users/{id}', '/users/7', { id: '7' }],
    ['/users/{id}', '/v2/users/7/orders?x=1', { id: '7' }],
    ['/users/{id}', '/users/7?x=1', { id: '7' }],
    ['/users/{id}', '/users/', undefined],
    ['/users/{id}', '/groups/7', undefined],
    ['^/users/{id}$', '/users/7', { id: '7' }],
    ['^/users/{id}$', '/users/7/orders', undefined],
    ['/{kind}/{id}', '/users/7', { kind: 'users', id: '7' }],
    ['/plain', '/plain', {}],
    ['/a.c/{x}', '/abc/1', { x: '1' }],
  ])('reads %s in %s as %j', (argument, value, expected) => {
    expect(pathArguments(argument, value)).toEqual(expected);
  });

  it.each([
    ['/(a|b)/{x}', '/b/1', { x: '1' }],
    ['/(?:a|b)/{x}', '/b/1', { x: '1' }],
    ['/(?<kind>a|b)/{x}', '/b/1', { x: '1' }],
    ['/(?P<kind>a|b)/{x}', '/b/1', { x: '1' }],
    ['/(?=b)b/{x}', '/b/1', { x: '1' }],
    ['/[(]b/{x}', '/(b/1', { x: '1' }],
    ['/[](]b/{x}', '/]b/1'.replace(']', '('), { x: '1' }],
    ['/\\(b/{x}', '/(b/1', { x: '1' }],
    ['/\\x{62}/{x}', '/b/1', { x: '1' }],
    ['/(a(b))/{x}/(c)/{y}', '/ab/1/c/2', { x: '1', y: '2' }],
  ])('finds its segments among other groups: %s', (argument, value, expected) => {
    expect(pathArguments(argument, value)).toEqual(expected);
  });

  it.each(['/{a,b}', '/{}', '/{open', '/x{2,3}'])('does not load with %s', (argument) => {
    expect(refusal('restpath', argument)).toBe('bad-path-segment');
  });

  it('makes segments arguments of the request', () => {
    const rules = `SecRuleEngine On
SecRule REQUEST_URI "@restpath /users/{id}/{what}" "id:1,phase:1,pass"
SecRule ARGS_PATH:id "@streq 7" "id:2,phase:1,pass"
SecRule ARGS:what "@streq orders" "id:3,phase:1,pass"
SecRule &ARGS_PATH "@eq 2" "id:4,phase:1,pass"`;
    expect(judge(rules, { uri: '/users/7/orders?x=1' })).toEqual({
      matched: [1, 2, 3, 4],
      codes: [],
      errors: [],
    });
  });
});
