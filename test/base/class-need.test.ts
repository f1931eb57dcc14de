import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANYTHING,
  allOf,
  anyOf,
  type ClassNeed,
  mayHold,
  needKey,
  needTests,
  passes,
} from '../../src/base/class-need.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

type Tree = number | { readonly all: readonly Tree[] } | { readonly any: readonly Tree[] };

const trees = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Tree>(0, ANYTHING, 1, 2, 3, 4, 6, 8, 12, 16),
    fc.record({ all: fc.array(tie('tree'), { maxLength: 4 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 20 }) }),
  ),
})).tree;

function need(tree: Tree): ClassNeed {
  if (typeof tree === 'number') return tree;
  return 'all' in tree ? allOf(tree.all.map(need)) : anyOf(tree.any.map(need));
}

function holds(tree: Tree, classes: number): boolean {
  if (typeof tree === 'number') return tree === ANYTHING || (tree & classes) !== 0;
  return 'all' in tree
    ? tree.all.every((one) => holds(one, classes))
    : tree.any.some((one) => holds(one, classes));
}

describe('a need of classes', () => {
  it('never says "not held" of what is held, and hardly ever the other way round', () => {
    let weaker = 0;
    let asked = 0;
    fc.assert(
      fc.property(trees, fc.integer({ min: 0, max: 31 }), (tree, classes) => {
        const may = mayHold(need(tree), classes);
        asked++;
        if (holds(tree, classes)) expect(may).toBe(true);
        else if (may) weaker++;
      }),
      { numRuns: RUNS * 20 },
    );
    expect(weaker).toBeLessThan(asked / 20);
  });

  it('is answered alike by the tests that are made of many', () => {
    let failed = 0;
    fc.assert(
      fc.property(
        fc.array(trees, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 31 }),
        (several, classes) => {
          const needs = several.map(need);
          const tests = needTests(needs);
          needs.forEach((one, at) => {
            const may = mayHold(one, classes);
            if (!may) failed++;
            expect(passes(tests, at, classes)).toBe(may);
          });
        },
      ),
      { numRuns: RUNS * 20 },
    );
    expect(failed).toBeGreaterThan(RUNS);
  });

  it('is short where alternatives need the same, or less than others', () => {
    expect(allOf([])).toBe(ANYTHING);
    expect(anyOf([])).toBe(0);
    expect(allOf([1, 3, 1])).toBe(1);
    expect(anyOf([1, allOf([1, 4])])).toBe(1);
    expect(needKey(anyOf([allOf([1, 2]), allOf([2, 1])]))).toBe(needKey(allOf([1, 2])));
    expect(needKey(anyOf([allOf([1, 2, 4]), allOf([1, 6])]))).toBe(needKey(allOf([1, 6])));
    expect(needKey(anyOf([allOf([1, 6]), allOf([1, 2, 4])]))).toBe(needKey(allOf([1, 6])));
  });

  it('stays small with many alternatives', () => {
    const pairs = Array.from({ length: 30 }, (_, bit) => allOf([1 << bit, 1 << ((bit + 7) % 30)]));
    const many = anyOf(pairs);
    expect(typeof many).toBe('number');
    for (const one of pairs) {
      const classes =
        typeof one === 'number' ? one : one.of.reduce<number>((sum, mask) => sum | Number(mask), 0);
      expect(mayHold(many, classes)).toBe(true);
    }
  });
});
