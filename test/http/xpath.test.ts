import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../src/http/xml.ts';
import { compileXPath } from '../../src/http/xpath.ts';
import { evaluateXPath } from '../../src/http/xpath-evaluate.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const BODY =
  '<r xmlns:s="u:1" k="0"><a k="1">x<b>y</b></a><a k="2" s:k="3">z</a><s:a>n</s:a><d xmlns="u:1"><e>m</e></d> </r>';
const NAMESPACES = new Map([['p', 'u:1']]);

const select = (expression: string, body = BODY): readonly string[] => {
  const xpath = compileXPath(expression, NAMESPACES);
  if (xpath.kind === 'xpath-error') throw new Error(xpath.message);
  return evaluateXPath(parseXml(body).document!, xpath);
};

describe('evaluateXPath', () => {
  it.each([
    ['/*', ['xyznm ']],
    ['/', ['xyznm ']],
    ['//@*', ['0', '1', '2', '3']],
    ['/r/a', ['xy', 'z']],
    ['r/a', ['xy', 'z']],
    ['/r/a/@k', ['1', '2']],
    ['//b', ['y']],
    ['//a//b', ['y']],
    ['/r//text()', ['x', 'y', 'z', 'n', 'm', ' ']],
    ['/r/a/text()', ['x', 'z']],
    ['/r/a[1]', ['xy']],
    ['/r/a[last()]', ['z']],
    ['/r/a[position()>1]', ['z']],
    ['//a[1]', ['xy']],
    ['(//a)', ['xy', 'z']],
    ['//a[@k]', ['xy', 'z']],
    ['//a[@k="2"]', ['z']],
    ['//a[@k=2]', ['z']],
    ['//a[@k!="2"]', ['xy']],
    ['//a[b]', ['xy']],
    ["//a[b='y']/@k", ['1']],
    ['//a[not(b)]', ['z']],
    ['//*[@k and not(@k="0")]', ['xy', 'z']],
    ['//*[@k="1" or @k="2"]', ['xy', 'z']],
    ['//*[.="z"]', ['z']],
    ['//a[contains(., "y")]', ['xy']],
    ['//a[starts-with(@k, "2")]', ['z']],
    ['//*[local-name()="a"]', ['xy', 'z', 'n']],
    ['//*[name()="s:a"]', ['n']],
    ['//*[namespace-uri()="u:1"]', ['n', 'm', 'm']],
    ['//p:a', ['n']],
    ['//p:*', ['n', 'm', 'm']],
    ['//p:d/p:e', ['m']],
    ['//d', []],
    ['//@p:k', ['3']],
    ['//b/..', ['xy']],
    ['//b/ancestor::*', ['xyznm ', 'xy']],
    ['//b/ancestor-or-self::a', ['xy']],
    ['//a/.', ['xy', 'z']],
    ['//b | //a[2]', ['y', 'z']],
    ['//b|//b', ['y']],
    ['/r/child::a/attribute::k', ['1', '2']],
    ['/r/descendant::b', ['y']],
    ['//a[count(b)=1]', ['xy']],
    ['//a[string-length()=1]', ['z']],
    ['/r[normalize-space()="xyznm"]/@k', ['0']],
    ['//comment()', []],
    ['count(//a)', []],
    ['"text"', []],
    ['/nothing', []],
    ['//a/@k/..', ['xy', 'z']],
    ['//b/text()/..', ['y']],
  ])('selects with %s', (expression, values) => {
    expect(select(expression)).toEqual(values);
  });

  it.each(['/*', '//*', '//@*', '//text()', '//node()', '/r/*/@*', '/r/descendant::e', '//e/@k'])(
    'gives the same for %s with a predicate that always holds',
    (expression) => {
      const body =
        '<r><e/><e k="a/"/><e k="/>" m=""></e><e> </e><e>x<e k=">"/></e><f k="1">y</f></r>';
      const values = select(expression, body);
      expect(values).toEqual(select(`${expression}[true()]`, body));
      expect(values.length).toBeGreaterThan(0);
    },
  );

  it('sees attributes of elements with and without content', () => {
    const body = '<r><e/><e k="a/"/><e k="/>" m=""></e><e> </e><e>x<e k=">"/></e></r>';
    expect(select('//@*', body)).toEqual(['a/', '/>', '', '>']);
    expect(select('//e', body)).toEqual(['', '', '', ' ', 'x', '']);
  });

  it('gives nodes of nested elements once and in document order', () => {
    const body = '<a>1<a>2<b>3</b></a><b>4</b></a>';
    expect(select('//a//b', body)).toEqual(['3', '4']);
    expect(select('//b/ancestor::a', body)).toEqual(['1234', '23']);
    expect(select('//a/descendant::b[1]', body)).toEqual(['3']);
    expect(select('//a[@x or b]', body)).toEqual(['1234', '23']);
  });

  it('gives UTF-8 bytes', () => {
    expect(select('//\xc3\xa9', '<r><\xc3\xa9>\xc3\xa9</\xc3\xa9></r>')).toEqual(['\xc3\xa9']);
  });

  it('stays linear on nested and on flat documents', () => {
    const nested = `${'<a>'.repeat(250)}${'<b/>'.repeat(20_000)}${'</a>'.repeat(250)}`;
    const started = performance.now();
    expect(select('//a//b', nested)).toHaveLength(20_000);
    expect(select('//b/ancestor::a', nested)).toHaveLength(250);
    expect(select('//*', nested)).toHaveLength(20_250);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('compileXPath', () => {
  it.each([
    ['', 0],
    ['/r/', 3],
    ['//', 2],
    ['/r[', 3],
    ['/r[1', 4],
    ['/q:a', 1],
    ['foo()', 0],
    ['/r/following::a', 3],
    ['"x', 0],
    ['count("x")', 10],
    ['contains(a)', 11],
    ['/r a', 3],
    ['$x', 0],
    ['a + b', 2],
    ['/r | "x"', 8],
  ])('refuses %s with the place', (expression, offset) => {
    expect(compileXPath(expression, NAMESPACES)).toMatchObject({ kind: 'xpath-error', offset });
  });

  it('refuses an expression nested too deeply', () => {
    expect(compileXPath(`${'('.repeat(10_000)}a${')'.repeat(10_000)}`).kind).toBe('xpath-error');
  });

  it('never throws, and neither does what it compiles', () => {
    const { document } = parseXml(BODY);
    const unit = fc.constantFrom(
      '/',
      '//',
      '*',
      '@',
      'a',
      'k',
      'text()',
      '[',
      ']',
      '1',
      '=',
      '"1"',
      '|',
      '..',
      '.',
      'and',
      ' ',
      '(',
      ')',
      'last()',
      'not',
      'p:',
      ',',
      'count',
      'ancestor::',
      '<',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (expression) => {
        const xpath = compileXPath(expression, NAMESPACES);
        if (xpath.kind === 'xpath') evaluateXPath(document!, xpath);
      }),
      { numRuns: runs * 20 },
    );
  });
});
