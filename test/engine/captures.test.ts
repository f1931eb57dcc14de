import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Captures } from '../../src/engine/captures.ts';
import { KeyedValues } from '../../src/engine/collections.ts';
import { BEHAVIOURS, COMPATIBILITIES, type Compatibility } from '../../src/model/compatibility.ts';
import type { CaptureFinder } from '../../src/model/operator.ts';

interface Match {
  readonly kind: 'match';
  /** Texts behind that of the whole match, and what is known of their number beforehand. */
  readonly groups: readonly string[];
  readonly fewer: number;
  readonly more: number;
  readonly isLate: boolean;
}
type Step =
  | Match
  | { readonly kind: 'set' | 'unset' | 'read' | 'add'; readonly key: string }
  | { readonly kind: 'share' | 'list' };

const key = fc.constantFrom('0', '1', '2', '3', '9', 'a', 'b', 'cc', 'dd', 'ee');
const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('match' as const),
        groups: fc.array(fc.constantFrom('', 'x', 'y'), { maxLength: 4 }),
        fewer: fc.constantFrom(0, 0, 1, 4),
        more: fc.constantFrom(0, 0, 1, 5),
        isLate: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('set' as const, 'unset' as const, 'read' as const, 'add' as const),
        key,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('share' as const, 'list' as const) }),
    },
  ),
  { maxLength: 14 },
);

function finderOf({ groups, fewer, more }: Match, text: string): CaptureFinder {
  return {
    fewest: Math.max(0, groups.length - fewer),
    most: Math.min(9, groups.length + more),
    find: () => [text, ...groups],
  };
}

/** What somebody sees who carries out the steps; `mayWait`: captures of late matches are taken later. */
function seen(all: readonly Step[], engine: Compatibility, mayWait: boolean): unknown[] {
  const tx = new KeyedValues();
  const captures = new Captures(tx, BEHAVIOURS[engine]);
  const answers: unknown[] = [];
  all.forEach((step, at) => {
    switch (step.kind) {
      case 'match': {
        const finder = finderOf(step, `match ${at}`);
        if (mayWait && step.isLate) captures.storeLater(finder, '');
        else captures.store(finder.find(''));
        break;
      }
      case 'set':
        tx.set(step.key, `value ${at}`);
        break;
      case 'add':
        tx.add(step.key, 2);
        break;
      case 'unset':
        tx.unset(step.key);
        break;
      case 'read':
        answers.push(tx.get(step.key));
        break;
      case 'share':
        tx.adopt(tx.share());
        break;
      case 'list':
        answers.push(
          tx.entries,
          tx.select((name) => name < '3'),
        );
        break;
    }
  });
  return [...answers, tx.entries];
}

describe('Captures', () => {
  it.each(COMPATIBILITIES)('taken later show nothing else, not even an order: %s', (engine) => {
    fc.assert(
      fc.property(steps, (all) => {
        expect(seen(all, engine, true)).toEqual(seen(all, engine, false));
      }),
      { numRuns: 3000 },
    );
  });

  it('are not taken for matches that nobody asks about', () => {
    const tx = new KeyedValues();
    const captures = new Captures(tx, BEHAVIOURS.portcullis);
    let taken = 0;
    const finder: CaptureFinder = {
      fewest: 2,
      most: 2,
      find: (value) => {
        taken++;
        return [value, 'a', 'b'];
      },
    };
    for (let at = 0; at < 100; at++) {
      captures.storeLater(finder, `value ${at}`);
      tx.add('score', 5);
      tx.set('name', 'x');
    }
    expect(taken).toBe(1);
    expect(tx.get('0')).toBe('value 99');
    expect(taken).toBe(2);
  });
});
