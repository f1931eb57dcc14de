// Windows that share a log against windows in records of their own, which are the meaning of `consume`.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
import {
  CLOCK_TOLERANCE_MS,
  type ConsumeOperation,
  EXACT_ENTRIES,
} from '../../src/state/operations.ts';
import { WindowLayouts } from '../../src/state/window-layout.ts';
import { WindowLogs } from '../../src/state/window-log.ts';
import { newWindow, type WindowRecord } from '../../src/state/window-record.ts';
import { windowSlots } from '../../src/state/window-slots.ts';

const START = 1_700_000_000_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

/**
 * Each window a record, and nothing ever let go. A store may let go what has expired, so a window says undefined once
 * the clock has been set back to a time when it had not.
 */
function apart() {
  const windows = new Map<string, { readonly record: WindowRecord; readonly windowMs: number }>();
  const gone = new Set<string>();
  let latestMs = -Infinity;
  const slots = windowSlots({
    open: (key, name) => ({ record: windows.get(`${key}\0${name}`)?.record ?? newWindow() }),
    keep: () => {},
  });
  return {
    consume: (operation: ConsumeOperation, nowMs: number) => {
      if (nowMs < latestMs) {
        for (const [place, { record, windowMs }] of windows) {
          if (record.latestMs + windowMs <= latestMs) gone.add(place);
        }
      }
      latestMs = nowMs;
      const { key, name = '', windowMs } = operation;
      const place = `${key}\0${name}`;
      if (gone.has(place)) return undefined;
      if (!windows.has(place)) windows.set(place, { record: newWindow(), windowMs });
      return slots.consume(operation, nowMs);
    },
  };
}

const steps = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 0, 1, 7, 100) },
  { weight: 2, arbitrary: fc.constantFrom(999, 1000, 1001, 60_000) },
  { weight: 1, arbitrary: fc.integer({ min: -CLOCK_TOLERANCE_MS, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: -200_000, max: 200_000 }) },
);

const consumes = fc.array(
  fc.record({
    stepMs: steps,
    key: fc.constantFrom('k', 'l'),
    // More than a log takes.
    name: fc.integer({ min: 0, max: 34 }),
    limit: fc.constantFrom(0, 1, 3, 10, 100, EXACT_ENTRIES - 2, EXACT_ENTRIES - 1, 5000, 2.5),
    amount: fc.constantFrom(0, 1, 1, 1, 1, 2, 9, 1.5, 2 ** 22, 2 ** 22 + 1, 1e9),
    times: fc.constantFrom(1, 1, 1, 5, 40),
  }),
  { maxLength: 120 },
);

describe('windows in a log', () => {
  it.each([3, 35])('count as each would by itself, %i of them', (names) => {
    let compared = 0;
    fc.assert(
      fc.property(consumes, (turns) => {
        const store = memoryStore();
        const records = apart();
        let nowMs = START;
        for (const { stepMs, name, times, ...of } of turns) {
          nowMs += stepMs;
          const rule = name % names;
          const windowMs = [1, 1000, 60_000][rule % 3]!;
          for (let time = 0; time < times; time++) {
            const operation = { kind: 'consume', name: `n${rule}`, windowMs, ...of } as const;
            const expected = records.consume(operation, nowMs);
            if (expected === undefined) continue;
            compared++;
            expect(store.run([operation], nowMs)).toEqual([expected]);
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS * 20);
  });

  it('count as each would by itself while all of them count all there is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ stepMs: steps, skipped: fc.integer({ min: 0, max: 9 }) }), {
          minLength: 100,
          maxLength: 600,
        }),
        (turns) => {
          const store = memoryStore();
          const records = apart();
          let nowMs = START;
          for (const { stepMs, skipped } of turns) {
            nowMs += stepMs;
            for (let rule = 0; rule < 6; rule++) {
              if (rule === skipped) continue;
              const windowMs = rule % 2 === 0 ? 1000 : 60_000;
              const operation = {
                kind: 'consume',
                key: 'k',
                name: `n${rule}`,
                windowMs,
                limit: 10 * rule,
                amount: 1,
              } as const;
              const expected = records.consume(operation, nowMs);
              if (expected === undefined) continue;
              expect(store.run([operation], nowMs)).toEqual([expected]);
            }
          }
        },
      ),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });
});

describe('WindowLogs', () => {
  const MINUTE = 60_000;
  const LOG = 1;

  function twoWindows(): WindowLogs {
    const logs = new WindowLogs(new WindowLayouts());
    expect([logs.place(LOG, 'a'), logs.place(LOG, 'b')]).toEqual([0, 1]);
    return logs;
  }

  it('keep an event once, however many windows it counts in', () => {
    const one = twoWindows();
    const two = twoWindows();
    for (let at = 0; at < 500; at++) {
      one.add(LOG, 0, 1, START + at, MINUTE, 1000);
      two.add(LOG, 0, 1, START + at, MINUTE, 1000);
      two.add(LOG, 1, 1, START + at, MINUTE, 1000);
    }
    expect([two.total(LOG, 0), two.total(LOG, 1)]).toEqual([500, 500]);
    expect(two.bytesOf(LOG)).toBe(one.bytesOf(LOG));
  });

  it('keep no more than their limits need, however long they are used', () => {
    const logs = twoWindows();
    for (let at = 0; at < 100_000; at++) {
      // One that hardly ever counts and remembers for ever, beside one that always counts.
      if (at % 10_000 === 0) logs.add(LOG, 0, 1, START + at, Infinity, 6);
      logs.add(LOG, 1, 1, START + at, MINUTE, 51);
    }
    expect([logs.total(LOG, 0), logs.total(LOG, 1)]).toEqual([6, 51]);
    expect(logs.bytesOf(LOG)).toBeLessThan(4000);
  });

  it('give memory back after a flood', () => {
    const logs = twoWindows();
    for (let at = 0; at < 2000; at++) {
      logs.add(LOG, 0, 1, START, MINUTE, 2000);
      logs.add(LOG, 1, 1, START, MINUTE, 2000);
    }
    expect(logs.bytesOf(LOG)).toBeGreaterThan(30_000);
    logs.add(LOG, 0, 1, START + MINUTE, MINUTE, 2000);
    logs.add(LOG, 1, 1, START + MINUTE, MINUTE, 2000);
    logs.add(LOG, 0, 1, START + 3 * MINUTE, MINUTE, 2000);
    expect([logs.total(LOG, 0), logs.total(LOG, 1)]).toEqual([1, 1]);
    expect(logs.bytesOf(LOG)).toBeLessThan(1000);
  });
});

describe('WindowLayouts', () => {
  it('are few, whatever the order in which clients meet rules', () => {
    const layouts = new WindowLayouts();
    let refused = 0;
    for (let at = 0; at < 5000; at++) {
      const first = layouts.first(`rule ${at}`);
      if (first === undefined) refused++;
    }
    expect(refused).toBe(4000);
  });
});
