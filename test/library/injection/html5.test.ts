import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HtmlContext, HtmlScanner } from '../../../src/library/injection/html5.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const CONTEXTS: readonly HtmlContext[] = [
  'data',
  'unquoted',
  'single-quoted',
  'double-quoted',
  'back-quoted',
];

function printHtml(input: string, context: HtmlContext = 'data'): string[] {
  const scanner = new HtmlScanner(input, context);
  const lines: string[] = [];
  while (scanner.next()) {
    lines.push(`${scanner.kind} ${input.slice(scanner.start, scanner.end)}`);
  }
  return lines;
}

interface Row {
  readonly name: string;
  readonly input: string;
  readonly context?: HtmlContext;
  readonly tokens: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: 'nothing', input: '', tokens: [] },
  { name: 'text', input: 'a b', tokens: ['text a b'] },
  { name: 'tag', input: '<b>', tokens: ['tag-open b', 'tag-open-end >'] },
  { name: 'closing tag', input: '</b >', tokens: ['tag-open b', 'tag-open-end >'] },
  { name: 'plain closing tag', input: '</b>', tokens: ['tag-close b'] },
  { name: 'open tag', input: '<b', tokens: ['tag-open b'] },
  { name: 'NUL in a tag', input: '<b\0r>', tokens: ['tag-open b\0r', 'tag-open-end >'] },
  {
    name: 'self-closing tag',
    input: '<br/>x',
    tokens: ['tag-open br', 'tag-self-closing />', 'text x'],
  },
  { name: 'less-than sign', input: '1<2', tokens: ['text 1', 'text <', 'text 2'] },
  {
    name: 'values',
    input: '<a b=c d="e" f=\'g\' h=`i` j>',
    tokens: [
      'tag-open a',
      'attribute-name b',
      'attribute-value c',
      'attribute-name d',
      'attribute-value e',
      'attribute-name f',
      'attribute-value g',
      'attribute-name h',
      'attribute-value i',
      'attribute-name j',
      'tag-open-end >',
    ],
  },
  {
    name: 'white space around =',
    input: '<a b \t=\n\v\f\r\0c>',
    tokens: ['tag-open a', 'attribute-name b', 'attribute-value c', 'tag-open-end >'],
  },
  {
    name: 'slashes between attributes',
    input: '<a/b/c//=d>',
    tokens: [
      'tag-open a',
      'attribute-name b',
      'attribute-name c',
      'attribute-name =d',
      'tag-open-end >',
    ],
  },
  { name: 'comment', input: '<!-- a -->b', tokens: ['comment  a ', 'text b'] },
  { name: 'comment with a bang', input: '<!--a-!>b', tokens: ['comment a', 'text b'] },
  { name: 'comment with NULs', input: '<!--a-\0\0->b', tokens: ['comment a', 'text b'] },
  { name: 'open comment', input: '<!--a--', tokens: ['comment a--'] },
  {
    name: 'bogus comments',
    input: '<?a><!b></ c>',
    tokens: ['comment a', 'comment b', 'comment  c'],
  },
  { name: 'comment in percent signs', input: '<%a%b%>c', tokens: ['comment a%b', 'text c'] },
  { name: 'character data', input: '<![CDATA[<a>]]>b', tokens: ['text <a>', 'text b'] },
  { name: 'doctype', input: '<!DocType html>b', tokens: ['doctype DocType html', 'text b'] },
  {
    name: 'attributes',
    input: 'a=b>c',
    context: 'unquoted',
    tokens: ['attribute-name a', 'attribute-value b', 'tag-open-end >', 'text c'],
  },
  {
    name: 'rest of a single-quoted value',
    input: "a' b=c",
    context: 'single-quoted',
    tokens: ['attribute-value a', 'attribute-name b', 'attribute-value c'],
  },
  {
    name: 'quote at the start',
    input: '"><b>',
    context: 'double-quoted',
    tokens: ['attribute-value ', 'tag-open-end >', 'tag-open b', 'tag-open-end >'],
  },
  {
    name: 'no backtick',
    input: 'a',
    context: 'back-quoted',
    tokens: ['attribute-value a'],
  },
];

describe('HtmlScanner', () => {
  for (const { name, input, context, tokens } of ROWS) {
    it(`reads ${context ?? 'data'}: ${name}`, () => {
      expect(printHtml(input, context)).toEqual(tokens);
    });
  }

  it('has a distinct name for every case', () => {
    expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  });

  it('reads any bytes in order, from every context', () => {
    const piece = fc.oneof(
      fc.nat(255).map((code) => String.fromCharCode(code)),
      fc.constantFrom('<', '>', '=', '/', '"', "'", '`', '<!--', '-->', '<%', '%>', '<![CDATA['),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom(...CONTEXTS), (pieces, context) => {
        const input = pieces.join('');
        const scanner = new HtmlScanner(input, context);
        let last = 0;
        while (scanner.next()) {
          expect(scanner.start).toBeGreaterThanOrEqual(last);
          expect(scanner.end).toBeGreaterThanOrEqual(scanner.start);
          expect(scanner.end).toBeLessThanOrEqual(input.length);
          last = scanner.end;
        }
      }),
      { numRuns: RUNS },
    );
  });
});
