import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitTarget } from '../../src/http/target.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

describe('splitTarget', () => {
  const cases: [
    name: string,
    raw: string,
    uri: string,
    filename: string,
    basename: string,
    query: string | null,
  ][] = [
    ['origin form', '/a/b.php?x=1&y=2', '/a/b.php?x=1&y=2', '/a/b.php', 'b.php', 'x=1&y=2'],
    ['no query', '/a', '/a', '/a', 'a', null],
    ['empty query', '/a?', '/a?', '/a', 'a', ''],
    ['second question mark', '/a?x=1?y=2', '/a?x=1?y=2', '/a', 'a', 'x=1?y=2'],
    ['fragment', '/a?x=1#frag', '/a?x=1', '/a', 'a', 'x=1'],
    ['question mark in the fragment', '/a#frag?x=1', '/a', '/a', 'a', null],
    ['absolute form', 'http://localhost:8080/x?y=1', '/x?y=1', '/x', 'x', 'y=1'],
    ['absolute form in capitals', 'HTTPS://H/a/', '/a/', '/a/', '', null],
    ['absolute form without path', 'http://host', '', '', '', null],
    ['absolute form, query only', 'http://host?a=b', '?a=b', '', '', 'a=b'],
    ['URL inside the path', '/r/http://h/x', '/r/http://h/x', '/r/http://h/x', 'x', null],
    ['asterisk', '*', '*', '*', '*', null],
    [
      'authority form',
      'host.example:443',
      'host.example:443',
      'host.example:443',
      'host.example:443',
      null,
    ],
    ['no slash', '.Bak', '.Bak', '.Bak', '.Bak', null],
    ['empty', '', '', '', '', null],
    ['root', '/', '/', '/', '', null],
    ['double slashes', '//a//b', '/a//b', '/a//b', 'b', null],
    ['backslashes', '/a\\b\\c.txt', '/a\\b\\c.txt', '/a\\b\\c.txt', 'c.txt', null],
    ['path parameters', '/a;j=1/b;c?x=1', '/a;j=1/b;c?x=1', '/a;j=1/b;c', 'b;c', 'x=1'],
    ['invalid escape in the path', '/a%zz?p=%3C', '/a%zz?p=%3C', '/a%zz', 'a%zz', 'p=%3C'],
    ['truncated escape', '/a%4', '/a%4', '/a%4', 'a%4', null],
    ['double encoding', '/a%2541', '/a%2541', '/a%41', 'a%41', null],
    ['encoded question mark', '/a%3Fb', '/a%3Fb', '/a?b', 'a?b', null],
    ['plus', '/a+b?c+d', '/a+b?c+d', '/a+b', 'a+b', 'c+d'],
    ['high bytes', '/a%ff%C3%A9', '/a%ff%C3%A9', '/a\xff\xc3\xa9', 'a\xff\xc3\xa9', null],
  ];
  it.each(cases)('splits: %s', (_name, raw, uri, filename, basename, query) => {
    const target = splitTarget(raw);
    expect(target).toMatchObject({ uri, filename, basename });
    expect(target.hasQuery ? target.query : null).toBe(query);
  });

  it('keeps the path undecoded beside the decoded file name', () => {
    expect(splitTarget('/a%2fb')).toMatchObject({
      path: '/a%2fb',
      pathBasename: 'a%2fb',
      filename: '/a/b',
      basename: 'b',
    });
  });

  it('gives parts that make up the uri again, for any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'/?#:%a5\\\x00\xff ') }), (raw) => {
        const { uri, path, query, hasQuery } = splitTarget(raw);
        expect(path + (hasQuery ? `?${query}` : '')).toBe(uri);
        expect(uri).not.toContain('#');
      }),
      { numRuns: runs },
    );
  });
});
