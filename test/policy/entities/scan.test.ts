import { describe, expect, it } from 'vitest';
import { DATA_TYPES } from '../../../src/policy/entities/index.ts';
import { planDetection } from '../../../src/policy/entities/plan.ts';
import { behindEscape, scan } from '../../../src/policy/entities/scan.ts';
import { EXAMPLES, made } from './examples.ts';

/** A text that counts the bytes read of it, whichever way they are read. */
class CountingText {
  read = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get length(): number {
    return this.text.length;
  }

  charCodeAt(at: number): number {
    this.read++;
    return this.text.charCodeAt(at);
  }

  charAt(at: number): string {
    this.read++;
    return this.text.charAt(at);
  }

  slice(from: number, to?: number): string {
    const part = this.text.slice(from, to);
    this.read += part.length;
    return part;
  }

  startsWith(what: string, at: number): boolean {
    this.read += what.length;
    return this.text.startsWith(what, at);
  }

  indexOf(what: string, from: number): number {
    const at = this.text.indexOf(what, from);
    this.read += (at < 0 ? this.text.length : at) - from;
    return at;
  }
}

const plan = planDetection(DATA_TYPES);

function workOf(text: string): number {
  const counting = new CountingText(text);
  scan(plan, counting as unknown as string, 0, true, () => true);
  return counting.read;
}

const JWT = `eyJhbGciOiJIUzI1NiJ9.${made(40)}.${made(43)}`;
const CRAFTED: readonly (readonly [name: string, unit: string, perByte: number])[] = [
  ['digits', '1', 4],
  ['blanks', ' ', 4],
  ['digits in pairs', '11 ', 200],
  ['digits in fours', '1111 ', 200],
  ['digits in hyphened fours', '4111-', 200],
  ['dotted digits', '1.', 200],
  ['dotted threes', '255.', 200],
  ['at signs', '@', 40],
  ['letters and at signs', 'a@', 200],
  ['labels', 'a.', 40],
  ['at signs and labels', 'a@b.', 200],
  ['hyphens', '-', 4],
  ['eyJ', 'eyJ', 8],
  ['eyJ and dots', 'eyJ.', 80],
  ['eyJ and hyphens', 'eyJ-', 80],
  ['heads of tokens', 'eyJhbGciOiJIUzI1NiJ9.', 80],
  ['whole tokens', `${JWT} `, 40],
  ['first lines of keys', '-----BEGIN PRIVATE KEY-----', 80],
  ['first lines of keys with dashes to share', '-----BEGIN PRIVATE KEY', 80],
  ['colons', ':', 40],
  ['hexadecimal groups', 'abcd:', 200],
  ['double colons', '::', 200],
  ['equals signs', '=', 40],
  ['names', 'password=', 200],
  ['names and open quotes', 'password="', 400],
  ['names and escapes', 'password="\\', 400],
  ['schemes', 'a://', 200],
  ['schemes and colons', 'a://b:', 400],
  ['backslashes', '\\', 8],
  ['escapes', '\\n1', 200],
  ['percent signs', '%41', 200],
  ['prefixes', 'sk_live_', 200],
  ['prefixes of many', 'xoxb-', 200],
  ['Basic', 'Basic ', 200],
  ['Bearer', 'bearer-Bearer ', 200],
  ['plus signs', '+1 ', 200],
  ['parentheses', '(2', 100],
  ['tildes', '8Q~', 100],
  ['fillers', 'P<', 200],
  ['dates with context', 'dob 12/12/1999 ', 200],
  ['words of 34', `1${'a'.repeat(33)} `, 40],
];

describe('scan', () => {
  it.each(CRAFTED)('reads %s a bounded number of times', (_, unit, perByte) => {
    const short = workOf(unit.repeat(Math.ceil(20_000 / unit.length)));
    const long = workOf(unit.repeat(Math.ceil(200_000 / unit.length)));
    expect(long / 200_000).toBeLessThan(perByte);
    // Linear: ten times the text, ten times the work and what is over.
    expect(long).toBeLessThan(short * 10.5 + 20_000);
  });

  it('reads ordinary text little more than once', () => {
    const html =
      '<div class="row"><p>The quick brown fox jumps over <a href="/list?page=2">link</a>.</p></div>\n';
    const text = html.repeat(500);
    expect(workOf(text) / text.length).toBeLessThan(3);
  });

  it('reads all examples one behind the other no more than a few dozen times', () => {
    const all = Object.values(EXAMPLES).flatMap(({ finds, ignores }) => [...finds, ...ignores]);
    const text = all.join(' ').repeat(4);
    expect(workOf(text) / text.length).toBeLessThan(60);
  });
});

describe('behindEscape', () => {
  it.each([
    ['\\nabc', 1, 2],
    ['\\\\nabc', 2, 2],
    ['\\u0022abc', 1, 6],
    ['\\x22abc', 1, 4],
    ['%3Dabc', 1, 3],
    ['%zabc', 1, 1],
    ['abc', 0, 0],
    ['\\q', 1, 1],
  ])('of %j at %i is %i', (text, at, expected) => {
    expect(behindEscape(text, at)).toBe(expected);
  });
});
