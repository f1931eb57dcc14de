import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonPath, valueAt } from '../../../src/policy/attribution/json-path.ts';

const document = {
  sub: 'alice',
  user: { id: 7, 'a.b': 'dotted', roles: ['admin', 'staff'] },
  '0': 'zero',
  "it's": 'quoted',
};

function find(text: string): unknown {
  const path = parseJsonPath(text);
  return 'problem' in path ? path : valueAt(document, path);
}

describe('parseJsonPath', () => {
  it.each([
    ['sub', 'alice'],
    ['$.sub', 'alice'],
    ['user.id', 7],
    ['$.user.id', 7],
    ["$['user']['id']", 7],
    ['$["user"]["a.b"]', 'dotted'],
    ['$.user.roles[1]', 'staff'],
    ["$['it\\'s']", 'quoted'],
    ['$.user.roles[2]', undefined],
    ['$.user.roles.length', undefined],
    ['$[0]', undefined],
    ['$.constructor', undefined],
    ['$.__proto__', undefined],
    ['$.user.id.x', undefined],
  ])('%s finds %j', (text, expected) => {
    expect(find(text)).toEqual(expected);
  });

  it.each(['', '$', '$.', '$..a', '$.a[', '$.a[*]', '$.*', '$.a[-1]', '$[a]', 'a b', '$.a[1:2]'])(
    'says what is wrong with %j',
    (text) => {
      expect(parseJsonPath(text)).toHaveProperty('problem');
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }), (text, value) => {
        const path = parseJsonPath(text);
        if (!('problem' in path)) valueAt(value, path);
      }),
    );
  });
});
