import { describe, expect, it } from 'vitest';
import { lowercase } from '../../src/library/transformations/lowercase.ts';
import { removeNulls } from '../../src/library/transformations/remove-nulls.ts';
import { BEHAVIOURS } from '../../src/model/compatibility.ts';
import { classesOf } from '../../src/program/byte-classes.ts';
import { createPipelineTree } from '../../src/program/pipeline.ts';
import { createShortcuts } from '../../src/program/shortcuts.ts';

const tree = createPipelineTree(Object.values(BEHAVIOURS)[0]!);
const lower = tree.intern([lowercase]);
const clean = tree.intern([lowercase, removeNulls]);

describe('shortcuts', () => {
  it('tell behind which pipelines values of a kind stay as they are', () => {
    const shortcuts = createShortcuts(tree.nodes());
    const plain = shortcuts(classesOf('plain 5'));
    expect([lower, clean].map((stage) => plain.isSameAt(stage))).toEqual([true, true]);
    const upper = shortcuts(classesOf('Upper'));
    expect([lower, clean].map((stage) => upper.isSameAt(stage))).toEqual([false, false]);
    expect(shortcuts(classesOf('other 7'))).toBe(plain);
  });

  it('forget kinds when there are too many, and know them again', () => {
    const shortcuts = createShortcuts(tree.nodes());
    const first = shortcuts(1);
    for (let classes = 2; classes < 5000; classes++) shortcuts(classes);
    const again = shortcuts(1);
    expect(again).not.toBe(first);
    expect([...again.sameness.sameAt]).toEqual([...first.sameness.sameAt]);
    expect(shortcuts(1)).toBe(again);
  });
});
