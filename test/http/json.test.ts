import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { type JsonOptions, parseJson } from '../../src/http/json.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const show = (body: string, options?: JsonOptions): string[] =>
  parseJson(body, options).args.map(({ key, value }) => `${key}>${value}`);

describe('parseJson', () => {
  it.each([
    ['an object', '{"a":"x","b":"y"}', ['json.a>x', 'json.b>y']],
    ['nested objects', '{"a":{"b":"x"}}', ['json.a.b>x']],
    ['an array', '{"a":["x","y"]}', ['json.a.array_0>x', 'json.a.array_1>y']],
    ['objects in an array', '[{"b":"x"},{"b":"y"}]', ['json.array_0.b>x', 'json.array_1.b>y']],
    ['a root scalar', '5', ['json>5']],
    [
      'scalars as written',
      '{"n":1.50,"e":-1E+5,"t":true,"f":false,"z":null}',
      ['json.n>1.50', 'json.e>-1E+5', 'json.t>true', 'json.f>false', 'json.z>'],
    ],
    ['an empty key', '{"":"x"}', ['json.empty-key>x']],
    ['duplicate keys', '{"a":"1","a":"2"}', ['json.a>1', 'json.a>2']],
    ['escapes', '{"a":"\\u0041\\n\\u00e9\\/\\"\\\\"}', ['json.a>A\n\xc3\xa9/"\\']],
    ['a surrogate pair', '{"a":"\\ud83d\\uDE00"}', ['json.a>\xf0\x9f\x98\x80']],
    ['an escaped nul byte', '{"a":"x\\u0000y"}', ['json.a>x\x00y']],
    ['escapes in a key', '{"\\u0061":"x"}', ['json.a>x']],
    ['empty containers', '{"a":{},"b":[]}', []],
    ['UTF-8', '{"a":"\xc3\xa9"}', ['json.a>\xc3\xa9']],
    [
      'white space everywhere',
      ' \t\r\n{ "a" : [ 1 , 2 ] } \n',
      ['json.a.array_0>1', 'json.a.array_1>2'],
    ],
    ['nothing', '', []],
  ])('reads %s', (_name, body, pairs) => {
    expect(show(body)).toEqual(pairs);
    expect(parseJson(body).error).toBeUndefined();
  });

  it.each([
    ['a trailing comma', '{"a":"x",}', ['json.a>x']],
    ['a trailing comma in an array', '[1,]', ['json.array_0>1']],
    ['text behind the document', '{"a":"x"} zzz', ['json.a>x']],
    ['a second document', '{"a":"x"}{}', ['json.a>x']],
    ['a comment', '{/*c*/"a":"x"}', []],
    ['single quotes', "{'a':1}", []],
    ['an unquoted key', '{a:1}', []],
    ['blanks only', '  \n', []],
    ['ill-formed UTF-8', '{"b":1,"a":"\xff"}', ['json.b>1']],
    ['an overlong form', '{"a":"\xc0\xaf"}', []],
    ['an encoded surrogate', '{"a":"\xed\xa0\x80"}', []],
    ['UTF-8 cut by the quote', '{"a":"\xc3"}', []],
    ['a byte order mark', '\xef\xbb\xbf{"a":1}', []],
    ['a control character', '{"a":"\x01"}', []],
    ['an unknown escape', '{"a":"\\x41"}', []],
    ['a cut escape', '{"a":"\\u00', []],
    ['a leading zero', '[01]', ['json.array_0>0']],
    ['a bare minus', '-', []],
    ['a plus sign', '+1', []],
    ['a cut fraction', '[1.]', ['json.array_0>1']],
    ['NaN', 'NaN', []],
    ['a capital literal', 'True', []],
    ['mismatched brackets', '[1}', ['json.array_0>1']],
    ['a missing colon', '{"a" 1}', []],
    ['a cut document', '{"a":"x","b":[1', ['json.a>x', 'json.b.array_0>1']],
    ['vertical tab as white space', '\v1', []],
  ])('refuses %s and keeps what came before', (_name, body, pairs) => {
    expect(show(body)).toEqual(pairs);
    expect(parseJson(body).error).toBeDefined();
  });

  it('gives U+FFFD for half a surrogate pair and goes on', () => {
    expect(show('["\\ud800x","\\udc00","\\ud800\\u0041"]')).toEqual([
      'json.array_0>\xef\xbf\xbdx',
      'json.array_1>\xef\xbf\xbd',
      'json.array_2>\xef\xbf\xbdA',
    ]);
  });

  it('counts the root as level 1', () => {
    expect(show('{"a":{"b":"x"}}', { maxDepth: 2 })).toEqual(['json.a.b>x']);
    const deep = parseJson('{"a":[["x"]]}', { maxDepth: 2 });
    expect(deep).toMatchObject({ args: [], depthExceeded: true });
    expect(deep.error).toMatch(/Parsing depth limit exceeded$/);
  });

  it('makes one argument too many an error', () => {
    const reading = parseJson('{"a":"1","b":"2","c":"3"}', { maxArguments: 2 });
    expect(reading.args).toHaveLength(2);
    expect(reading).toMatchObject({ truncated: true, error: expect.any(String) });
    expect(parseJson('[1,2]', { maxArguments: 2 }).error).toBeUndefined();
  });

  it('names array elements as other engines do on demand', () => {
    expect(show('{"a":["x",["y"]]}', { arrayNames: 'N' })).toEqual(['json.a.0>x', 'json.a.1.0>y']);
    const v2: JsonOptions = { arrayNames: 'repeat', root: '' };
    expect(show('{"a":["x",{"b":"y"}]}', v2)).toEqual(['a.a>x', 'a.a.b>y']);
    expect(show('5', v2)).toEqual(['>5']);
  });

  it('reads 10,000 levels and refuses one more', () => {
    const levels = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(levels(10_000)).error).toBeUndefined();
    expect(parseJson(levels(10_001)).depthExceeded).toBe(true);
    expect(parseJson('{"a":'.repeat(3_000_000), { maxDepth: 1e9 }).depthExceeded).toBe(true);
  });

  it('makes names that are too long together an error, those of arrays included', () => {
    const maxNameBytes = 'json.ab'.length + 'json.ab.array_0'.length + 'json.c'.length;
    const body = '{"ab":["a long value"],"c":1}';
    expect(parseJson(body, { maxNameBytes })).toMatchObject({ truncated: false, error: undefined });
    const reading = parseJson(body, { maxNameBytes: maxNameBytes - 1 });
    expect(reading).toMatchObject({ truncated: true, error: expect.any(String) });
    expect(reading.args).toHaveLength(1);
  });

  it('bounds the bytes of names under deep nesting', () => {
    const body = `${'{"kkkkkkkkkkkkkkkkkkkk":'.repeat(9_000)}[${'1,'.repeat(1_000_000)}1]`;
    const reading = parseJson(body);
    expect(reading).toMatchObject({ truncated: true, error: expect.any(String) });
    const bytes = reading.args.reduce((sum, { key }) => sum + key.length, 0);
    expect(bytes).toBeLessThanOrEqual(1024 * 1024);
  });

  it('reads every value that JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })),
        (object) => {
          const { args, error } = parseJson(utf8ByteString(JSON.stringify(object)));
          expect(error).toBeUndefined();
          expect(args).toEqual(
            Object.entries(object).map(([key, value]) => ({
              key: `json.${utf8ByteString(key)}`,
              value: utf8ByteString(value),
            })),
          );
        },
      ),
      { numRuns: runs },
    );
  });

  it('accepts what JSON.parse accepts and refuses what it refuses, over ASCII', () => {
    const unit = fc.constantFrom(...'{}[]:,"\\u0019e+-.atrufln \n', 'true', 'null', '"a"', '1');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 20 }), (text) => {
        let accepted = true;
        try {
          JSON.parse(text);
        } catch {
          accepted = false;
        }
        expect(parseJson(text).error === undefined).toBe(accepted);
      }),
      { numRuns: runs * 20 },
    );
  });

  it('never throws, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        parseJson(String.fromCharCode(...bytes));
      }),
      { numRuns: runs },
    );
  });
});

describe('parseJson as gjson', () => {
  const read = (body: string, maxDepth = 10): string[] => {
    const { args, error } = parseJson(body, {
      reader: 'gjson',
      arrayNames: 'N',
      emptyKeys: 'kept',
      maxDepth,
    });
    const shown = args.map(({ key, value }) => `${key}>${value}`);
    return error === undefined ? shown : [...shown, 'error'];
  };

  it.each([
    [
      'the number of elements of an array',
      '{"a":["x","y"]}',
      ['json.a.0>x', 'json.a.1>y', 'json.a>2'],
    ],
    ['no number of an empty one', '{"a":[]}', []],
    ['a single value as an array of one', ' 5', ['json>1', 'json.0>5']],
    ['an empty name as it is', '{"":"x"}', ['json.>x']],
    ['ill-formed UTF-8', '{"a":"\xff"}', ['json.a>\xff']],
    ['what follows a comment', '{/*c*/"a":"x"}', ['json.a>x', 'error']],
    ['blanks alone as an error', ' ', ['error']],
  ])('gives %s', (_name, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it('counts the elements begun where nesting is too deep', () => {
    expect(read('{"a":[["x"]]}', 2)).toEqual(['json.a.0>1', 'error']);
  });
});

describe("parseJson with ModSecurity 2's names", () => {
  it('names a root array', () => {
    const { args } = parseJson('["x",{"":"y"}]', {
      root: '',
      arrayNames: 'repeat',
      emptyKeys: 'kept',
    });
    expect(args.map(({ key, value }) => `${key}>${value}`)).toEqual([
      'array.array>x',
      'array.array.>y',
    ]);
  });
});
