import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/regex/ast.ts';
import { rangesOf } from '../../src/regex/byte-set.ts';
import { DecisionAutomaton } from '../../src/regex/decision.ts';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { compilePattern } from '../../src/regex/matcher.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { buildProgram } from '../../src/regex/program.ts';
import { restricted } from '../../src/regex/restrict.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

/** a to c, and blanks. */
const PLAIN = rangesOf([97, 99], [32, 32]);
const plain = fc
  .array(fc.constantFrom(...'abc '), { maxLength: 12 })
  .map((chars) => chars.join(''));

const rootOf = (source: string): Node =>
  parsePattern(source, dialectFlags('modsecurity-2', {})).root;
const matches = (root: Node | undefined, subject: string): boolean =>
  root !== undefined && new DecisionAutomaton(buildProgram(root, false)).test(subject);

const atoms = fc.constantFrom(
  ...[
    'a',
    'b',
    "'",
    '[a-z]',
    '[^a]',
    '.',
    '\\s',
    '\\x5c',
    '\\b',
    '^',
    '$',
    '(?=b)',
    "(?!')",
    "(?='|c)",
    '(?<!a)',
  ],
);
const patterns = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    atoms,
    fc.tuple(tie('node'), tie('node')).map(([left, right]) => left + right),
    fc.tuple(tie('node'), tie('node')).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}'))
      .map(([body, count]) => `(${body})${count}`),
  ),
})).node;

describe('a pattern restricted to some bytes', () => {
  it('matches the same subjects of those bytes', () => {
    fc.assert(
      fc.property(patterns, fc.array(plain, { maxLength: 8 }), (source, subjects) => {
        const root = rootOf(source);
        const left = restricted(root, PLAIN);
        for (const subject of subjects) {
          expect([subject, matches(left, subject)]).toEqual([subject, matches(root, subject)]);
        }
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it.each([
    ["c['\\x5c]*a['\\x5c]*b", ['cab']],
    ["(?:'|ab)(?:\\x5c?c)?", ['ab']],
  ])('requires more of them: %s', (source, texts) => {
    const required = compilePattern(source).requiredLiteralsOf?.(PLAIN);
    expect(required).toMatchObject({ wholes: { texts } });
  });

  it.each(["a'", "(?=')a", "(?:'|x)+"])('may match none of them: %s', (source) => {
    expect(restricted(rootOf(source), PLAIN)).toBeUndefined();
    expect(compilePattern(source).requiredLiteralsOf?.(PLAIN)).toBe('never');
  });
});
