import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CODES } from '../../src/diagnostics/codes.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { sortDiagnostics } from '../../src/diagnostics/gather.ts';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { renderJson } from '../../src/diagnostics/render-json.ts';
import { renderSarif } from '../../src/diagnostics/render-sarif.ts';
import { loadDocuments } from '../../src/seclang/include.ts';
import { expectGolden, filesUnder } from './files.ts';

const DIRECTORY = fileURLToPath(new URL('diagnostics/', import.meta.url));

function load(directory: string, name: string): readonly Diagnostic[] {
  const root = { name, text: readFileSync(`${directory}${name}`, 'latin1') };
  const { sources, diagnostics } = loadDocuments([root], filesUnder(directory));
  return sortDiagnostics(diagnostics, sources);
}

describe('diagnostics of a file', () => {
  const names = readdirSync(DIRECTORY).filter((name) => name.endsWith('.conf'));

  for (const name of names) {
    it(`are as written for ${name}`, () => {
      const golden = `${DIRECTORY}${name.replace('.conf', '.txt')}`;
      expectGolden(golden, renderDiagnostics(load(DIRECTORY, name)));
    });

    it(`have explained codes in ${name}`, () => {
      const codes = load(DIRECTORY, name).map((diagnostic) => diagnostic.code);
      expect(codes.filter((code) => CODES[code] === undefined)).toEqual([]);
    });
  }
});

describe('diagnostics of included files', () => {
  const directory = `${DIRECTORY}include/`;

  it('show the way from the root in text', () => {
    expectGolden(`${directory}main.txt`, renderDiagnostics(load(directory, 'main.conf')));
  });

  it('show the way from the root in JSON', () => {
    expectGolden(`${directory}main.json.txt`, renderJson(load(directory, 'main.conf')));
  });

  it('show the way from the root in SARIF', () => {
    expectGolden(`${directory}main.sarif.txt`, renderSarif(load(directory, 'main.conf')));
  });
});
