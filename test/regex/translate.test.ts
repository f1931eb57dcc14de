import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { translate } from '../../src/regex/translate.ts';

function translation(source: string): ReturnType<typeof translate> {
  const { root, groupCount } = parsePattern(source, dialectFlags('modsecurity-2', {}));
  return translate(root, groupCount);
}

function groups(source: string, subject: string): readonly (string | undefined)[] | null {
  const result = translation(source);
  if (result.kind === 'refused') throw new Error(result.reason);
  const found = new RegExp(result.translation.source).exec(subject);
  return found && result.translation.groups.map((group) => found[group]);
}

describe('translate', () => {
  it('maps groups past those that atomic groups add', () => {
    expect(groups('(a)(?>b+)(c)\\2', 'abbcc')).toEqual(['abbcc', 'a', 'c']);
  });

  it('writes white space, folding and anchors as PCRE means them', () => {
    expect(groups('\\s', '\xa0')).toBeNull();
    expect(groups('(?i)\xe9', '\xc9')).toBeNull();
    expect(groups('(?m)^b', 'a\rb')).toBeNull();
    expect(groups('(?m)^$', 'a\n')).toBeNull();
    expect(groups('a\\Z', 'a\n')).toEqual(['a']);
    expect(groups('(?-s).', '\r')).toEqual(['\r']);
  });

  it('runs optional bodies whose empty path comes last', () => {
    expect(groups('(?:;|$)?', ';')).toEqual([';']);
    expect(groups('(?:a*)*b', 'aab')).toEqual(['aab']);
  });

  it('does not join a reference with a digit that follows', () => {
    expect(groups('(a)\\g{1}0', 'aa0')).toEqual(['aa0', 'a']);
  });

  it.each([
    ['a reference to a group that may be unset', '(a)?\\1'],
    ['a caseless reference', '(?i)(a)\\1'],
    ['captures that PCRE keeps across iterations', '(?:(a)|b)*'],
    ['an option that tries nothing before something', '(?:|a)?b'],
    ['captures in a loop that can be empty', '(a*)*'],
    ['captures in a lookbehind', '(?<=(a))b'],
    ['recursion', 'a(?R)?b'],
    ['a reference inside its own group', '(a\\1)'],
  ])('refuses %s', (_, source) => {
    expect(translation(source).kind).toBe('refused');
  });
});
