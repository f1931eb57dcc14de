import { describe, expect, it } from 'vitest';
import { dialectFlags } from '../../src/regex/dialect.ts';
import type { LiteralSet } from '../../src/regex/literals.ts';
import { requiredLiterals } from '../../src/regex/literals.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { MAX_LITERAL_BYTES } from '../../src/regex/windows.ts';

function required(source: string): LiteralSet | undefined {
  return requiredLiterals(parsePattern(source, dialectFlags('modsecurity-2', {})).root);
}

describe('requiredLiterals', () => {
  it.each([
    ['a literal', 'passwd', ['passwd']],
    ['a caseless one, folded', '(?i)UNION', ['union']],
    ['upper case, folded', 'UNION', ['union']],
    ['the rarest window of a long one', 'information_schema', ['_schem']],
    ['one from each option', '(?:<script|javascript:)', ['<scrip', 'javasc']],
    ['both spellings of a small class', 'x[yz]q', ['xyq', 'xzq']],
    ['what a loop must repeat', '(?:<%)+', ['<%']],
    ['what a lookahead must see', '(?=.*<%)x?', ['<%']],
    ['the end of a loop and what follows', '[ab]+<', ['a<', 'b<']],
  ])('finds %s', (_, source, literals) => {
    expect(required(source)?.literals.toSorted()).toEqual(literals);
  });

  it.each([
    ['an optional part', '(?:foo)?'],
    ['a class of many', '[a-z]+'],
    ['a negated lookahead', '(?!foo)'],
    ['an option without any', 'foo|.'],
    ['nothing', ''],
    ['a loop that may not run', 'a*'],
  ])('requires nothing of %s', (_, source) => {
    expect(required(source)).toBeUndefined();
  });

  it('gives short literals of which none contains another', () => {
    const literals = required('(?:select|selected|select_from_where|x)')?.literals ?? [];
    expect(literals.toSorted()).toEqual(['select', 'x']);
    for (const literal of literals) expect(literal.length).toBeLessThanOrEqual(MAX_LITERAL_BYTES);
  });

  it('scores rare text below common text', () => {
    expect(required('<%')!.score).toBeLessThan(required('e')!.score);
  });
});
