import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGoXml } from '../../src/http/go-xml.ts';

const texts = (xml: string): readonly string[] | string => {
  const { texts: found, error } = readGoXml(xml);
  return error === undefined ? found : 'error';
};

describe('readGoXml', () => {
  it.each([
    ['texts, trimmed, without those of white space', '<r>\n <a> x </a>\n</r>', ['x']],
    ['a text for each side of a comment', '<r>a<!--c--><?p q?>b</r>', ['a', 'b']],
    ['CDATA as a text of its own', '<r>a<![CDATA[<b>]]></r>', ['a', '<b>']],
    ["HTML's entities", '<r>&lt;&#65;&#x42;&nbsp;&apos;</r>', ["<AB\xc2\xa0'"]],
    ['unknown entities as they stand', '<r>a&e;b &amp</r>', ['a&e;b &amp']],
    ['what a DTD declares as unknown', '<!DOCTYPE r [<!ENTITY e "<x>">]><r>&e;</r>', ['&e;']],
    ['elements that are never closed', '<r><a>x', ['x']],
    ['a text that stops inside a tag', '<r>x<a b="', ['x']],
    ['an end that closes several elements', '<r><a>x</r>', ['x']],
    ['a letter whose last byte is A0', '<r>\xc3\xa0\xc2\xa0</r>', ['\xc3\xa0']],
    ['several roots', '<a>1</a><b>2</b>', ['1', '2']],
    ['text without an element', 'plain', ['plain']],
    ['line ends as LF', '<r>a\r\nb\rc</r>', ['a\nb\nc']],
    ['elements that HTML closes by itself', '<r><br>x</r>', ['x']],
  ])('reads %s', (_name, xml, expected) => {
    expect(texts(xml)).toEqual(expected);
  });

  it.each([
    ['an end without a beginning', '</r>'],
    ['an end of something else', '<r><a></b></r>'],
    ['a version other than 1.0', '<?xml version="1.1"?><r/>'],
    ['a charset other than UTF-8', '<?xml version="1.0" encoding="ISO-8859-1"?><r/>'],
    ['"--" inside a comment', '<r><!-- a -- b --></r>'],
    ['"]]>" outside of CDATA', '<r>]]></r>'],
    ['an element without a name', '<r>a < b</r>'],
    ['ill-formed UTF-8', '<r>\xe9</r>'],
    ['a control char', '<r>\x01</r>'],
    ['an attribute without a value behind its sign', '<r a=/>'],
  ])('keeps nothing of %s', (_name, xml) => {
    const { error, texts: found, attributes } = readGoXml(`<x y="z">kept?</x>${xml}`);
    expect(error).toBeDefined();
    expect([found, attributes]).toEqual([[], []]);
  });

  it('keeps the line ends that entities stand for', () => {
    const { attributes, texts: found } = readGoXml('<r a="&#13;&#10;\r\nx">a&#13;&#10;b</r>');
    expect([attributes, found]).toEqual([['\r\n\nx'], ['a\r\nb']]);
  });

  it('reads attributes in every quoting', () => {
    expect(readGoXml(`<r a="1" b='&lt;' c=3 d><e f="x"/></r>`).attributes).toEqual([
      '1',
      '<',
      '3',
      'd',
      'x',
    ]);
  });

  it('never throws', () => {
    const piece = fc.constantFrom(...'<>/!?-[]&;#x"\'= ar', '<!--', '<![CDATA[', ']]>', '\xc3');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        readGoXml(pieces.join(''));
      }),
    );
  });

  it.each(['<a>', '</a>', '<a b="', '<!--', '&lt;', '<!', '<a '])(
    'reads 100,000 times %s',
    (piece) => {
      const { texts: found, attributes } = readGoXml(piece.repeat(100_000));
      expect(found.length + attributes.length).toBeLessThanOrEqual(100_000);
    },
  );
});
