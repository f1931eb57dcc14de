import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyIndex } from '../../src/state/key-index.ts';
import { readSubjectKey, subjectKey } from '../../src/state/subject-key.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const parts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'a', '.1.a', '%', '%25', '\0', 't:all', 'é') },
  { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 300 }).map((at) => `number ${at} of all`) },
);
const keys = fc.record({ scope: fc.integer({ min: 0, max: 3 }), subject: parts, place: parts });
/** Texts that are no subject's keys, or only nearly. */
const texts = fc.oneof(
  parts,
  fc.constantFrom(
    't:',
    't:a',
    't:a.1.',
    't:a.1.ab',
    't:a.01.a',
    't:c.1.a',
    't:b.1.a',
    't:a.1.a.1.b',
  ),
  keys.map(({ scope, subject, place }) => `${subjectKey(scope, subject, place)}.`),
);

const turns = fc.array(
  fc.record({
    key: fc.oneof(
      { weight: 3, arbitrary: keys },
      { weight: 1, arbitrary: texts.map((text) => ({ text })) },
    ),
    asText: fc.boolean(),
    removes: fc.integer({ min: 0, max: 3 }).map((at) => at === 0),
  }),
  { minLength: 50, maxLength: 400 },
);

describe('KeyIndex', () => {
  it('finds what a map of texts finds', () => {
    let found = 0;
    fc.assert(
      fc.property(turns, (all) => {
        const index = new KeyIndex();
        const model = new Map<string, number>();
        let rows = 0;
        for (const { key, asText, removes } of all) {
          const text = 'text' in key ? key.text : subjectKey(key.scope, key.subject, key.place);
          let row: number;
          if ('text' in key || asText) {
            row = index.findText(text);
          } else {
            index.aim(key.subject, key.place);
            row = index.find(key.scope);
          }
          expect(row).toBe(model.get(text) ?? 0);
          if (row === 0) {
            index.add(++rows);
            model.set(text, rows);
          } else {
            found++;
            if (!removes) continue;
            index.remove(row);
            model.delete(text);
          }
        }
        for (const [text, row] of model) expect(index.findText(text)).toBe(row);
      }),
      { numRuns: RUNS },
    );
    expect(found).toBeGreaterThan(RUNS);
  });

  it('finds all of many keys, while others come and go', () => {
    const index = new KeyIndex();
    for (let at = 1; at <= 5000; at++) {
      index.aim(`user ${at}`, 'GET /');
      expect(index.find(at % 2)).toBe(0);
      index.add(at);
      if (at > 1000) index.remove(at - 1000);
    }
    for (let at = 1; at <= 5000; at++) {
      index.aim(`user ${at}`, 'GET /');
      expect(index.find(at % 2)).toBe(at > 4000 ? at : 0);
    }
  });
});

describe('readSubjectKey', () => {
  it('reads what subjectKey has written', () => {
    fc.assert(
      fc.property(keys, ({ scope, subject, place }) => {
        const key = subjectKey(scope, subject, place);
        const read = readSubjectKey(key);
        expect(read).toBeDefined();
        expect(subjectKey(read!.scope, read!.subject, read!.place)).toBe(key);
        expect(read!.scope).toBe(scope);
        if (scope < 2) expect(read!.subject).toBe(subject);
        if (scope === 1 || scope === 2) expect(read!.place).toBe(place);
      }),
      { numRuns: RUNS },
    );
  });

  it('takes no other key for one', () => {
    for (const key of [
      '',
      't:',
      't:a',
      't:a.1.',
      't:a.1.ab',
      't:a.01.a',
      't:c.1.a',
      't:a.1.%',
      't:b.1.a',
    ]) {
      expect(readSubjectKey(key)).toBeUndefined();
    }
  });
});
