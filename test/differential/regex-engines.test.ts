// Generated patterns on generated subjects: every engine that accepts a pattern must agree with PCRE2 on
// the written source, in the decision, the place and all captures.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatcherResult } from '../../src/model/operator.ts';
import { MatchLimitError } from '../../src/model/operator.ts';
import { CaptureAutomaton } from '../../src/regex/captures.ts';
import { DecisionAutomaton } from '../../src/regex/decision.ts';
import type { Dialect } from '../../src/regex/dialect.ts';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { requiredLiterals } from '../../src/regex/literals.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { PathSearch } from '../../src/regex/path-search.ts';
import { buildProgram } from '../../src/regex/program.ts';
import { isRegular, programSize } from '../../src/regex/regular.ts';
import { simplify } from '../../src/regex/simplify.ts';
import { translate } from '../../src/regex/translate.ts';
import { minWidth } from '../../src/regex/width.ts';
import { loadPcre2, lowerAscii, oracle } from '../regex/oracle.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100) * 10;
const pcre2 = loadPcre2();

const REGULAR = [
  ...[
    'a',
    'a',
    'b',
    'b',
    'c',
    'A',
    '.',
    '[ab]',
    '[^a]',
    '\\w',
    '\\W',
    '\\s',
    '\\d',
    '\\h',
    '\\x00',
  ],
  ...['\\n', '\\r', '\\xe9', '[\\x80-\\xff]', '[[:upper:]]', '', '(?i:a)', '(?-s:.)'],
  ...['^', '$', '\\A', '\\z', '\\Z', '\\b', '\\B', '(?m:^)', '(?m:$)'],
  ...['(?=a)', '(?!b)', '(?<=a)', '(?<!\\w)', '(?=[\\n])', '[[:<:]]', '[[:>:]]'],
];
const IRREGULAR = [
  ...['(?!ab)', '(?=a.)', '(?<=ab)', '(?<!b|ab)', '(?>a|ab)', '(?>a*)', 'a*+', '(?:ab)++', '\\R'],
  ...['\\K', '(*SKIP)', '(?|(a)|(b))', '(?=(a)b)', '(?!(a)c)'],
];
const QUANTIFIERS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?', '{2,}', '{2,}?'];

function patterns(atoms: readonly string[]): fc.Arbitrary<string> {
  return fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: 'medium' },
      { weight: 4, arbitrary: fc.constantFrom(...atoms) },
      {
        weight: 4,
        arbitrary: fc
          .array(tie('node'), { minLength: 1, maxLength: 3 })
          .map((parts) => parts.join('')),
      },
      { weight: 2, arbitrary: tie('node').map((node) => `(${node})`) },
      {
        weight: 2,
        arbitrary: fc
          .array(tie('node'), { minLength: 2, maxLength: 3 })
          .map((nodes) => `(?:${nodes.join('|')})`),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(tie('node'), fc.constantFrom(...QUANTIFIERS), fc.boolean())
          .map(([node, quantifier, captured]) => `(${captured ? '' : '?:'}${node})${quantifier}`),
      },
    ),
  })).node;
}

const subjects = fc.array(
  fc.string({
    unit: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'A', '\n', '\r', ' ', '0', '\0', '\xe9', '\xc9'),
    maxLength: 10,
  }),
  { minLength: 4, maxLength: 8 },
);

/** The oracle has no DOLLAR_ENDONLY; patterns here have `$` only as a whole atom. */
function forOracle(source: string, dialect: Dialect): string {
  if (dialect === 'modsecurity-3') return `(?sm)${source}`;
  return `(?s)${source.replace(/(?<!\?m:)\$/g, '\\z')}`;
}

const dialects = fc.constantFrom<Dialect>('modsecurity-2', 'modsecurity-2', 'modsecurity-3');

/** Without groups of V8 or of PCRE that differ only in being cut off. */
function plain(found: MatcherResult | null): unknown {
  return found && { index: found.index, end: found.end, groups: [...found.groups] };
}

describe('engines against PCRE2', () => {
  it('agree on regular patterns: automata, also with tiny memory, and V8', () => {
    let compared = 0;
    let translated = 0;
    let searched = 0;
    fc.assert(
      fc.property(
        patterns(REGULAR),
        subjects,
        dialects,
        fc.boolean(),
        (source, values, dialect, tiny) => {
          const pattern = parsePattern(source, dialectFlags(dialect, {}));
          const root = simplify(pattern.root);
          expect(isRegular(root)).toBe(true);
          const program = buildProgram(root, false);
          const withCaptures = buildProgram(root, true, program.alphabet);
          expect(program.size).toBeLessThanOrEqual(programSize(root, false));
          expect(withCaptures.size).toBeLessThanOrEqual(programSize(root, true));
          const decision = new DecisionAutomaton(
            program,
            tiny ? { states: 3, bytes: 1 << 20 } : undefined,
          );
          const captures = new CaptureAutomaton(
            withCaptures,
            decision,
            pattern.groupCount,
            tiny ? { bytes: 8, block: 3 } : undefined,
          );
          const paths = new PathSearch(withCaptures, pattern.groupCount);
          const literals = requiredLiterals(root)?.literals;
          const inV8 = translate(root, pattern.groupCount);
          const v8 = inV8.kind === 'translated' ? new RegExp(inV8.translation.source) : undefined;
          const judge = oracle(pcre2, forOracle(source, dialect));
          for (const value of values) {
            const expected = judge.exec(value);
            if (expected === 'limit') continue;
            compared++;
            expect(decision.test(value)).toBe(expected !== null);
            expect(plain(captures.exec(value))).toEqual(plain(expected));
            const range = expected === null ? null : decision.locate(value);
            if (range !== null) {
              const found = paths.exec(value, range.low, range.end);
              if (found === undefined) throw new Error('gave up a short subject');
              expect(plain(found)).toEqual(plain(expected));
              searched++;
            }
            if (expected !== null) {
              expect(value.length).toBeGreaterThanOrEqual(minWidth(root));
              const folded = lowerAscii(value);
              if (literals) expect(literals.some((literal) => folded.includes(literal))).toBe(true);
            }
            if (v8 !== undefined && inV8.kind === 'translated') {
              translated++;
              const found = v8.exec(value);
              const groups =
                found === null ? undefined : inV8.translation.groups.map((at) => found[at]);
              expect(groups).toEqual(expected?.groups);
              expect(found?.index).toBe(expected?.index);
            }
          }
          judge.free();
        },
      ),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS * 3);
    expect(translated).toBeGreaterThan(RUNS);
    expect(searched).toBeGreaterThan(RUNS);
  });

  it('agree on patterns with lookarounds, atomic groups and more', () => {
    const engines = { dfa: 0, v8: 0, pcre2: 0 };
    fc.assert(
      fc.property(
        patterns([...REGULAR, ...IRREGULAR, ...IRREGULAR]),
        subjects,
        dialects,
        (source, values, dialect) => {
          const pattern = compilePattern(source, { dialect, pcre2: () => pcre2 });
          engines[pattern.engine]++;
          const judge = oracle(pcre2, forOracle(source, dialect));
          const literals = pattern.requiredLiterals()?.literals;
          for (const value of values) {
            const expected = judge.exec(value);
            if (expected === 'limit') continue;
            let found: MatcherResult | null;
            try {
              found = pattern.exec(value);
              expect(pattern.test(value)).toBe(found !== null);
            } catch (error) {
              if (error instanceof MatchLimitError) continue;
              throw error;
            }
            expect(plain(found)).toEqual(plain(expected));
            if (found !== null && literals) {
              const folded = lowerAscii(value);
              expect(literals.some((literal) => folded.includes(literal))).toBe(true);
            }
          }
          judge.free();
          pattern.free();
        },
      ),
      { numRuns: RUNS },
    );
    for (const runs of Object.values(engines)) expect(runs).toBeGreaterThan(RUNS / 50);
  });

  it('agree on all matches of a subject, one after the other', () => {
    fc.assert(
      fc.property(patterns(REGULAR), subjects, (source, values) => {
        const pattern = compilePattern(source, { pcre2: () => pcre2 });
        const judge = oracle(pcre2, forOracle(source, 'modsecurity-2'));
        const value = values.join('');
        for (let from = 0; from <= value.length; from++) {
          const expected = judge.exec(value, from);
          if (expected === 'limit') continue;
          expect(plain(pattern.exec(value, from))).toEqual(plain(expected));
        }
        judge.free();
      }),
      { numRuns: RUNS / 5 },
    );
  });
});
