import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyEdit, type FileEdit } from '../../../src/policy/edit/apply.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const scalar = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('a\nb\n', '- x', '#c', 'k: v', '*a', '&b', "it's", '{', ''),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('any'), { maxKeys: 3 }),
  ),
})).any;
const rule = fc.record(
  { name: fc.stringMatching(/^[a-z ]{1,8}[a-z]$/), x: value, enabled: fc.boolean() },
  { requiredKeys: ['name'] },
);
interface Sections {
  readonly sources: readonly object[];
  readonly signatures?: readonly object[];
}
const sections = fc.record(
  {
    sources: fc.array(rule, { minLength: 1, maxLength: 3 }),
    signatures: fc.array(rule, { maxLength: 3 }),
  },
  { requiredKeys: ['sources'] },
) as fc.Arbitrary<Sections>;

/** A writer of texts, in one of many styles. */
const style = fc.oneof(
  fc.constant((document: object) => JSON.stringify(document)),
  fc.constant((document: object) => `${JSON.stringify(document, undefined, 4)}\n`),
  fc
    .record({
      indent: fc.integer({ min: 2, max: 5 }),
      indentSeq: fc.boolean(),
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
    })
    .map((options) => (document: object) => stringify(document, options)),
);

describe('applyEdit', () => {
  it('can change documents in any style, and says exactly what was asked for', () => {
    fc.assert(
      fc.property(sections, style, value, (document, write, given) => {
        const text = write(document);
        // Some styles of the writer are not what its reader reads.
        fc.pre(isReadable(text, document));
        const { sources } = document;
        const last = sources.length - 1;
        const changed = (edit: FileEdit): Sections =>
          parse(applyEdit(text, edit) ?? 'refused: true') as Sections;
        const set = (path: readonly (string | number)[], to: unknown): Sections =>
          changed({ kind: 'set', path: ['sources', last, ...path], value: to });
        const others = { ...document, sources: sources.slice(0, last) };
        const expected = (after: object): object => ({
          ...document,
          sources: [...others.sources, after],
        });
        expect(set(['x'], given)).toEqual(expected({ ...sources[last], x: given }));
        expect(set(['enabled'], false)).toEqual(expected({ ...sources[last], enabled: false }));
        expect(set(['a', 'b', 0], given)).toEqual(
          expected({ ...sources[last], a: { b: [given] } }),
        );
        expect(changed({ kind: 'remove', section: 'sources', index: last })).toEqual(others);
        expect(changed({ kind: 'copy', section: 'sources', index: last })).toEqual({
          ...document,
          sources: [...sources, sources[last]],
        });
        const added = { name: 'q', y: given };
        expect(changed({ kind: 'append', section: 'sources', value: added })).toEqual({
          ...document,
          sources: [...sources, added],
        });
        expect(changed({ kind: 'append', section: 'rateLimits', value: added })).toEqual({
          ...document,
          rateLimits: [added],
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('refuses what is no YAML, and paths that lead nowhere', () => {
    expect(applyEdit('a: [', { kind: 'set', path: ['a'], value: 1 })).toBeUndefined();
    expect(applyEdit('a: b', { kind: 'set', path: ['a', 'c'], value: 1 })).toBeUndefined();
    expect(applyEdit('a: b', { kind: 'unset', path: ['c'] })).toBeUndefined();
    expect(applyEdit('a: b', { kind: 'remove', section: 'a', index: 0 })).toBeUndefined();
    expect(applyEdit('a: []', { kind: 'copy', section: 'a', index: 0 })).toBeUndefined();
  });

  it('does not change what an alias stands for', () => {
    const text = 'base: &b { x: 1 }\nsources:\n  - *b\n  - { name: y }\n';
    const edit = { kind: 'set', path: ['sources', 0, 'x'], value: 2 } as const;
    expect(applyEdit(text, edit)).toBeUndefined();
    expect(applyEdit(text, { ...edit, path: ['sources', 1, 'name'] })).toBe(
      text.replace('name: y', 'name: 2'),
    );
  });
});

function isReadable(text: string, document: object): boolean {
  try {
    return JSON.stringify(parse(text)) === JSON.stringify(document);
  } catch {
    return false;
  }
}
