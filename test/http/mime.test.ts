import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyProcessorOf, charsetOf, mediaEssence, mediaParameters } from '../../src/http/mime.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

describe('bodyProcessorOf', () => {
  it.each([
    ['application/x-www-form-urlencoded', 'URLENCODED'],
    ['Application/X-WWW-Form-Urlencoded;charset=utf-8', 'URLENCODED'],
    ['application/x-www-form-urlencodedx', 'URLENCODED'],
    [' application/x-www-form-urlencoded', 'URLENCODED'],
    ['multipart/form-data boundary=X', 'MULTIPART'],
    ['Multipart/Form-Data; boundary=X', 'MULTIPART'],
    ['application/json', undefined],
    ['text/xml', undefined],
    ['', undefined],
  ])('selects by prefix: %s', (type, processor) => {
    expect(bodyProcessorOf(type)).toBe(processor);
  });
});

describe('media types', () => {
  it('gives the essence without parameters', () => {
    expect(mediaEssence(' Text/HTML ; charset=UTF-8')).toBe('text/html');
    expect(mediaEssence('')).toBe('');
  });

  it('reads parameters, quoted or not, duplicates kept', () => {
    expect(mediaParameters('a/b; Charset="u\\"t;f" ;x = y z; x=; =q; flag')).toEqual([
      { key: 'charset', value: 'u"t;f' },
      { key: 'x', value: 'y z' },
      { key: 'x', value: '' },
    ]);
  });

  it('gives the first charset in lower case', () => {
    expect(charsetOf('text/xml; charset=UTF-16; charset=x')).toBe('utf-16');
    expect(charsetOf('text/xml')).toBeUndefined();
  });

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a/;= "\\\t\xff') }), (type) => {
        expect(Array.isArray(mediaParameters(type))).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});
