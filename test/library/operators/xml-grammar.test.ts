import { describe, expect, it } from 'vitest';
import { BEHAVIOURS } from '../../../src/model/compatibility.ts';
import type { XmlGrammar } from '../../../src/model/operator.ts';
import { DEFAULT_SETTINGS } from '../../../src/model/settings.ts';
import { recordingTransaction } from '../../support/operator-run.ts';
import { compile, emptyRun, refusal, run, type Setting } from './harness.ts';

/** Judges that documents have to contain the grammar, and reports what it was given. */
function setting(loaded: XmlGrammar[] = [], judged: string[] = []): Setting {
  return {
    files: { 'shop/a.dtd': '<b', 'shop/part.ent': 'part', 'broken.xsd': '' },
    loadXmlGrammar: (grammar) => {
      loaded.push(grammar);
      return {
        grammarFault: grammar.bytes === '' ? 'nothing in it' : undefined,
        faultOf: (document) => {
          judged.push(document);
          return document.includes(grammar.bytes) && grammar.bytes !== '' ? undefined : 'no <b>';
        },
      };
    },
  };
}

const withBody = (body: string | undefined, others: Setting): Setting => ({
  ...others,
  transaction: recordingTransaction(body),
});

describe.each([
  ['validateDTD', 'dtd'],
  ['validateSchema', 'schema'],
])('@%s', (name, kind) => {
  it.each([
    ['<a><b/></a>', false],
    ['<a><c/></a>', true],
    ['<a><b></a>', true],
    ['no XML', true],
    ['', true],
    [undefined, true],
  ])('decides that the body %j is %s, whatever the target', (body, expected) => {
    expect(run(name, 'shop/a.dtd', 'anything', withBody(body, setting())).matched).toBe(expected);
  });

  it('loads its grammar once, and files that it names from beside it or the rules', () => {
    const loaded: XmlGrammar[] = [];
    compile(name, 'shop/a.dtd', setting(loaded));
    expect(loaded.map((grammar) => [grammar.kind, grammar.path, grammar.bytes])).toEqual([
      [kind, 'shop/a.dtd', '<b'],
    ]);
    expect(loaded[0]?.readFile('shop/part.ent')).toBe('part');
    expect(loaded[0]?.readFile('none')).toBeUndefined();
  });

  it('judges a body once for all targets of its rule', () => {
    const judged: string[] = [];
    const operator = compile(name, 'shop/a.dtd', setting([], judged));
    const state = { ...emptyRun(''), transaction: recordingTransaction('<a/>') };
    expect([1, 2, 3].map((value) => operator.evaluate(String(value), state))).toEqual([
      true,
      true,
      true,
    ]);
    expect(judged).toEqual(['<a/>']);
  });

  it('tells its outcome in the words of libmodsecurity', () => {
    const title = kind === 'dtd' ? 'DTD' : 'Schema';
    const toldOf = (path: string, body: string | undefined): readonly string[] => {
      const transaction = recordingTransaction(body);
      compile(name, path, setting()).evaluate('', { ...emptyRun(''), transaction });
      return transaction.told;
    };
    expect(toldOf('shop/a.dtd', '<a><b/></a>')).toEqual([
      `XML: Successfully validated payload against ${title}: shop/a.dtd`,
    ]);
    expect(toldOf('shop/a.dtd', '<a/>')).toEqual([
      'XML Error: no <b>',
      `XML: ${title} validation failed.`,
    ]);
    expect(toldOf('shop/a.dtd', '<a>')).toEqual([
      `XML: ${title} validation failed because content is not well formed.`,
    ]);
    expect(toldOf('shop/a.dtd', undefined)).toEqual([
      `XML document tree could not be found for ${kind === 'dtd' ? 'DTD' : kind} validation.`,
    ]);
    expect(toldOf('broken.xsd', '<a/>')[0]).toContain(`XML: Failed to load ${title}: broken.xsd`);
  });

  it.each([
    ['without SecXmlExternalEntity', [], true],
    ['while it is Off', [['On'], ['Off']], true],
    ['while it is On', [['Off'], ['On']], false],
  ])('has no grammar in libmodsecurity %s', (_, given, matched) => {
    const other = new Map(given.length === 0 ? [] : [['secxmlexternalentity', given]]);
    const settings = { ...DEFAULT_SETTINGS, behaviour: BEHAVIOURS.modsecurity3, other };
    const transaction = recordingTransaction('<a><b/></a>', settings);
    expect(run(name, 'shop/a.dtd', '', { ...setting(), transaction }).matched).toBe(matched);
    expect(transaction.told[0]?.includes('Failed to load')).toBe(matched);
  });

  it('warns of a broken grammar and matches every document', () => {
    const warnings: string[] = [];
    const broken = { ...setting(), warnings };
    expect(run(name, 'broken.xsd', '', withBody('<a><b/></a>', broken)).matched).toBe(true);
    expect(warnings).toEqual(['bad-xml-grammar']);
  });

  it.each([
    ['none.dtd', setting(), 'missing-data-file'],
    ['schema.json', setting(), 'bad-operator-argument'],
    ['shop/a.dtd', {}, 'bad-operator-argument'],
  ])('does not load with %s', (path, others, code) => {
    expect(refusal(name, path, others)).toBe(code);
  });
});
