// ModSecurity's own unit vectors for transformations and operators, unmodified, against our registries.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { OPERATORS } from '../../src/library/operators/index.ts';
import {
  TRANSFORMATIONS,
  UNRELEASED_TRANSFORMATIONS,
} from '../../src/library/transformations/index.ts';
import { OperatorArgumentError } from '../../src/model/operator.ts';
import type { TransformationEnvironment } from '../../src/model/transformation.ts';
import { capturingRun, operatorContext } from '../support/operator-run.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

interface Vector {
  readonly type: 'tfn' | 'op';
  readonly name: string;
  readonly input: string;
  readonly param?: string;
  readonly output?: string;
  readonly ret: number;
  readonly re_groups?: readonly string[];
}

/** The literal text `\x41` and `\u0041` stands for one byte: first all of the one, then of the other. */
function decode(text: string): string {
  const byte = (digits: string): string =>
    String.fromCharCode((Number.parseInt(digits, 16) || 0) & 0xff);
  return utf8ByteString(text)
    .replace(/\\x([A-Za-z0-9]{2})/g, (_, digits: string) => byte(digits))
    .replace(/\\u([A-Za-z0-9]{4})/g, (_, digits: string) => byte(digits));
}

function vectorsOf(kind: string): [file: string, vectors: Vector[]][] {
  const directory = sharedPath('modsecurity', 'unit', kind);
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [
      basename(name, '.json'),
      JSON.parse(readFileSync(join(directory, name), 'utf8')),
    ]);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** Files are named as SecLang spells their subject; the names inside the vectors are not always. */
function findNamed<T extends { readonly name: string; readonly aliases?: readonly string[] }>(
  records: readonly T[],
  name: string,
): T | undefined {
  return records.find((one) =>
    [one.name, ...(one.aliases ?? [])].some(
      (spelling) => spelling.toLowerCase() === name.toLowerCase(),
    ),
  );
}

const ENVIRONMENT: TransformationEnvironment = { unicodeMap: undefined, htmlEntities: 'superset' };

describeShared('transformation vectors', sharedPath('modsecurity', 'unit'), () => {
  const known = [...TRANSFORMATIONS, ...UNRELEASED_TRANSFORMATIONS];
  for (const [file, vectors] of vectorsOf('transformations')) {
    it(`gives the output of all ${vectors.length} vectors of ${file}`, () => {
      const transformation = findNamed(known, file);
      const wrong: string[] = [];
      for (const vector of vectors) {
        const input = decode(vector.input);
        const output = transformation?.apply(input, ENVIRONMENT);
        const expected = decode(vector.output ?? '');
        if (output !== expected) {
          wrong.push(`${shown(input)} -> ${shown(output ?? 'unknown')}, not ${shown(expected)}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }
});

const UPSTREAM_DATA = 'test-cases/secrules-language-tests/operators/';

function readData(path: string): string | undefined {
  const file = sharedPath('modsecurity', 'unit', 'operators', path.replace(UPSTREAM_DATA, ''));
  return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
}

/** What a vector gives here: `match`, `no match`, or the code with which the argument is refused. */
function outcomeOf(name: string, vector: Vector): string {
  const definition = findNamed(OPERATORS, name);
  if (definition === undefined) return 'unknown operator';
  const argument = utf8ByteString(vector.param ?? '');
  const run = capturingRun(argument);
  try {
    const operator = definition.compile(argument, operatorContext({ readData }));
    if (!operator.evaluate(decode(vector.input), run)) return 'no match';
  } catch (error) {
    if (error instanceof OperatorArgumentError) return error.code;
    throw error;
  }
  const groups = vector.re_groups ?? [];
  for (let group = 0; group < groups.length; group++) {
    if ((run.captures[group] ?? '') !== utf8ByteString(groups[group]!))
      return `match, but group ${group}`;
  }
  return 'match';
}

/**
 * Vectors that we answer otherwise, on purpose. `"argument" on "input"`, as `key` writes it.
 *
 * One that begins to agree fails the test until its line is deleted.
 */
const DIFFERENT: Readonly<Record<string, readonly [outcome: string, reason: string]>> = {
  'containsWord: "def" on "abc\\\\0def ghi"': [
    'no match',
    'digits are part of words, as in ModSecurity v2; v3 looks for letters only',
  ],
  'ipMatch: "10.0.0.0/100" on "10.10.10.11"': [
    'bad-ip-prefix',
    'a prefix that is too long does not load, as in v2 and v3',
  ],
  'validateByteRange: "xxx" on "TestCase"': [
    'bad-byte-range',
    'text is no range, as in v3 3.0.16; v2 reads it as 0',
  ],
  'validateByteRange: "xxx" on "\\u0000"': [
    'bad-byte-range',
    'text is no range, as in v3 3.0.16; v2 reads it as 0',
  ],
};

describeShared('operator vectors', sharedPath('modsecurity', 'unit'), () => {
  const unused = new Set(Object.keys(DIFFERENT));
  for (const [file, vectors] of vectorsOf('operators')) {
    it(`decides all ${vectors.length} vectors of ${file}`, () => {
      const wrong: string[] = [];
      for (const vector of vectors) {
        const key = `${file}: ${JSON.stringify(vector.param ?? '')} on ${JSON.stringify(vector.input)}`;
        const expected = DIFFERENT[key]?.[0] ?? (vector.ret === 1 ? 'match' : 'no match');
        unused.delete(key);
        const outcome = outcomeOf(file, vector);
        if (outcome !== expected) wrong.push(`${key}: ${outcome}, not ${expected}`);
      }
      expect(wrong).toEqual([]);
    });
  }

  it('contains every vector that is answered otherwise', () => {
    expect([...unused]).toEqual([]);
  });
});
