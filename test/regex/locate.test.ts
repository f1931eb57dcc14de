import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/regex/matcher.ts';
import { loadPcre2 } from './oracle.ts';

const pcre2 = loadPcre2();

describe('locate', () => {
  it.each([
    ['dfa', '(a+)(b)?|(x)', ['aab', '..aa.', 'x', 'none', '']],
    ['v8', '([\'"])(.{0,20})\\1', ['say "hi" now', "''", 'none']],
    ['pcre2', '(a)?\\1b', ['..aab', 'b', 'c']],
  ] as const)('says where %s has found the groups that exec gives', (engine, source, subjects) => {
    const pattern = compilePattern(source, { pcre2: () => pcre2 });
    expect(pattern.engine).toBe(engine);
    for (const subject of subjects) {
      for (const from of [0, 1]) {
        const found = pattern.exec(subject, from);
        const spans = pattern.locate?.(subject, from) ?? null;
        const texts = spans?.map((span) => span && subject.slice(span[0], span[0] + span[1]));
        expect(texts).toEqual(found?.groups);
        expect(spans?.[0]?.[0]).toBe(found?.index);
      }
    }
  });
});
