// What the transformations of Coraza do, which are written in Go.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unescapeHtml5 } from '../../../src/library/transformations/html5-unescape.ts';
import { TRANSFORMATIONS } from '../../../src/library/transformations/index.ts';
import { BEHAVIOURS } from '../../../src/model/compatibility.ts';

const behaviour = BEHAVIOURS.coraza;
const environment = { unicodeMap: undefined, htmlEntities: behaviour.htmlEntities, behaviour };

function apply(name: string, value: string): string {
  const found = TRANSFORMATIONS.find((transformation) => transformation.name === name);
  if (found === undefined) throw new Error(`no transformation ${name}`);
  return found.apply(value, environment);
}

describe('unescapeHtml5', () => {
  it.each([
    ['&lt;&gt;&amp;&quot;&nbsp;', '<>&"\xc2\xa0'],
    ['&colon;&Tab;&apos;', ":\t'"],
    ['&ltfoo;', '<foo;'],
    ['&LT;&Quot;', '<&Quot;'],
    ['&notit;', '\xc2\xacit;'],
    ['&notin;', '\xe2\x88\x89'],
    ['&acE;', '\xe2\x88\xbe\xcc\xb3'],
    ['&#65;&#x41;&#00065', 'AAA'],
    ['&#321;', '\xc5\x81'],
    ['&#128;', '\xe2\x82\xac'],
    ['&#0;&#xd800;&#x110000;', '\xef\xbf\xbd'.repeat(3)],
    ['&#6', '&#6'],
    ['&#x;&#;&;&', '&#x;&#;&;&'],
  ])('reads %s', (written, read) => {
    expect(unescapeHtml5(written)).toBe(read);
  });

  it('leaves text without an ampersand alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('&', '');
        expect(unescapeHtml5(plain)).toBe(plain);
      }),
    );
  });
});

describe("Coraza's transformations", () => {
  it.each([
    ['lowercase', '\xc3\x84B', '\xc3\xa4b'],
    ['lowercase', '\xc4A', '\xef\xbf\xbda'],
    ['lowercase', '\xc4\xb0', 'i'],
    ['uppercase', '\xc3\x9fa', '\xc3\x9fA'],
    ['removeWhitespace', 'a \xc2\xa0\xe2\x80\x83b', 'ab'],
    ['removeWhitespace', 'a\xc2b', 'a\xef\xbf\xbdb'],
    ['utf8toUnicode', 'a\xc3\xa9\xc0', 'a%u00e9%ufffd'],
    ['hexDecode', '41424', '41424'],
    ['hexDecode', '4142', 'AB'],
    ['base64DecodeExt', 'PHNj_cmlw-dD4=', '<sc\xfd\xc9\xa5\xc3\xe7C'],
    ['base64DecodeExt', 'dGVzd=A', 'tes'],
    ['jsDecode', '\\101\\60\\7', '\x001\0\0'],
    ['jsDecode', '\\x41\\n', 'A\n'],
    ['normalizePath', '/a/.../b/./c', '/a/.../b/c'],
    ['normalizePathWin', '\\a.\\b. \\..\\c', '/a/c'],
  ])('%s makes of %j %j', (name, value, expected) => {
    expect(apply(name, value)).toBe(expected);
  });

  it.each([' ', '. ', '&', '&lt', '&#', '\\', '\xc3', '/..', '=', 'A'])(
    'read 100,000 times %j',
    (piece) => {
      const value = piece.repeat(100_000);
      for (const { apply: run } of TRANSFORMATIONS) {
        expect(run(`${value}x`, environment).length).toBeLessThan(2_000_000);
      }
    },
  );

  it('alter only values that hold a byte of `alters`', () => {
    for (const { name, alters, apply: run } of TRANSFORMATIONS) {
      if (alters === undefined) continue;
      const others = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
        (char) => !alters.includes(char),
      );
      for (const char of others) expect(run(char, environment), name).toBe(char);
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...others), { maxLength: 20 }), (chars) => {
          const value = chars.join('');
          expect(run(value, environment), name).toBe(value);
        }),
      );
    }
  });
});
