import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { print } from '../../src/seclang/print.ts';
import { describeShared, sharedPath } from '../support/shared.ts';
import { parseText, withoutSpans } from './tree.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 100);

function expectRoundTrip(text: string): void {
  const first = parseText(text);
  const printed = print(first.document);
  const second = parseText(printed);
  expect(second.diagnostics).toEqual([]);
  expect(withoutSpans(second.document)).toEqual(withoutSpans(first.document));
  expect(print(second.document)).toBe(printed);
}

/** Pieces that mean something to some layer, so that random texts reach deep. */
const piece = fc.constantFrom(
  ...'a b 1 \\ \\\\ " \' , | : / ! & @ # ` ( ) [ ] = % + - . *'.split(' '),
  ' ',
  '  ',
  '\t',
  '\r',
  '\\"',
  "\\'",
  '\\/',
  '\\\n',
  '\\\r\n    ',
  '\x00',
  '\xe9',
  '\xc3\xa9',
  'ARGS',
  'XML:',
  'msg:',
  'SecRule ',
  '@rx ',
);
const jumble = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
const word = fc.oneof(
  jumble,
  jumble.map((text) => `"${text}"`),
  jumble.map((text) => `'${text}'`),
);
const directive = fc.oneof(
  fc.tuple(word, word, word).map((words) => `SecRule ${words.join(' ')}`),
  fc
    .tuple(jumble, jumble, jumble)
    .map(([a, b, c]) => `SecRule ARGS:'${a}'|XML:${b} "@streq ${c}" "id:1,msg:'${a}',tag:${b}"`),
  fc.tuple(jumble, jumble).map(([a, b]) => `SecRule "ARGS:/${a}/|!ARGS:${b}" "!${b}" "t:none"`),
  word.map((text) => `SecAction ${text}`),
  word.map((text) => `SecMarker ${text}`),
  fc.tuple(word, word).map((words) => `SecRuleRemoveByTag ${words.join(' ')}`),
  fc.tuple(word, word).map((words) => `SecRuleUpdateTargetById ${words.join(' ')}`),
  jumble.map((text) => `SecDataset d \`\n${text}\n\``),
  jumble.map((text) => `#${text}`),
  jumble.map((text) => `#SecRule ${text} \\`),
  fc.constant(''),
);
const documentText = fc.array(directive, { maxLength: 6 }).map((lines) => lines.join('\n'));

describe('print', () => {
  it('gives a text whose tree is the same, for any text', () => {
    fc.assert(
      fc.property(documentText, (text) => {
        expectRoundTrip(text);
      }),
      { numRuns: numRuns * 20 },
    );
  });

  it('quotes what would end a word, a selector or a value', () => {
    const text = [
      `SecRule "ARGS:'a b'|ARGS:/c|d/" '@rx "x"' "id:1,msg:'it\\'s, \\"so\\"'"`,
      'SecMarker "A B"',
    ].join('\n');
    expect(print(parseText(text).document)).toBe(
      [
        `SecRule "ARGS:'a b'|ARGS:'/c|d/'" "@rx \\"x\\"" "id:1,msg:'it\\'s, \\"so\\"'"`,
        'SecMarker "A B"',
        '',
      ].join('\n'),
    );
  });

  it('writes one action per line when the rule is longer than a line', () => {
    const text = `SecRule ARGS "@rx a" "id:1,${'tag:x,'.repeat(20)}deny"`;
    const lines = print(parseText(text).document).split('\n');
    expect(lines.slice(0, 3)).toEqual(['SecRule ARGS "@rx a" \\', '    "id:1,\\', '    tag:x,\\']);
  });

  it('keeps comments, also those inside of a directive', () => {
    const text = '# far\n\n# near\nSecAction "id:1,\\\n# inside\nnolog"\n# last\n';
    expect(print(parseText(text).document)).toBe(
      '# far\n\n# near\n# inside\nSecAction "id:1,nolog"\n\n# last\n',
    );
  });
});

const crs = sharedPath('..', 'crs', 'v4.28.0');
describeShared('print of the Core Rule Set', crs, () => {
  const rules = resolve(crs, 'rules');
  const names = [
    ...readdirSync(rules).map((name) => resolve(rules, name)),
    resolve(crs, 'crs-setup.conf.example'),
  ].filter((name) => /\.conf(\.example)?$/.test(name));

  for (const name of names) {
    it(`gives the same tree for ${name.slice(crs.length + 1)}`, () => {
      expectRoundTrip(readFileSync(name, 'latin1'));
    });
  }
});
