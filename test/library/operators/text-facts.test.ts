import { describe, expect, it } from 'vitest';
import { mayHold } from '../../../src/base/class-need.ts';
import { BYTE_CLASSES, classesOf } from '../../../src/program/byte-classes.ts';
import { compile } from './harness.ts';

const HOLDING = ['contains', 'containsWord', 'strmatch', 'streq', 'beginsWith', 'endsWith'];

describe('an operator that looks for a text', () => {
  for (const name of HOLDING) {
    it(`${name} says what no matching value can do without`, () => {
      const { requires, needs, minBytes } = compile(name, 'X-->');
      expect(requires?.()?.literals).toEqual(['x-->']);
      expect(minBytes).toBe(4);
      const need = needs?.(BYTE_CLASSES) ?? -1;
      expect(mayHold(need, classesOf('X-->'))).toBe(true);
      for (const other of ['x-->', 'X--', 'X>', '-->']) {
        expect(mayHold(need, classesOf(other))).toBe(false);
      }
    });

    it(`${name} says nothing of a text that macros change, and of none at all`, () => {
      for (const { requires, needs, minBytes } of [
        compile(name, '%{tx.a}', { expanded: '' }),
        ...(name === 'strmatch' ? [] : [compile(name, '')]),
      ]) {
        expect([requires, needs, minBytes]).toEqual([undefined, undefined, undefined]);
      }
    });
  }
});
