import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml, type XmlReading } from '../../src/http/xml.ts';
import { xmlArguments } from '../../src/http/xml-arguments.ts';
import { compileXPath } from '../../src/http/xpath.ts';
import { evaluateXPath } from '../../src/http/xpath-evaluate.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

const select = ({ document }: XmlReading, expression: string): readonly string[] => {
  const xpath = compileXPath(expression);
  if (xpath.kind === 'xpath-error') throw new Error(xpath.message);
  return document === undefined ? [] : evaluateXPath(document, xpath);
};
const textOf = (body: string): readonly string[] => select(parseXml(body), '/*');
const attributesOf = (body: string): readonly string[] => select(parseXml(body), '//@*');

const utf16 = (text: string, bigEndian: boolean): string =>
  [...text]
    .flatMap((char) => [...char].flatMap((part) => part.split('')))
    .map((unit) => {
      const code = unit.charCodeAt(0);
      const high = String.fromCharCode(code >> 8);
      const low = String.fromCharCode(code & 0xff);
      return bigEndian ? high + low : low + high;
    })
    .join('');

describe('parseXml on text', () => {
  const cases: [name: string, body: string, text: string][] = [
    ['concatenated', '<?xml version="1.0"?><r><a>x</a><b>y</b></r>', 'xy'],
    ['with all white space', '<r>\n <a>x</a>\n <b> y </b>\n</r>', '\n x\n  y \n'],
    ['without comments and instructions', '<r>a<!--c--><?pi d?>b</r>', 'ab'],
    ['with CDATA', '<r><![CDATA[<]]>script<![CDATA[&>]]></r>', '<script&>'],
    [
      'with characters by name and number',
      '<r>&lt;&#65;&#x42;&amp;&gt;&quot;&apos;</r>',
      '<AB&>"\'',
    ],
    ['with a number above ASCII', '<r>&#233;&#x1F600;</r>', '\xc3\xa9\xf0\x9f\x98\x80'],
    ['with a carriage return by number only', '<r>a\r\nb\rc&#13;d</r>', 'a\nb\nc\rd'],
    ['with an internal entity', '<!DOCTYPE r [<!ENTITY e "boom">]><r>a&e;b</r>', 'aboomb'],
    ['with markup from an entity', '<!DOCTYPE r [<!ENTITY e "<b>x</b>&lt;">]><r>&e;</r>', 'x<'],
    [
      'with nested entities',
      '<!DOCTYPE r [<!ENTITY a "1&b;"><!ENTITY b "2">]><r>&a;&b;</r>',
      '122',
    ],
    [
      'with the first of two declarations',
      '<!DOCTYPE r [<!ENTITY a "1"><!ENTITY a "2">]><r>&a;</r>',
      '1',
    ],
    [
      'with an entity from a parameter entity',
      '<!DOCTYPE r [<!ENTITY % p "<!ENTITY e \'x\'>">%p;]><r>&e;</r>',
      'x',
    ],
    [
      'without external entities',
      '<!DOCTYPE r [<!ENTITY x SYSTEM "http://h.example/y">]><r>a&x;b</r>',
      'ab',
    ],
    [
      'without names that an external subset may declare',
      '<!DOCTYPE r SYSTEM "x.dtd"><r>a&nbsp;b</r>',
      'ab',
    ],
    [
      'of odd element names',
      '<__proto__>a<constructor>b</constructor><\xc3\xa9.-1>c</\xc3\xa9.-1></__proto__>',
      'abc',
    ],
    ['longer than any shortcut', `<r>${'<a>'}${'x'.repeat(500)}</a>y</r>`, `${'x'.repeat(500)}y`],
    ['of an empty element', '<r/>', ''],
  ];
  it.each(cases)('gives it %s', (_name, body, text) => {
    expect(parseXml(body).error).toBeUndefined();
    expect(textOf(body)).toEqual([text]);
  });

  it('takes an empty body for no document and no error', () => {
    expect(parseXml('')).toEqual({ error: undefined, document: undefined, dtd: [] });
  });
});

describe('parseXml on document type declarations', () => {
  const declared = (dtd: string, rest = '<r/>'): readonly string[] =>
    parseXml(`<!DOCTYPE r ${dtd}>${rest}`).dtd.map(({ key, value }) => `${key} ${value}`);

  it.each([
    ['', ['root r']],
    ['SYSTEM "a.dtd"', ['root r', 'subset a.dtd']],
    ["PUBLIC '-//A//B' 'a.dtd' []", ['root r', 'subset a.dtd']],
    ['[<!ENTITY e "x">]', ['root r', 'entity e']],
    ['[<!ENTITY e SYSTEM "f">]', ['root r', 'entity e', 'external f']],
    ['[<!ENTITY e PUBLIC "p" "f">]', ['root r', 'entity e', 'external f']],
    ['[<!ENTITY e SYSTEM "">]', ['root r', 'entity e', 'external ']],
    ['[<!ENTITY e SYSTEM "f" NDATA n>]', ['root r', 'entity e', 'external f']],
    ['[<!ENTITY % p SYSTEM "f">]', ['root r', 'parameter p', 'external f']],
    ['[<!ENTITY % p "<!ENTITY e SYSTEM \'f\'>">]', ['root r', 'parameter p']],
    [
      '[<!ENTITY % p "<!ENTITY e SYSTEM \'f\'>"> %p;]',
      ['root r', 'parameter p', 'entity e', 'external f'],
    ],
    ['[<!-- <!ENTITY e SYSTEM "f"> --><?p <!ENTITY e SYSTEM "f">?>]', ['root r']],
    ['[<!NOTATION n SYSTEM "f"><!ATTLIST r a CDATA "SYSTEM">]', ['root r']],
  ])('tells what %s declares', (dtd, expected) => {
    expect(declared(dtd)).toEqual(expected);
  });

  it('tells of declarations behind one that takes no effect', () => {
    const twice = '[<!ENTITY e "x"><!ENTITY e SYSTEM "f">]';
    expect(declared(twice)).toContain('external f');
  });

  it('tells what stands before an error', () => {
    expect(declared('[<!ENTITY e SYSTEM "f"> <!ODD>]')).toContain('external f');
    expect(declared('[<!ENTITY e SYSTEM "f">]', '<r>&e;&none')).toContain('external f');
    expect(declared('[<!ENTITY e SYSTEM "f" odd>]')).toContain('external f');
  });

  it('is bounded, and hides none of a kind behind many of another', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `<!ENTITY e${at} "x">`).join('');
    const all = declared(`[${many}<!ENTITY x SYSTEM "f">]`);
    expect(all).toContain('external f');
    expect(all.length).toBeLessThan(500);
  });

  it('is bounded where entities stand for declarations', () => {
    const bomb =
      '[<!ENTITY % a "<!ENTITY x SYSTEM \'f\'>">' +
      Array.from(
        { length: 12 },
        (_, at) =>
          `<!ENTITY &#37; ${String.fromCharCode(98 + at)} "${`%${String.fromCharCode(97 + at)};`.repeat(10)}">`,
      ).join('') +
      ']';
    expect(declared(bomb).length).toBeLessThan(500);
    const used = `[<!ENTITY % a "<!ENTITY x SYSTEM 'f'>">${'%a;'.repeat(20_000)}]`;
    expect(declared(used).length).toBeLessThan(500);
    expect(parseXml(`<!DOCTYPE r ${used}><r/>`).error).toBeDefined();
  });
});

describe('parseXml on attributes', () => {
  it('gives values in document order, with references resolved and white space made blanks', () => {
    expect(attributesOf('<r a="1" b=\'2"\'><c d="&lt;&#10;\n\t&quot;"/></r>')).toEqual([
      '1',
      '2"',
      '<\n  "',
    ]);
  });

  it('expands internal entities and supplies default values', () => {
    const dtd = '<!DOCTYPE r [<!ENTITY e "x&#60;y"><!ATTLIST r d CDATA "q&e;" e CDATA #IMPLIED>]>';
    expect(attributesOf('<!DOCTYPE r [<!ENTITY e "xy">]><r a="&e;"/>')).toEqual(['xy']);
    expect(parseXml(`${dtd}<r/>`).error).toBeDefined();
    expect(attributesOf('<!DOCTYPE r [<!ATTLIST r d CDATA "q">]><r/>')).toEqual(['q']);
    expect(attributesOf('<!DOCTYPE r [<!ATTLIST r d CDATA "q">]><r d="1"/>')).toEqual(['1']);
  });

  it('counts no namespace declaration as attribute', () => {
    expect(attributesOf('<r xmlns="a" xmlns:b="c" b:d="1"/>')).toEqual(['1']);
  });
});

describe('parseXml on documents that are not well-formed', () => {
  const cases: [name: string, body: string, text: string | undefined][] = [
    ['two roots', '<a>x</a><b/>', 'x'],
    ['text behind the root', '<a>x</a>y', 'x'],
    ['text before the root', 'x<a/>', undefined],
    ['no root', '<!--c-->', undefined],
    ['no markup', '{name}', undefined],
    ['a DTD without root', '<!DOCTYPE a []>', undefined],
    ['an unclosed element', '<r><a>x', 'x'],
    ['a wrong end tag', "<a>' or 1=1 -- </b>", "' or 1=1 -- "],
    ['crossed tags', '<a><b>x</a></b>', 'x'],
    ['an HTML entity', '<r>a&nbsp;b</r>', 'a'],
    ['a bare ampersand', '<r>a & b</r>', 'a '],
    ['an attribute given twice', '<a b="1" b="2">x</a>', ''],
    ['an unquoted attribute', '<a b=1>x</a>', ''],
    ['an attribute without value', '<a b>x</a>', ''],
    ['attributes without white space', '<a b="1"c="2">x</a>', ''],
    ['a less-than sign in an attribute', '<a b="<">x</a>', ''],
    ['two hyphens in a comment', '<a>x<!-- -- --></a>', 'x'],
    ['three hyphens ending a comment', '<a>x<!-- ---></a>', 'x'],
    ['an instruction named xml', '<a>x<?xml version="1.0"?></a>', 'x'],
    ['a declaration behind a blank', ' <?xml version="1.0"?><a/>', undefined],
    ['a malformed declaration', '<?xml version="2.0"?><a/>', undefined],
    ['a declaration without version', '<?xml encoding="UTF-8"?><a/>', undefined],
    ['the end of CDATA in text', '<a>x]]>y</a>', 'x'],
    ['an open CDATA section', '<a>x<![CDATA[y</a>', 'xy</a>'],
    ['a name starting with a digit', '<a>x<1/></a>', 'x'],
    ['a blank before the name', '<a>x< b/></a>', 'x'],
    ['a nul byte', '<a>x\x00y</a>', 'x'],
    ['a control character', '<a>x\x1fy</a>', 'x'],
    ['a forbidden character by number', '<a>x&#0;</a>', 'x'],
    ['a surrogate by number', '<a>x&#xD800;</a>', 'x'],
    ['U+FFFE', '<a>x\xef\xbf\xbe</a>', 'x'],
    ['ill-formed UTF-8', '<a>x\xff</a>', 'x'],
    ['an overlong form', '<a>x\xc0\xbc</a>', 'x'],
    [
      'an entity that does not close its element',
      '<!DOCTYPE a [<!ENTITY e "<b>">]><a>x&e;</b></a>',
      'x',
    ],
    ['an entity that closes its parent', '<!DOCTYPE a [<!ENTITY e "</a>">]><a>x&e;', 'x'],
    [
      'an entity that holds itself',
      '<!DOCTYPE a [<!ENTITY e "&f;"><!ENTITY f "&e;">]><a>x&e;</a>',
      'x',
    ],
    [
      'an unparsed entity in text',
      '<!DOCTYPE a [<!NOTATION n SYSTEM "n"><!ENTITY e SYSTEM "x" NDATA n>]><a>&e;</a>',
      '',
    ],
    ['an external entity in an attribute', '<!DOCTYPE a [<!ENTITY e SYSTEM "x">]><a b="&e;"/>', ''],
    [
      'an undeclared entity in a standalone document',
      '<?xml version="1.0" standalone="yes"?><!DOCTYPE a SYSTEM "x"><a>x&e;</a>',
      'x',
    ],
    ['two document types', '<!DOCTYPE a><!DOCTYPE a><a/>', undefined],
    ['a document type behind the root', '<a/><!DOCTYPE a>', ''],
  ];
  it.each(cases)('reports %s and keeps what came before', (_name, body, text) => {
    expect(parseXml(body).error).toBeDefined();
    expect(textOf(body)).toEqual(text === undefined ? [] : [text]);
  });

  it('keeps the attributes before the fault', () => {
    expect(attributesOf('<a b="1" b="2"/>')).toEqual(['1']);
  });
});

describe('parseXml on the internal subset', () => {
  const within = (subset: string): string | undefined =>
    parseXml(`<!DOCTYPE a [${subset}]><a/>`).error;

  it.each([
    ['nothing', ''],
    ['comments and instructions', '<!-- c --> <?pi x?>'],
    [
      'elements',
      '<!ELEMENT a EMPTY><!ELEMENT b ANY><!ELEMENT c (#PCDATA)><!ELEMENT d (#PCDATA|a)*>',
    ],
    ['content models', '<!ELEMENT a (b?,(c|d)*,e+)><!ELEMENT b ((c))?><!ELEMENT c (d , e)>'],
    [
      'attributes',
      '<!ATTLIST a b CDATA #IMPLIED c (x|y) "x" d ID #REQUIRED e NMTOKENS #FIXED "1 2"><!ATTLIST b>',
    ],
    [
      'notations',
      '<!NOTATION n PUBLIC "-//x"><!NOTATION m PUBLIC "x" "y"><!ATTLIST a b NOTATION (n|m) #IMPLIED>',
    ],
    [
      'entities',
      '<!ENTITY e "x"><!ENTITY % p "x"><!ENTITY s SYSTEM "y"><!ENTITY t PUBLIC "a" "b" NDATA n>',
    ],
    ['parameter entities that we do not load', '<!ENTITY % p SYSTEM "x"> %p; %q;'],
  ])('accepts %s', (_name, subset) => {
    expect(within(subset)).toBeUndefined();
  });

  it.each([
    ['an entity without value', '<!ENTITY b SYSTEM "x" '],
    ['an entity without name', '<!ENTITY "x">'],
    ['an open quote', '<!ENTITY e "x>'],
    ['a bare ampersand in an entity', '<!ENTITY e "a & b">'],
    ['a parameter entity inside a declaration', '<!ENTITY % p "x"><!ENTITY e "%p;">'],
    ['mixed separators', '<!ELEMENT a (b,c|d)>'],
    ['an open group', '<!ELEMENT a (b,(c)>'],
    ['mixed content without star', '<!ELEMENT a (#PCDATA|b)>'],
    ['an empty group', '<!ELEMENT a ()>'],
    ['an unknown type', '<!ATTLIST a b TEXT #IMPLIED>'],
    ['no default', '<!ATTLIST a b CDATA>'],
    ['a lower-case keyword', '<!entity e "x">'],
    ['a conditional section', '<![INCLUDE[ ]]>'],
    ['text', 'x'],
    ['a bad public identifier', '<!NOTATION n PUBLIC "{}">'],
    ['a parameter entity that holds itself', '<!ENTITY % p "&#37;p;">%p;'],
  ])('refuses %s', (_name, subset) => {
    expect(within(subset)).toBeDefined();
  });
});

describe('parseXml on charsets', () => {
  const doc = (encoding: string, text: string): string =>
    `<?xml version="1.0" encoding="${encoding}"?><r>${text}</r>`;

  it.each([
    ['UTF-8 by declaration', doc('utf-8', '\xc3\xa9'), '\xc3\xa9'],
    ['UTF-8 by mark', '\xef\xbb\xbf<r>\xc3\xa9</r>', '\xc3\xa9'],
    ['ISO-8859-1', doc('ISO-8859-1', 'caf\xe9'), 'caf\xc3\xa9'],
    ['windows-1252', doc('windows-1252', '\x80'), '\xe2\x82\xac'],
    ['US-ASCII', doc('US-ASCII', 'a'), 'a'],
    [
      'UTF-16 little-endian by mark',
      `\xff\xfe${utf16('<r>é\u{1f600}</r>', false)}`,
      '\xc3\xa9\xf0\x9f\x98\x80',
    ],
    ['UTF-16 big-endian by mark', `\xfe\xff${utf16('<r>é</r>', true)}`, '\xc3\xa9'],
    ['UTF-16 by declaration', utf16(doc('UTF-16', 'é'), true), '\xc3\xa9'],
    ['UTF-16 without either', utf16('<r>é</r>', false), '\xc3\xa9'],
  ])('reads %s', (_name, body, text) => {
    expect(parseXml(body).error).toBeUndefined();
    expect(textOf(body)).toEqual([text]);
  });

  it.each([
    ['UTF-7', doc('UTF-7', '+ADw-'), []],
    ['EBCDIC', doc('IBM037', 'x'), []],
    ['UTF-32', '\xff\xfe\x00\x00<\x00\x00\x00', []],
    ['a declaration of UTF-16 in bytes that are not', doc('UTF-16', 'x'), ['x']],
    ['another declaration in UTF-16', utf16(doc('ISO-8859-1', 'x'), true), ['x']],
    ['high bytes in US-ASCII', doc('US-ASCII', 'x\xe9'), ['x']],
    ['half a surrogate pair', `\xff\xfe${utf16('<r>x\ud800y</r>', false)}`, ['x']],
    ['an odd last byte', `\xff\xfe${utf16('<r>x</r>', false)}x`, ['x']],
  ])('makes %s an error', (_name, body, text) => {
    expect(parseXml(body).error).toBeDefined();
    expect(textOf(body)).toEqual(text);
  });
});

describe('parseXml under load', () => {
  const timed = (body: string): XmlReading & { ms: number } => {
    const started = performance.now();
    const reading = parseXml(body);
    return { ...reading, ms: performance.now() - started };
  };

  it('stops billion laughs, quadratic blow-up and default attributes at the allowance', () => {
    const levels = Array.from(
      { length: 10 },
      (_, level) => `<!ENTITY l${level} "${level === 0 ? 'lol' : `&l${level - 1};`.repeat(10)}">`,
    );
    const laughs = timed(`<!DOCTYPE r [${levels.join('')}]><r>&l9;</r>`);
    expect(laughs.error).toBeDefined();
    expect(laughs.document?.text.length).toBeLessThanOrEqual(1_000_000);
    const inAttribute = timed(`<!DOCTYPE r [${levels.join('')}]><r a="&l9;"/>`);
    expect(inAttribute.error).toBeDefined();
    const blowUp = timed(
      `<!DOCTYPE r [<!ENTITY e "${'x'.repeat(50_000)}">]><r>${'&e;'.repeat(50_000)}</r>`,
    );
    expect(blowUp.error).toBeDefined();
    const defaults = `<!DOCTYPE r [<!ATTLIST b c CDATA "${'x'.repeat(10_000)}">]><r>${'<b/>'.repeat(10_000)}</r>`;
    expect(timed(defaults).error).toBeDefined();
    const shortLevels = `<!DOCTYPE r [${levels.join('')}]><r>${'&l0;'.repeat(20_000)}</r>`;
    expect(timed(shortLevels).error).toBeDefined();
    const manyDefaults = `<!DOCTYPE r [<!ATTLIST b c CDATA "d">]><r>${'<b/>'.repeat(20_000)}</r>`;
    expect(timed(manyDefaults).error).toBeDefined();
    const parameters = `<!DOCTYPE r [<!ENTITY % a "${'<!--x-->'.repeat(1000)}">${'%a;'.repeat(10_000)}]><r/>`;
    expect(timed(parameters).error).toBeDefined();
    expect(laughs.ms + inAttribute.ms + blowUp.ms).toBeLessThan(5000);
  });

  it('stops at 256 levels and keeps what stands above', () => {
    const deep = parseXml(`${'<a>'.repeat(255)}<a>x</a>`);
    expect(deep.error).toBeDefined();
    expect(select(deep, '/*')).toEqual(['x']);
    const deeper = parseXml(`<a>x${'<a>'.repeat(10_000)}y${'</a>'.repeat(10_001)}`);
    expect(deeper.error).toBeDefined();
    expect(select(deeper, '/*')).toEqual(['x']);
    expect(parseXml(`${'<a>'.repeat(256)}${'</a>'.repeat(256)}`).error).toBeUndefined();
  });

  it('stops at the allowed number of nodes', () => {
    const reading = parseXml(`<r>${'<a b="1"/>'.repeat(100)}</r>`, { maxNodes: 100 });
    expect(reading.error).toBeDefined();
    expect(select(reading, '//a').length).toBeLessThan(60);
  });

  it.each([
    ['elements', `<r>${'<a>x</a>'.repeat(50_000)}</r>`],
    ['attributes', `<r ${Array.from({ length: 20_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`],
    ['text', `<r>${'x'.repeat(5_000_000)}</r>`],
    ['references', `<r>${'&#65;'.repeat(200_000)}</r>`],
    ['blanks in a tag', `<r${' '.repeat(2_000_000)}/>`],
    [
      'nested content models',
      `<!DOCTYPE r [<!ELEMENT r ${'('.repeat(100_000)}a${')'.repeat(100_000)}>]><r/>`,
    ],
    [
      'namespaces',
      `<r ${Array.from({ length: 2000 }, (_, at) => `xmlns:n${at}="u"`).join(' ')}>${'<n1:a xmlns:q="v"/>'.repeat(20_000)}</r>`,
    ],
  ])('reads very many %s in linear time', (_name, body) => {
    const { error, ms } = timed(body);
    expect(error).toBeUndefined();
    expect(ms).toBeLessThan(5000);
  });

  it('never throws on pieces of markup, and never takes a cut document for sound', () => {
    const unit = fc.constantFrom(
      '<a',
      '<a>',
      '</a>',
      '/>',
      '>',
      ' b="1"',
      " b='",
      '"',
      '&',
      '&e;',
      '&#',
      '65;',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?p',
      '?>',
      '<!DOCTYPE a [',
      '<!ENTITY e "x">',
      ']>',
      '%',
      '\x00',
      '\xc3\xa9',
      '\xff',
      '<?xml version="1.0"?>',
      'x',
      '\n',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (body) => {
        parseXml(body);
      }),
      { numRuns: runs * 20 },
    );
    const sound = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e "x">]><r a="1">&e;<b/></r>';
    for (let end = 1; end < sound.length; end++) {
      expect(parseXml(sound.slice(0, end)).error).toBeDefined();
    }
  });

  it('gives back any text that a writer escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a<>&"\'\r\n\t ]') }), (text) => {
        const escaped = text.replace(/[<>&"\r\n\t]/g, (char) => `&#${char.charCodeAt(0)};`);
        expect(textOf(`<r>${escaped}</r>`)).toEqual([text]);
        expect(attributesOf(`<r a="${escaped}"/>`)).toEqual([text]);
      }),
      { numRuns: runs },
    );
  });
});

describe('xmlArguments', () => {
  it('names leaves by their path, in document order, up to the limit', () => {
    const { document } = parseXml('<r><a><b>1</b><b>2</b></a><c/></r>');
    expect(xmlArguments(document!, 10, 25)).toEqual({
      args: [
        { key: 'xml.r.a.b', value: '1' },
        { key: 'xml.r.a.b', value: '2' },
        { key: 'xml.r.c', value: '' },
      ],
      truncated: false,
    });
    expect(xmlArguments(document!, 2, 25)).toMatchObject({ truncated: true });
    const { args, truncated } = xmlArguments(document!, 10, 24);
    expect([args.length, truncated]).toEqual([2, true]);
  });
});
