import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiLower } from '../../../src/base/ascii.ts';
import { ANYTHING, mayHold } from '../../../src/base/class-need.ts';
import { OPERATORS } from '../../../src/library/operators/index.ts';
import { MatchLimitError } from '../../../src/model/operator.ts';
import { BYTE_CLASSES, classesOf } from '../../../src/program/byte-classes.ts';
import { compile, emptyRun } from './harness.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
/** A way that is not linear takes longer. */
const PATIENCE = 60_000;

const ARGUMENTS: Readonly<Record<string, string>> = {
  rx: '(a+)(b)?',
  rxGlobal: '[a-z]*',
  pm: 'aab ab |00 ff|',
  pmFromFile: 'list',
  ipMatch: '10.0.0.0/8,::/1',
  ipMatchFromFile: 'ips',
  validateByteRange: '1-127',
  verifyCC: '\\d+',
  verifyCPF: '\\d+',
  verifySSN: '\\d+',
  verifySVNR: '\\d+',
  pmFromDataset: 'list',
  ipMatchFromDataset: 'ips',
  fuzzyHash: 'hashes 1',
  validateDTD: 'list',
  validateSchema: 'list',
  rbl: 'list.example.org',
  restpath: '/{a}/(b|c)/{d}',
  validateNid: 'cl \\d+',
};
const FILES = { list: 'aab\nab\n', ips: '10.0.0.0/8\n', hashes: '3:aaaaaaaaaa:aaaaaaa\n' };
const DATASETS = { list: ['aab', 'ab'], ips: ['10.0.0.0/8'] };

const byte = fc.oneof(
  fc.constantFrom(...'ab019%:.-+ \0\x80\xff'),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
);
const bytes = fc.array(byte, { maxLength: 60 }).map((chars) => chars.join(''));

const PUMPS = [
  'a',
  'ab',
  '0',
  '1',
  '0123456789',
  '%',
  '%4',
  '%41',
  ' ',
  '\0',
  '\x80',
  '\xe2\x82',
  ':',
  '1.',
  '-',
  "'",
  '<',
  '/*',
];

describe('every operator', () => {
  for (const { name, argument } of OPERATORS) {
    const operator = (): ReturnType<typeof compile> =>
      compile(name, ARGUMENTS[name] ?? (argument === 'none' ? '' : 'ab'), {
        files: FILES,
        datasets: DATASETS,
        loadXmlGrammar: () => ({ grammarFault: undefined, faultOf: () => undefined }),
      });

    it(`${name} decides about any bytes, the same whether it captures or not`, () => {
      const compiled = operator();
      fc.assert(
        fc.property(bytes, (value) => {
          const capturing = emptyRun(ARGUMENTS[name] ?? 'ab');
          const plain = { ...emptyRun(ARGUMENTS[name] ?? 'ab'), capturing: false };
          expect(compiled.evaluate(value, capturing)).toBe(compiled.evaluate(value, plain));
          expect(capturing.detail).toBe(plain.detail);
          for (const capture of capturing.captures) expect(typeof capture).toBe('string');
        }),
        { numRuns: RUNS },
      );
    });

    it(`${name} finds in every match what it requires`, () => {
      const compiled = operator();
      const { minBytes = 0 } = compiled;
      const literals = compiled.requires?.()?.literals;
      const need = compiled.needs?.(BYTE_CLASSES) ?? ANYTHING;
      fc.assert(
        fc.property(
          fc.oneof(bytes, fc.constantFrom('ab', 'aab', 'xab', 'abx', '.ab.')),
          (value) => {
            if (!compiled.evaluate(value, emptyRun(ARGUMENTS[name] ?? 'ab'))) return;
            expect(value.length).toBeGreaterThanOrEqual(minBytes);
            expect(mayHold(need, classesOf(value))).toBe(true);
            const lower = asciiLower(value);
            expect(literals?.some((literal) => lower.includes(literal)) ?? true).toBe(true);
          },
        ),
        { numRuns: RUNS },
      );
    });

    it(`${name} comes to an end with 40,000 bytes of anything, or gives up`, {
      timeout: PATIENCE,
    }, () => {
      const compiled = operator();
      for (const pump of PUMPS) {
        const value = pump.repeat(Math.ceil(40_000 / pump.length));
        try {
          expect(compiled.evaluate(value, emptyRun(ARGUMENTS[name] ?? 'ab'))).toBeTypeOf('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(MatchLimitError);
        }
      }
    });
  }
});
