// Rules that name files which no file system can have: reported as missing, never an exception.

import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../src/waf/files.ts';
import { checkRuleset } from '../../src/waf/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'portcullis-paths-'));
symlinkSync('loop', join(directory, 'loop'));
afterAll(() => rmSync(directory, { recursive: true }));

const PATHS = ['a\0b', 'x'.repeat(5000), 'loop', '.', 'loop/a', '[z-a]', `${'x'.repeat(5000)}/*`];

describe('impossible paths', () => {
  it.each(PATHS)('%j is no file', (path) => {
    const files = nodeFiles();
    expect(files.read(join(directory, path))).toBeUndefined();
    expect(files.glob(join(directory, path))).toEqual([]);
  });

  it.each(PATHS)('%j is reported by rules that name it', (path) => {
    const name = join(directory, 'rules.conf');
    for (const text of [
      `SecRule ARGS "@pmFromFile ${path}" "id:1,phase:1,pass"`,
      `SecRule ARGS "@ipMatchFromFile ${path}" "id:1,phase:1,pass"`,
      `Include ${path}`,
    ]) {
      const { diagnostics } = checkRuleset({ name, text: `SecRuleEngine On\n${text}` });
      expect(diagnostics.length).toBeGreaterThan(0);
    }
  });
});
