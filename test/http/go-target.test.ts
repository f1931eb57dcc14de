import { describe, expect, it } from 'vitest';
import { goEscapedUri, goTargetError } from '../../src/http/go-target.ts';

const decode = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );

describe('goEscapedUri', () => {
  it.each([
    ['/a/b.php?x={1}', '/a/b.php?x={1}'],
    ['/a%2Fb?%zz', '/a%2Fb?%zz'],
    ['/a\\b', '/a%5Cb'],
    ['/a{b}|c"d?x={1}', '/a%7Bb%7D%7Cc%22d?x={1}'],
    // All of the path is written anew, and an escape that is not needed goes.
    ['/%41 b', '/A%20b'],
    ['/\xff', '/%FF'],
  ])('shows %s as %s', (uri, shown) => {
    expect(goEscapedUri(uri, decode)).toBe(shown);
  });
});

describe('goTargetError', () => {
  it('names the escape that is none', () => {
    expect(goTargetError('/%zz?a=1')).toBe('parse "/%zz?a=1": invalid URL escape "%zz"');
    expect(goTargetError('/a%4')).toContain('"%4"');
  });

  it('does not mind escapes behind the question mark', () => {
    expect(goTargetError('/a?%zz')).toBeUndefined();
  });

  it('refuses control chars everywhere', () => {
    expect(goTargetError('/a?b\x01')).toBeDefined();
  });
});
