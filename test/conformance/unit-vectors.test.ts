// ModSecurity's own unit vectors for transformations and operators, unmodified, against our registries.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import {
  TRANSFORMATIONS,
  UNRELEASED_TRANSFORMATIONS,
} from '../../src/library/transformations/index.ts';
import type { TransformationEnvironment } from '../../src/model/transformation.ts';
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

const ENVIRONMENT: TransformationEnvironment = { unicodeMap: undefined, htmlEntities: 'superset' };

describeShared('transformation vectors', sharedPath('modsecurity', 'unit'), () => {
  const known = [...TRANSFORMATIONS, ...UNRELEASED_TRANSFORMATIONS];
  for (const [file, vectors] of vectorsOf('transformations')) {
    it(`gives the output of all ${vectors.length} vectors of ${file}`, () => {
      const wrong: string[] = [];
      for (const vector of vectors) {
        const transformation = known.find((one) =>
          [one.name, ...(one.aliases ?? [])].some(
            (name) => name.toLowerCase() === file.toLowerCase(),
          ),
        );
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
