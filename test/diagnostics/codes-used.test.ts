// Every code that a diagnostic can carry is explained.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CODES } from '../../src/diagnostics/codes.ts';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
// The parts that report on rules; runtime errors and record errors have names of their own.
const REPORTING = ['seclang', 'regex', 'library', 'ruleset'];
const CODE = /\bcode: '([a-z]+(?:-[a-z0-9]+)+)'/g;

it('explains every diagnostic code', () => {
  const used = new Set<string>();
  for (const directory of REPORTING) {
    for (const name of readdirSync(join(SRC, directory), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(join(SRC, directory, name), 'utf8');
      for (const match of text.matchAll(CODE)) used.add(match[1] as string);
    }
  }
  expect(used.size).toBeGreaterThan(30);
  expect([...used].filter((code) => CODES[code] === undefined)).toEqual([]);
});
