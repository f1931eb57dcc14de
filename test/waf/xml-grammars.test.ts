// XML validation in its thread, as rules use it. The thread runs the built module.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MatchLimitError } from '../../src/model/operator.ts';
import { nodeFiles } from '../../src/waf/files.ts';
import { XmlGrammars } from '../../src/waf/xml-grammars.ts';
import { filesOf, judge } from '../support/matched-rules.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const isBuilt = existsSync(fileURLToPath(new URL('../../dist/waf/xml-thread.js', import.meta.url)));
if (!isBuilt && process.env['CI'] === 'true') throw new Error('run "npm run build" first');

const DTD = '<!ELEMENT a (b+)><!ELEMENT b (#PCDATA)><!ATTLIST b n CDATA #REQUIRED>';
const XSD = (type: string): string =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="${type}"/></xs:schema>`;
const none = (): undefined => undefined;

function rules(operator: string): string {
  return `SecRuleEngine On
SecRequestBodyAccess On
SecAction "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule XML "@${operator}" "id:2,phase:2,pass"`;
}

describe.skipIf(!isBuilt)('XML grammars', () => {
  const grammars = new XmlGrammars();
  const dtd = grammars.load({ kind: 'dtd', path: 'a.dtd', bytes: DTD, readFile: none });
  const schema = grammars.load({
    kind: 'schema',
    path: 'a.xsd',
    bytes: XSD('xs:integer'),
    readFile: none,
  });

  it.each([
    ['<a><b n="1">x</b></a>', true],
    ['<a><b n="1"/><b n="2"/></a>', true],
    ['<a/>', false],
    ['<a><b>x</b></a>', false],
    ['<a><c/></a>', false],
    ['<b n="1"/>', true],
    ['<a>', false],
    ['', false],
    ['\0\xff', false],
    ['<!DOCTYPE a [<!ELEMENT a ANY>]><a/>', false],
    ['<?xml version="1.0" encoding="ISO-8859-1"?><a><b n="\xe9">\xe9</b></a>', true],
  ])('hold %j against a DTD: %s', (document, valid) => {
    expect(dtd.grammarFault).toBeUndefined();
    expect(dtd.faultOf(document) === undefined).toBe(valid);
  });

  it.each([
    ['<a>7</a>', true],
    ['<a>seven</a>', false],
    ['<b/>', false],
    ['<a>7', false],
  ])('hold %j against a schema: %s', (document, valid) => {
    expect(schema.grammarFault).toBeUndefined();
    expect(schema.faultOf(document) === undefined).toBe(valid);
  });

  it.each([
    ['dtd', '<!ELEMENT a (b'],
    ['schema', '<xs:schema'],
    ['schema', '<a/>'],
    ['schema', XSD('xs:nothing')],
    ['schema', ''],
  ] as const)('name the fault of a %s that is %j', (kind, bytes) => {
    const broken = new XmlGrammars().load({ kind, path: 'x', bytes, readFile: none });
    expect(broken.grammarFault).toBeDefined();
    expect(broken.faultOf('<a>7</a>')).toBeDefined();
  });

  it('read the files that a schema includes, when it is loaded and never again', () => {
    const asked: string[] = [];
    const part = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:simpleType name="small"><xs:restriction base="xs:integer"><xs:maxInclusive value="9"/></xs:restriction></xs:simpleType>
</xs:schema>`;
    const whole = XSD('small').replace('<xs:el', '<xs:include schemaLocation="part.xsd"/><xs:el');
    const split = grammars.load({
      kind: 'schema',
      path: 'types/main.xsd',
      bytes: whole,
      readFile: (path) => {
        asked.push(path);
        return path === 'types/part.xsd' ? part : undefined;
      },
    });
    expect(split.grammarFault).toBeUndefined();
    expect([split.faultOf('<a>9</a>'), split.faultOf('<a>10</a>') === undefined]).toEqual([
      undefined,
      false,
    ]);
    const hint = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    split.faultOf(`<a ${hint} xsi:noNamespaceSchemaLocation="types/part.xsd">7</a>`);
    split.faultOf(
      `<a ${hint} xsi:schemaLocation="urn:x types/part.xsd" xmlns:x="urn:x"><x:b/></a>`,
    );
    expect(asked).toEqual(['types/part.xsd']);
  });

  it('read no file that a document names', () => {
    const asked: string[] = [];
    const any = grammars.load({
      kind: 'dtd',
      path: 'any.dtd',
      bytes: '<!ELEMENT a (#PCDATA)>',
      readFile: (path) => {
        asked.push(path);
        return undefined;
      },
    });
    any.faultOf('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>');
    any.faultOf('<!DOCTYPE a SYSTEM "/etc/hostname"><a/>');
    any.faultOf('<!DOCTYPE a [<!ENTITY % x SYSTEM "/etc/hostname"> %x;]><a/>');
    expect(asked).toEqual([]);
  });

  it('bear entities that expand without end', () => {
    const entities = Array.from({ length: 12 }, (_, at) =>
      at === 0 ? '<!ENTITY e0 "ha">' : `<!ENTITY e${at} "${`&e${at - 1};`.repeat(10)}">`,
    );
    expect(schema.faultOf(`<!DOCTYPE a [${entities.join('')}]><a>&e11;</a>`)).toBeDefined();
    expect(schema.faultOf('<a>7</a>')).toBeUndefined();
  });

  it('give up a document that takes too long, and go on with the next', () => {
    const bytes = '<!ELEMENT a (b*)><!ELEMENT b (#PCDATA)>';
    const list = (length: number): string =>
      `<a>${Array.from({ length }, (_, at) => `<b>${at}</b>`).join('')}</a>`;
    const own = new XmlGrammars(50);
    const validator = own.load({ kind: 'dtd', path: 'b.dtd', bytes, readFile: none });
    const other = own.load({ kind: 'dtd', path: 'a.dtd', bytes: DTD, readFile: none });
    expect(validator.grammarFault).toBeUndefined();
    expect(() => validator.faultOf(list(100_000))).toThrow(MatchLimitError);
    expect(other.faultOf('<a><b n="1"/></a>')).toBeUndefined();
    expect(validator.faultOf(list(100))).toBeUndefined();
  });
});

describe.skipIf(!isBuilt)('rules that validate XML', () => {
  const files = filesOf({ 'a.dtd': DTD });
  const post = (body: string): { method: string; body: string } => ({ method: 'POST', body });

  it.each([
    ['<a><b n="1"/></a>', []],
    ['<a/>', [2]],
    ['<a><b n="1">', [2]],
  ])('judge the body %s', (body, matched) => {
    const judged = judge(rules('validateDTD a.dtd'), post(body), files);
    expect(judged).toEqual({ matched: [1, ...matched], codes: [], errors: [] });
  });

  it('are not run when there is no XML', () => {
    expect(judge(rules('validateDTD a.dtd'), {}, files).matched).toEqual([1]);
  });
});

const REGRESSION = sharedPath('modsecurity', 'regression');

describeShared("ModSecurity's own cases for XML validation", REGRESSION, () => {
  interface Case {
    readonly title: string;
    readonly rules: readonly string[];
    readonly request: { readonly body: readonly string[] };
    readonly expected: { readonly http_code?: number };
  }
  const cases = ['request-body-parser-xml-validade-dtd.json', 'request-body-parser-xml.json']
    .flatMap((name) => JSON.parse(readFileSync(`${REGRESSION}/${name}`, 'utf8')) as Case[])
    .filter((one) => one.rules.some((rule) => rule.includes('@validate')));

  it('are at least eight', () => {
    expect(cases.length).toBeGreaterThanOrEqual(8);
  });

  for (const one of cases) {
    it.skipIf(!isBuilt)(`${one.title}: ${one.expected.http_code ?? 'passes'}`, () => {
      const text = one.rules.join('\n').replaceAll('test-cases/', `${sharedPath('modsecurity')}/`);
      const { matched } = judge(
        text,
        {
          method: 'POST',
          headers: [['Content-Type', 'text/xml']],
          body: one.request.body.join('\n').trim(),
          response: { status: 200, headers: [['Content-Type', 'text/plain']], body: '' },
        },
        nodeFiles(),
      );
      expect(matched.includes(500007)).toBe(one.expected.http_code === 403);
    });
  }
});
