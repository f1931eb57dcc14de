import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockBytes, NumberBlocks } from '../../src/state/number-blocks.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

function read(blocks: NumberBlocks, owner: number): readonly number[] {
  const base = blocks.base(owner);
  return [...blocks.data(owner).subarray(base, base + blocks.size(owner))];
}

const turns = fc.array(
  fc.record({
    owner: fc.integer({ min: 1, max: 60 }),
    size: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 1, max: 60 }) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 3000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 8000, max: 40_000 }) },
    ),
    frees: fc.integer({ min: 0, max: 2 }).map((at) => at === 0),
  }),
  { maxLength: 200 },
);

describe('NumberBlocks', () => {
  it('keep what was written in them, wherever they are moved', () => {
    fc.assert(
      fc.property(turns, (all) => {
        const blocks = new NumberBlocks();
        const model = new Map<number, number[]>();
        let next = 0;
        for (const { owner, size, frees } of all) {
          if (frees) {
            blocks.free(owner);
            model.delete(owner);
          } else {
            const before = model.get(owner) ?? [];
            blocks.allocate(owner, size);
            expect(blocks.size(owner)).toBe(size);
            const kept = before.slice(0, size);
            expect(read(blocks, owner).slice(0, kept.length)).toEqual(kept);
            const after = Array.from({ length: size }, () => next++);
            blocks.data(owner).set(after, blocks.base(owner));
            model.set(owner, after);
          }
          blocks.tidy();
        }
        for (let owner = 0; owner <= 61; owner++) {
          expect(blocks.has(owner)).toBe(model.has(owner));
          if (model.has(owner)) expect(read(blocks, owner)).toEqual(model.get(owner));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('take about what they say, however long they come and go', () => {
    const blocks = new NumberBlocks();
    const sizes = new Map<number, number>();
    for (let at = 0; at < 200_000; at++) {
      // Most go soon, in any order; some stay.
      const owner = 1 + ((at * 7919) % 4000);
      const size = 10 + ((at * 31) % 90);
      blocks.allocate(owner, size);
      sizes.set(owner, size);
      const other = 1 + ((at * 104_729) % 4000);
      if (other % 10 !== 0) {
        blocks.free(other);
        sizes.delete(other);
      }
      blocks.tidy();
    }
    let told = 0;
    for (const size of sizes.values()) told += blockBytes(size);
    expect(told).toBeGreaterThan(500_000);
    // Beside them an array that is being filled, one to be used again, and where they are.
    expect(blocks.bytes).toBeLessThan(told + 2 * 8 * 32_768 + 64_000);
    for (const owner of sizes.keys()) blocks.free(owner);
    blocks.tidy();
    expect(blocks.bytes).toBeLessThan(2 * 8 * 32_768 + 64_000);
  });
});
