import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortDiagnostics } from '../../src/diagnostics/gather.ts';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { print } from '../../src/seclang/print.ts';
import { parseText } from './tree.ts';

const SIZE = 30_000;
/** Far above what is needed, and far below what a quadratic parser would take. */
const LIMIT_MS = 10_000;

const TEXTS: Readonly<Record<string, string>> = {
  'actions without end': `SecAction "${'a,'.repeat(SIZE)}"`,
  'broken targets without end': `SecRule "${'!,'.repeat(SIZE)}" a`,
  'words without end': `SecRuleRemoveById ${'1 '.repeat(SIZE)}`,
  'nested brackets': `SecRule XML:/a${'('.repeat(SIZE)}${')'.repeat(SIZE)} a`,
  'open brackets': `SecRule XML:/a${'['.repeat(SIZE)} a`,
  'escaped quotes': `SecRule ARGS "${'\\"'.repeat(SIZE)}`,
  backslashes: `SecRule ARGS "${'\\'.repeat(SIZE)}"`,
  'blanks in a value': `SecAction "msg:a${' '.repeat(SIZE)}="`,
  'blanks in an XPath': `SecRule "XML:/a${' '.repeat(SIZE)}b" a`,
  'directives joined by backslashes': 'SecAction "nolog" \\\n'.repeat(SIZE),
  'a continuation without end': 'SecAction \\\n'.repeat(SIZE),
  'blank lines in a continuation': `SecAction \\\n${'\n'.repeat(SIZE)}x`,
  'comments that hide comments': '#SecRule a \\\n'.repeat(SIZE),
  'blocks that are never closed': 'SecDataset a `\n'.repeat(SIZE),
  'lines of nonsense': 'x\n'.repeat(SIZE),
  'a line of NUL': '\0'.repeat(SIZE * 20),
  'carriage returns': '\r'.repeat(SIZE),
};

function exercise(text: string): string {
  const { document, diagnostics } = parseText(text);
  print(document);
  return renderDiagnostics(sortDiagnostics(diagnostics, [document.source]));
}

describe('the front end', () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    it(`survives ${name}`, { timeout: LIMIT_MS }, () => {
      expect(exercise(text).length).toBeLessThan(1_000_000);
    });
  }

  it('throws for no bytes', () => {
    const bytes = fc
      .uint8Array({ maxLength: 200 })
      .map((all) => `SecRule ARGS "${Buffer.from(all).toString('latin1')}`);
    fc.assert(
      fc.property(bytes, (text) => {
        exercise(text);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100) * 5 },
    );
  });
});
