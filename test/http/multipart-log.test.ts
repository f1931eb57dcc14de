import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMultipart } from '../../src/http/multipart.ts';
import { readDisposition } from '../../src/http/multipart-disposition.ts';
import { multipartLog } from '../../src/http/multipart-log.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const TYPE = 'multipart/form-data; boundary=b';

const body = (...lines: readonly string[]): string => [...lines, ''].join('\r\n');
const texts = (content: string, type = TYPE): readonly string[] =>
  multipartLog(content, [type], {}).map(([level, text]) => `${level} ${text}`);

describe('multipartLog', () => {
  it('tells a body part by part in the words of libmodsecurity', () => {
    const content = body(
      '--b',
      'Content-Disposition: form-data; name="a"',
      '',
      '1',
      '2',
      '--b',
      'Content-Disposition: form-data;',
      ' name="f"; filename="x.txt"',
      'Content-Type: text/plain',
      '',
      'data',
      '--b--',
    );
    expect(texts(content)).toEqual([
      '9 Multipart: Boundary: b',
      '9 Multipart: Added part header "Content-Disposition" "form-data; name="a"".',
      '9 Multipart: Content-Disposition name: a.',
      '9 Multipart: Added data to variable: 1',
      '9 Multipart: Added data to variable: 2',
      '9 Multipart: Added part to the list: name "a" (offset 49, length 4)',
      '9 Multipart: Added part header "Content-Disposition" "form-data;".',
      '9 Multipart: Continued folder header "Content-Disposition" with "name="f"; filename="x.txt""',
      '9 Multipart: Added part header "Content-Type" "text/plain".',
      '9 Multipart: Content-Disposition name: f.',
      '9 Multipart: Content-Disposition filename: x.txt.',
      '9 Multipart: Added file part to the list: name "f" file name "x.txt" (offset 150, length 4)',
      '4 Multipart: Warning: header folding used.',
    ]);
    expect(content.slice(49, 53)).toBe('1\r\n2');
    expect(content.slice(150, 154)).toBe('data');
  });

  it.each([
    [
      'a boundary that is none',
      'multipart/form-data; boundary="b "',
      [
        '4 Multipart: Invalid boundary in C-T (characters).',
        '4 Multipart: Warning: boundary was quoted.',
      ],
    ],
    [
      'parameters behind the boundary',
      `${TYPE}; charset=utf-8`,
      [
        '4 Multipart: Invalid parameter after boundary in C-T (tolerated).',
        '9 Multipart: Boundary: b',
      ],
    ],
    [
      'a body without its end',
      TYPE,
      ['9 Multipart: Boundary: b', '1 Multipart: Final boundary missing.'],
    ],
  ])('tells %s', (_, type, lines) => {
    const told = texts(body('--b', 'Content-Disposition: form-data; name="a"', '', '1'), type);
    expect(told).toEqual(expect.arrayContaining(lines));
  });

  it('warns in the end, and of a missing end last', () => {
    const told = texts('before\r\n--b\nContent-Disposition: form-data; name="a"\r\n\r\n1');
    expect(told[1]).toBe('4 Multipart: Ignoring data before first boundary.');
    expect(told.slice(-3)).toEqual([
      '4 Multipart: Warning: seen data before first boundary.',
      '4 Multipart: Warning: mixed line endings used (CRLF/LF).',
      '1 Multipart: Final boundary missing.',
    ]);
  });

  it.each([
    ['name="a"; name="b"', 'Warning: Duplicate Content-Disposition name: b. Previously: a'],
    ['name="a"; filename="x"; filename="y"', 'Warning: Duplicate Content-Disposition filename: y.'],
    ['name="a"; filename*=utf-8\'\'x', 'Warning: no filename= but filename*.'],
  ])('warns of %s', (parameters, warning) => {
    const told = texts(body('--b', `Content-Disposition: form-data; ${parameters}`, '', '1'));
    expect(told).toContain(`4 Multipart: ${warning}`);
  });

  it('has an end, and warns all the same', () => {
    const told = texts(
      body(
        '--b',
        'Content-Disposition: form-data; name="a"',
        '',
        '\n'.repeat(100_000),
        '--b--',
        'x',
      ),
    );
    expect(told.length).toBeLessThan(20_000);
    expect(told).toContain('4 Multipart: Warning: seen data after last boundary.');
  });

  it('reads a body as it is read without a log', () => {
    const piece = fc.constantFrom(
      '--b',
      '--b--',
      '\r\n',
      '\n',
      'Content-Disposition: form-data',
      '; name="a"',
      '; filename=x',
      "; filename*=utf-8''%41",
      'X: y',
      ' ',
      'data',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const content = pieces.join('');
        const watch = { say: () => {}, part: () => {} };
        expect(parseMultipart(content, [TYPE], { watch })).toEqual(parseMultipart(content, [TYPE]));
      }),
      { numRuns: RUNS * 5 },
    );
  });
});

describe('readDisposition', () => {
  it.each([
    ["''x", -16],
    ['"utf-8"', -16],
    ["utf-8'x", -17],
    ["utf-8'e n'x", -17],
    ["utf-8''%4G", -18],
    ["utf-8''a'b", -18],
    ["utf-8'en'%41b.txt", 0],
  ])('tells at which step filename*=%s is wrong', (value, code) => {
    const reading = readDisposition(`form-data; name="a"; filename="f"; filename*=${value}`);
    expect(reading.code).toBe(code);
  });
});
