import { describe, expect, it } from 'vitest';
import { CaptureAutomaton, type CaptureLimits } from '../../src/regex/captures.ts';
import { DecisionAutomaton } from '../../src/regex/decision.ts';
import { dialectFlags } from '../../src/regex/dialect.ts';
import { parsePattern } from '../../src/regex/parse.ts';
import { buildProgram } from '../../src/regex/program.ts';

function automaton(source: string, limits?: CaptureLimits): CaptureAutomaton {
  const { root, groupCount } = parsePattern(source, dialectFlags('modsecurity-2', {}));
  const program = buildProgram(root, false);
  const decision = new DecisionAutomaton(program);
  const withCaptures = buildProgram(root, true, program.alphabet);
  return new CaptureAutomaton(withCaptures, decision, groupCount, limits);
}

describe('CaptureAutomaton', () => {
  const CASES: readonly (readonly [string, string, number, readonly (string | undefined)[]])[] = [
    ['a|ab', 'xab', 1, ['a']],
    ['(?:ab|a)(c|bcd)', 'abcd', 0, ['abc', 'c']],
    ['a+?', 'aaa', 0, ['a']],
    ['(a)|(b)', 'b', 0, ['b', undefined, 'b']],
    ['(?:(a)|b)*', 'ab', 0, ['ab', 'a']],
    ['(a*)*', 'b', 0, ['', '']],
    ['(a*)*', 'aab', 0, ['aa', '']],
    ['(a*)+', 'aab', 0, ['aa', '']],
    ['(?:|a)*b', 'ab', 0, ['ab']],
    ['(?:(\\b)|a)+b', 'ab', 0, ['ab', undefined]],
    ['(a|ab)(c|bcd)(d*)', 'abcd', 0, ['abcd', 'a', 'bcd', '']],
    ['x*', 'aaa', 0, ['']],
    ['(.*)=(.*)', 'a=b=c', 0, ['a=b=c', 'a=b', 'c']],
    ['(.*?)=(.*)', 'a=b=c', 0, ['a=b=c', 'a', 'b=c']],
    ['abcd|c', 'abcd', 0, ['abcd']],
  ];

  it.each(CASES)('finds what backtracking finds for %j on %j', (source, subject, index, groups) => {
    for (const one of [automaton(source), automaton(source, { bytes: 1, block: 2 })]) {
      const found = one.exec(subject);
      expect(found).toEqual({ index, end: index + groups[0]!.length, groups });
    }
  });

  it('returns null where nothing matches', () => {
    expect(automaton('a').exec('bbb')).toBeNull();
    expect(automaton('^a').exec('aa', 1)).toBeNull();
  });

  it('finds matches that span many blocks', () => {
    const subject = `${'x'.repeat(5000)}<${'y'.repeat(20_000)}>${'z'.repeat(5000)}`;
    const found = automaton('<(.*)(y)>').exec(subject);
    expect([found?.index, found?.end]).toEqual([5000, 25_002]);
    expect([found?.groups[1]?.length, found?.groups[2]]).toEqual([19_999, 'y']);
  });

  it('reads a subject backwards once for all its matches', () => {
    const one = automaton('[a-z]+', { bytes: 1 << 22, block: 4096 });
    const subject = 'ab0'.repeat(20_000);
    let count = 0;
    for (let found = one.exec(subject); found !== null; found = one.exec(subject, found.end))
      count++;
    expect(count).toBe(20_000);
    expect(one.built).toBeLessThan(20);
  });

  it('keeps working, in bounds, when its labels do not fit', () => {
    const one = automaton('c(?:a|b){10}a(?:a|b)*(d)', { bytes: 4096, block: 512 });
    let subject = 'c';
    for (let at = 0; at < 9000; at++) subject += at === 10 || (at * at * 7) % 11 < 5 ? 'a' : 'b';
    expect(one.exec(`${subject}d`)?.groups[1]).toBe('d');
    expect(one.flushes).toBeGreaterThan(0);
  });
});
