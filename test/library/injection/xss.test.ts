import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HtmlContext } from '../../../src/library/injection/html5.ts';
import { detectXss, detectXssIn } from '../../../src/library/injection/xss.ts';
import { describeShared, sharedPath } from '../../support/shared.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const CONTEXTS: readonly HtmlContext[] = [
  'data',
  'unquoted',
  'single-quoted',
  'double-quoted',
  'back-quoted',
];

const ATTACKS: readonly string[] = [
  '<script>alert(1)</script>',
  '<SCR\0IPT>',
  '<svg/onload=1>',
  '<svgfoo>',
  '<xsl:x>',
  '<img src=x onerror=alert(1)>',
  'onload=1',
  "' onload='1",
  '" onload="1',
  '` onload=`1',
  '<x onbeforehellfreezes=1 onclick=1>',
  '<x onclickfoo=1>',
  '<x xmlns:a="b">',
  '<a xlink:href="//h.example/">',
  '<a style=x>',
  '<a href="javascript:alert(1)">)',
  '<a href=" \x01\xa0JaVa\0Sc\nript:1">',
  '<a href="&#x6A;&#97;va">',
  '<a href="&#0000106ava">',
  '<a href="&#x14A;ava">',
  '<a href=vbscript:1>',
  '<a href=data:x>',
  '<a href=view-source:x>',
  '<a by=java>',
  '<animate attributename=href>',
  '<a attributename="o\0nclick" attributename=style>',
  '<!DOCTYPE a>',
  '<!--`-->',
  '<!--[if a-->',
  '<?xml a>',
  '<?import a>',
  '<!entity a>',
  '<%import a%>',
];

const HONEST: readonly string[] = [
  '',
  'this is not an XSS',
  'a < b and c = d',
  'x=1',
  'https://example.com/?a=b&c=d',
  '<b>bold</b>',
  '<a href="https://example.com/">',
  '<a href="&#1114111111ava">',
  '<a href="&">',
  '<a href="&#">',
  '<a href="&#x">',
  '<a title="javascript:1">',
  '<a onclick>',
  '<a onfoo=1>',
  '<a on=1>',
  '<sc>',
  '<!-- note -->',
  '<!--[i-->',
  '<animate attributename=title>',
  'Tom & Jerry <3',
];

describe('detectXss', () => {
  for (const input of ATTACKS) {
    it(`finds ${JSON.stringify(input)}`, () => {
      expect(detectXss(input)).toBe(true);
    });
  }

  for (const input of HONEST) {
    it(`finds nothing in ${JSON.stringify(input)}`, () => {
      expect(detectXss(input)).toBe(false);
    });
  }

  it('forgets an attribute when something else follows', () => {
    expect(detectXssIn("style/' x", 'single-quoted')).toBe(false);
    expect(detectXssIn('<a style ><b c=d>', 'data')).toBe(false);
  });

  it('skips no reading that would find something', () => {
    const piece = fc.oneof(
      fc.nat(255).map((code) => String.fromCharCode(code)),
      fc.constantFrom('<', '>', '=', '/', '"', "'", '`', ' ', '<!--', '<?', '<%', '-->'),
      fc.constantFrom('script', 'onload', 'style', 'href', 'javascript:', 'xmlns', 'src', '&#x6a;'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const input = pieces.join('');
        const anywhere = CONTEXTS.some((context) => detectXssIn(input, context));
        expect(detectXss(input)).toBe(anywhere);
      }),
      { numRuns: RUNS * 10 },
    );
  });

  // A way that is not linear takes longer than that.
  it('comes to an end with endless repetition', { timeout: 60_000 }, () => {
    const pieces = [
      '<',
      '<!a>',
      '<!--',
      '/',
      '=',
      "a='' ",
      '<%%',
      '<\0',
      '</>',
      'onx=',
      '&#0',
      '-\0',
    ];
    for (const piece of pieces) {
      for (const start of ['<a ', '<!--', "<a href='", 'href=']) {
        expect(detectXss(start + piece.repeat(200_000)), start + piece).toBeTypeOf('boolean');
      }
    }
  });
});

const VECTORS = sharedPath('modsecurity', 'unit', 'operators', 'detectXSS.json');

describeShared('detectXss on the vectors of ModSecurity', VECTORS, () => {
  const vectors = JSON.parse(readFileSync(VECTORS, 'utf8')) as { input: string; ret: number }[];
  for (const { input, ret } of vectors) {
    it(`answers ${ret} for ${JSON.stringify(input)}`, () => {
      expect(detectXss(input)).toBe(ret === 1);
    });
  }
});
