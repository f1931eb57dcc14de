import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectTypes } from '../../../src/policy/entities/data-sets.ts';
import type { Finding } from '../../../src/policy/entities/data-type.ts';
import { findSensitive } from '../../../src/policy/entities/find.ts';
import { DATA_TYPES } from '../../../src/policy/entities/index.ts';
import { MASK, maskFinding, maskValue } from '../../../src/policy/entities/mask.ts';
import { compileOwnType } from '../../../src/policy/entities/own-types.ts';
import { planDetection } from '../../../src/policy/entities/plan.ts';
import { maskText, type RedactionStyle, redact } from '../../../src/policy/entities/redact.ts';
import { createRedactor } from '../../../src/policy/entities/redactor.ts';
import { EXAMPLES, made } from './examples.ts';
import { fragments } from './fragments.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const own = [
  compileOwnType({ name: 'employee', pattern: '\\bEMP-\\d{4,8}\\b' }),
  compileOwnType({ name: 'greedy', pattern: 'a[a1 ]{0,40}1' }),
];
const everything = planDetection([...DATA_TYPES, ...own]);
const unlimited = { maxFindings: Infinity };
const STYLES: readonly RedactionStyle[] = [
  'mask',
  'remove',
  { hash: (value, type) => `${type.length}"<${value.length}` },
];

const redacted = (text: string, style: RedactionStyle = 'mask'): string =>
  redact(text, findSensitive(text, everything, unlimited).findings, style);

describe('redact', () => {
  it('leaves the last four digits of cards and accounts and nothing of other values', () => {
    expect(redacted('card 4111-1111-1111-1111, x@example.com')).toBe(
      'card ****-****-****-1111, ********',
    );
    expect(redacted('password=hunter2hunter2')).toBe(`password=${MASK}`);
  });

  it('removes, or puts in a name with a hash of the harmless bytes alone', () => {
    expect(redacted('<b>x@example.com</b>', 'remove')).toBe('<b></b>');
    expect(redacted('to x@example.com!', { hash: () => 'a"b\\<c>1' })).toBe('to [email:abc1]!');
  });

  it('puts a number in the place of a number of JSON, and stars everywhere else', () => {
    expect(redacted('{"card":4111111111111111,"x":1}')).toBe('{"card":1111,"x":1}');
    expect(redacted('[ 4111111111111111 ]', 'remove')).toBe('[ 0 ]');
    expect(JSON.parse(redacted('{"card":4242424242424242}', { hash: () => 'f00' }))).toEqual({
      card: 1288,
    });
    expect(redacted('{"card":"4111111111111111"}')).toBe('{"card":"************1111"}');
    expect(redacted('{"note":"card: 4111111111111111 x"}')).toBe(
      '{"note":"card: ************1111 x"}',
    );
    expect(redacted('4111111111111111')).toBe('1111');
    expect(redacted('[-4111111111111111]')).toBe('[-1111]');
    expect(redacted('[4000000000000002]')).toBe('[2]');
  });

  const values = fc.oneof(
    fc.constantFrom(...Object.values(EXAMPLES).flatMap(({ finds }) => finds)),
    fc.constantFrom(4111111111111111, 5555555555554444, 12.5, null, true, -7),
    fc.string(),
  );

  it.each(STYLES)('leaves JSON what it was, in style %#', (style) => {
    const documents = fc.oneof(
      fc.array(values),
      fc.dictionary(
        fc.constantFrom('password', 'card', 'apiKey', 'note', 'ssn'),
        fc.oneof(values, fc.array(values)),
      ),
    );
    fc.assert(
      fc.property(documents, fc.constantFrom(0, 2), (document, indent) => {
        const text = Buffer.from(JSON.stringify(document, null, indent)).toString('latin1');
        const parsed: unknown = JSON.parse(redacted(text, style));
        expect(Object.keys(parsed as object).length).toBe(Object.keys(document).length);
      }),
      { numRuns: RUNS },
    );
  });

  it('puts nothing into HTML that begins or ends anything there', () => {
    fc.assert(
      fc.property(fragments, (text) => {
        const marks = (html: string): number => html.replace(/[^<>&]/g, '').length;
        for (const style of STYLES)
          expect(marks(redacted(text, style))).toBeLessThanOrEqual(marks(text));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('createRedactor', () => {
  const inChunks = (
    text: string,
    cuts: readonly number[],
    style: RedactionStyle,
    plan = everything,
  ): string => {
    const redactor = createRedactor(plan, { style });
    let out = '';
    let from = 0;
    for (const cut of [...cuts].sort((a, b) => a - b)) {
      out += redactor.write(text.slice(from, Math.max(from, cut)));
      from = Math.max(from, cut);
    }
    return out + redactor.write(text.slice(from)) + redactor.end();
  };

  it('gives of chunks what redact gives of the whole', () => {
    fc.assert(
      fc.property(
        fragments,
        fc.array(fc.nat(4000), { maxLength: 40 }),
        fc.constantFrom(...STYLES),
        (text, cuts, style) => {
          expect(inChunks(text, cuts, style)).toBe(redacted(text, style));
        },
      ),
      { numRuns: RUNS * 3 },
    );
  });

  it('does so byte by byte', () => {
    fc.assert(
      fc.property(fragments, (text) => {
        const cuts = Array.from({ length: text.length }, (_, at) => at);
        expect(inChunks(text, cuts, 'mask')).toBe(redacted(text));
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });

  it('does so with long values and long words around them', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${made(20_000)}\n-----END PRIVATE KEY-----`;
    const token = `eyJhbGciOiJIUzI1NiJ9.${made(17_000)}.${made(43)}`;
    const text = `${made(5000)} ${key} ${token} ${made(300)} x@example.com ${'-'.repeat(500)}4111 1111 1111 1111`;
    for (const size of [1000, 4096, 40_000]) {
      const cuts = Array.from(
        { length: Math.floor(text.length / size) },
        (_, at) => (at + 1) * size,
      );
      expect(inChunks(text, cuts, 'mask')).toBe(redacted(text));
    }
  });

  it('holds back a few hundred bytes of ordinary text, and some ten thousand at most', () => {
    const heldOf = (text: string): number => {
      const redactor = createRedactor(everything);
      let given = 0;
      let most = 0;
      for (let at = 0; at < text.length; at += 100) {
        given += redactor.write(text.slice(at, at + 100)).length;
        most = Math.max(most, at + 100 - given);
      }
      return most;
    };
    expect(heldOf('An ordinary line of text, number 12, goes by.\n'.repeat(400))).toBeLessThan(800);
    expect(heldOf(`${'eyJhbGciOiJIUzI1NiJ9.'}${'a'.repeat(100_000)}`)).toBeLessThan(40_000);
    expect(heldOf('a'.repeat(100_000))).toBeLessThan(800);
  });

  it('tells of each finding, counted from the first byte of all', () => {
    const findings: Finding[] = [];
    const redactor = createRedactor(everything, { onFinding: (finding) => findings.push(finding) });
    const text = `${'x '.repeat(5000)}4111 1111 1111 1111 and x@example.com`;
    for (let at = 0; at < text.length; at += 333) redactor.write(text.slice(at, at + 333));
    redactor.end();
    expect(findings).toEqual(findSensitive(text, everything).findings);
  });

  it('takes nothing behind its end', () => {
    const redactor = createRedactor(planDetection(selectTypes(['payment'])));
    expect(redactor.end()).toBe('');
    expect(() => redactor.write('x')).toThrow(TypeError);
  });

  it('lets everything through at once when there is nothing to look for', () => {
    expect(createRedactor(planDetection([])).write('anything')).toBe('anything');
  });
});

describe('maskValue', () => {
  it('shows nothing, not even the length, unless it is told to', () => {
    expect(maskValue('hunter2')).toBe(MASK);
    expect(maskValue('a much longer secret than that')).toBe(MASK);
  });

  it('shows no more than a third of the letters and digits', () => {
    expect(maskValue('12345678901', 4)).toBe(MASK);
    expect(maskValue('1234 5678 9012', 4)).toBe('**** **** 9012');
  });

  it('never shows a secret of any type but the end of cards and accounts', () => {
    for (const type of DATA_TYPES) {
      for (const text of EXAMPLES[type.name]!.finds) {
        for (const finding of type.find(text.replaceAll(/\[\[(.*?)\]\]/gs, '$1'))) {
          const shown = maskFinding(finding).replace(/[^0-9A-Za-z]/g, '');
          expect(shown.length).toBeLessThanOrEqual(type.legible);
          expect(finding.value.replace(/[^0-9A-Za-z]/g, '').endsWith(shown)).toBe(true);
        }
      }
    }
  });
});

describe('maskText', () => {
  it('masks all values of a text that is to be shown', () => {
    expect(maskText('x@example.com logged in', everything)).toBe('******** logged in');
  });

  it('shows nothing behind the last value it looked for', () => {
    const text = 'x@example.com '.repeat(1200);
    expect(maskText(text, everything)).not.toContain('example');
  });
});
