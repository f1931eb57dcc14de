import { describe, expect, it } from 'vitest';
import { createLocator } from '../../src/diagnostics/position.ts';

describe('a locator', () => {
  const locator = createLocator();
  const source = { name: 'a', text: 'one\r\n\xc3\xa9\xe2\x82\xacx\n\xe9\xff\n' };
  const cases: readonly [name: string, offset: number, line: number, column: number][] = [
    ['the first char', 0, 1, 1],
    ['the end of a line', 3, 1, 4],
    ['the first char of the next line', 5, 2, 1],
    ['a char behind two bytes', 7, 2, 2],
    ['a char behind three bytes', 10, 2, 3],
    ['bytes that are no UTF-8', 14, 3, 3],
    ['the end of the text', 15, 4, 1],
    ['an offset behind the end', 99, 4, 1],
  ];
  for (const [name, offset, line, column] of cases) {
    it(`counts code points up to ${name}`, () => {
      expect(locator.position(source, offset)).toEqual({ line, column });
      expect(locator.lineNumber(source, offset)).toBe(line);
    });
  }

  it('gives lines without their ends', () => {
    expect(locator.line(source, 1)).toEqual({ start: 0, end: 3 });
    expect(locator.line(source, 4)).toEqual({ start: 15, end: 15 });
    expect(locator.line(source, 5)).toBeUndefined();
  });

  it('does not count a byte order mark', () => {
    const marked = { name: 'b', text: '\xef\xbb\xbfab' };
    expect(locator.position(marked, 4)).toEqual({ line: 1, column: 2 });
  });
});
