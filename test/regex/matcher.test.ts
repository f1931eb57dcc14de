import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Memo, NO_MEMO } from '../../src/model/memo.ts';
import { MatchLimitError, OperatorArgumentError } from '../../src/model/operator.ts';
import type { CompiledPattern } from '../../src/regex/compiled-pattern.ts';
import type { CompileOptions } from '../../src/regex/matcher.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { loadPcre2 } from './oracle.ts';

const pcre2 = loadPcre2();
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

function compile(source: string, options: CompileOptions = {}): CompiledPattern {
  return compilePattern(source, { pcre2: () => pcre2, ...options });
}

describe('compilePattern', () => {
  it.each([
    ['regular patterns', '(?i)union\\s+select', 'dfa'],
    ['one-byte lookarounds', '(?<!\\w)eval(?=\\()', 'dfa'],
    ['possessive loops that give nothing back', '[a-z]++=', 'dfa'],
    ['nested loops', '(?:(?:a+)+)+$', 'dfa'],
    ['lookaheads with bounded work', '<\\?(?!xml)', 'v8'],
    ['references with bounded work', '([\'"]).{0,20}\\1', 'v8'],
    ['references that may be unset', '(a)?\\1b', 'pcre2'],
    ['recursion', '\\((?R)?\\)', 'pcre2'],
    ['counts too large for an automaton', '(?:.{1,200}x){1,200}', 'pcre2'],
  ] as const)('runs %s by the right engine', (_, source, engine) => {
    const pattern = compile(source);
    expect(pattern.engine).toBe(engine);
    expect(pattern.describe()).toContain(engine);
  });

  it('refuses what needs PCRE2 when there is none', () => {
    for (const source of ['(?R)', '(a)?\\1', '(?=.*a.*b.*c)(?=.*d.*e).*']) {
      expect(() => compilePattern(source)).toThrow(
        expect.objectContaining({ name: 'OperatorArgumentError', code: 'regex-needs-pcre2' }),
      );
    }
  });

  it.each([
    ['nothing to look for', '[a-z]{2,}[0-9]'],
    ['a text to look for', 'union[a-z]+select'],
    ['too many of them', '(?:alpha|beta|gamma|delta)[0-9]'],
  ])('works out once what long subjects are searched for: %s', (_, source) => {
    let asked = 0;
    const recall: Memo['recall'] = (kind, _text, make) => {
      if (kind === 'literals') asked++;
      return make();
    };
    const pattern = compile(source, { memo: { ...NO_MEMO, recall } });
    for (const byte of ['.', ',', '-']) {
      expect(pattern.test(byte.repeat(5000))).toBe(false);
    }
    expect(asked).toBe(1);
  });

  it('does not load PCRE2 for what does not need it', () => {
    let loaded = 0;
    const count = (): never => {
      loaded++;
      throw new Error('loaded');
    };
    for (const source of ['a+b', '<\\?(?!xml)', '(?=.*a).*b']) {
      expect(compilePattern(source, { pcre2: count }).test('<?b')).toBeDefined();
    }
    expect(loaded).toBe(0);
  });

  it('gives equal results on both sides of the length where engines change', () => {
    const pattern = compile('a(?=.*c)(.)(?!.*dd)');
    expect(pattern.engine).toBe('v8');
    for (const length of [10, 100, 1_000, 3_000]) {
      const found = pattern.exec(`${'-'.repeat(length)}abc`);
      expect(found).toEqual({ index: length, end: length + 2, groups: ['ab', 'b'] });
    }
  });

  it('follows its options and its dialect', () => {
    expect(compile('^b').test('a\nb')).toBe(false);
    expect(compile('^b', { multiline: true }).test('a\nb')).toBe(true);
    expect(compile('^b', { dialect: 'modsecurity-3' }).test('a\nb')).toBe(true);
    expect(compile('A', { caseless: true }).test('a')).toBe(true);
    expect(compile('a.b', { dotAll: false }).test('a\nb')).toBe(false);
    expect(compile('a$').test('a\n')).toBe(false);
    expect(compile('a$', { dialect: 'modsecurity-3' }).test('a\n')).toBe(true);
  });

  it('anchors a leading .* to where the search starts, in every engine', () => {
    const subject = 'xxb--xxb';
    for (const source of ['.*b', '.*b(?!bb)', '.*b\\K']) {
      expect(compile(source).exec(subject)?.end).toBe(8);
      expect(compile(source).exec(subject, 4)?.groups[0]?.length).toBe(
        source.endsWith('K') ? 0 : 4,
      );
    }
  });

  it('knows its groups, also those that took no part', () => {
    for (const source of ['(a)|(b)', '(a)|(b)(?!bb)', '(a)|(b)\\K']) {
      const pattern = compile(source);
      expect(pattern.groupCount).toBe(2);
      expect(pattern.exec('b')?.groups.slice(1)).toEqual([undefined, 'b']);
    }
  });

  it('returns null for a search that starts behind the end', () => {
    for (const source of ['a?', 'a?(?!bb)', 'a?\\K']) {
      expect(compile(source).exec('aa', 3)).toBeNull();
      expect(compile(source).exec('aa', 2)?.index).toBe(2);
    }
  });

  it('promises no literals where verbs or conditions could skip them', () => {
    expect(compile('(?:a(*ACCEPT)|x)foo').requiredLiterals()).toBeUndefined();
    expect(compile('foo').requiredLiterals()?.literals).toEqual(['foo']);
  });

  it('works again after it was freed', () => {
    for (const source of ['(a)b', '(a)b(?!bb)', '(a)b\\K']) {
      const pattern = compile(source);
      expect(pattern.test('ab')).toBe(true);
      pattern.free();
      expect(pattern.exec('ab')?.groups[1]).toBe('a');
    }
  });

  const CATASTROPHIC = [
    '(?:a+)+$',
    '(?:a|a)*$',
    '(?:a|aa)+$',
    '(a*)*b',
    'a*a*a*a*a*a*b',
    '(?:.*a){12}b',
    '^(?:(?:a|b)+c?)+$',
    '(?:a|b)*a(?:a|b){18}c',
    '\\s+$',
    '.*.*=.*',
  ];

  it.each(CATASTROPHIC)('finishes %s on 128 KB', (source) => {
    const pattern = compile(source);
    expect(pattern.engine).toBe('dfa');
    for (const pumped of ['a', ' ', 'ab', 'ba ']) {
      for (const end of ['', '!', 'b=c']) {
        const subject = pumped.repeat(1 << 16) + end;
        expect(pattern.test(subject)).toBe(pattern.exec(subject) !== null);
      }
    }
  });

  it('finishes nested counts on 128 KB', () => {
    const pattern = compile('(?:[a-z]{1,30}\\s{0,30}){1,30}=');
    expect(pattern.engine).toBe('dfa');
    expect(pattern.test('abc  '.repeat(1 << 15))).toBe(false);
  });

  it('runs deep and wide patterns without running out of stack', () => {
    const deep = compile(`${'(?:'.repeat(249)}a${')*'.repeat(249)}b`);
    expect(deep.engine).not.toBe('v8');
    const wide = compile(Array.from({ length: 3_000 }, (_, at) => `w${at}x`).join('|'));
    expect(wide.test('--w2999x')).toBe(true);
    expect(wide.exec('--w2999x')?.index).toBe(2);
  });

  it('throws nothing but its two errors, whatever pattern and subject', () => {
    const token = fc.constantFrom(
      ...[
        'a',
        'b',
        '\\',
        '(',
        ')',
        '(?',
        '(?:',
        '(?=',
        '(?<!',
        '(?>',
        '(?<n>',
        '(?(1)',
        '(?R)',
        '(*',
      ],
      ...['[', ']', '[^', '-', '^', '$', '.', '|', '*', '+', '?', '{2}', '{1,}', '{', '\\1', '\\b'],
      ...[
        '\\Q',
        '\\E',
        '\\x',
        '\\x{41}',
        '\\p{L}',
        '\\k<n>',
        '\\K',
        '(?i)',
        '(?x)',
        '#',
        ' ',
        '\n',
      ],
      ...['[:alpha:]', '(?|', '\\R', '\\G', '\xe9', '\0', '(*F)', '(?#', '\\c', '\\o{', '\\g{-1}'],
    );
    const source = fc.oneof(
      fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '\n', '\0', '\xe9', ' ') });
    fc.assert(
      fc.property(source, subject, fc.boolean(), (written, value, multiline) => {
        let pattern: CompiledPattern;
        try {
          pattern = compile(written, { multiline });
        } catch (error) {
          expect(error).toBeInstanceOf(OperatorArgumentError);
          return;
        }
        try {
          const found = pattern.exec(value);
          expect(pattern.test(value)).toBe(found !== null);
          pattern.requiredLiterals();
        } catch (error) {
          expect(error).toBeInstanceOf(MatchLimitError);
        } finally {
          pattern.free();
        }
      }),
      { numRuns: RUNS * 4 },
    );
  });
});
