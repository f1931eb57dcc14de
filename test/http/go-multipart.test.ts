import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGoMultipart } from '../../src/http/go-multipart.ts';

const TYPE = 'multipart/form-data; boundary=BND';
const A = 'Content-Disposition: form-data; name="a"';

/** `name>value` of arguments, `name=filename:content` of files, and `error`. */
function read(body: string, type = TYPE): readonly string[] {
  const { args, files, error, strictError } = readGoMultipart(body, type, 1000);
  expect(strictError).toBe(error !== undefined);
  return [
    ...args.map(({ key, value }) => `${key}>${value}`),
    ...files.map(({ field, filename, content }) => `${field}=${filename}:${content}`),
    ...(error === undefined ? [] : ['error']),
  ];
}

const part = (...lines: readonly string[]): string =>
  `--BND\r\n${lines.join('\r\n')}\r\n\r\n1\r\n--BND--\r\n`;

describe('readGoMultipart', () => {
  it.each([
    ['text around the boundaries', `before\r\n${part(A)}after\r\n`, ['a>1']],
    ['a body without its end', `--BND\r\n${A}\r\n\r\n1`, ['a>1']],
    ['LF for all line ends', part(A).replaceAll('\r', ''), ['a>1']],
    ['a folded header', part('Content-Disposition: form-data;\r\n name="a"'), ['a>1']],
    ['a name without quotes', part('Content-Disposition: form-data; name=a'), ['a>1']],
    ['a part of another disposition', part('Content-Disposition: attachment; name="a"'), ['>1']],
    ['a part without disposition', part('X: y'), ['>1']],
    ['the first of two headers', part(A, A.replace('"a"', '"b"')), ['a>1']],
    ['a blank in the name of a header', part(A, 'X Y: 1'), ['a>1']],
    ['quoted-printable', part(A, 'Content-Transfer-Encoding: quoted-printable'), ['a>1']],
    ['no part at all', '--BND--\r\n', []],
    ['no data in a part', `--BND\r\n${A}\r\n\r\n--BND--\r\n`, ['a>']],
    ['a file by its base name', part(`${A}; filename="/x/y.txt"`), ['a=y.txt:1']],
    ['a file with an escaped quote', part(`${A}; filename="x\\"y"`), ['a=x"y:1']],
    ['filename* before filename', part(`${A}; filename=x; filename*=UTF-8''y%20z`), ['a=y z:1']],
    ['an empty file name as an argument', part(`${A}; filename=""`), ['a>1']],
    ['no name where a parameter is given twice', part(`${A}; name="b"`), ['>1']],
  ])('reads %s', (_name, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it('decodes quoted-printable', () => {
    const header = 'Content-Transfer-Encoding: quoted-printable';
    const body = `--BND\r\n${A}\r\n${header}\r\n\r\na=3Cb=\r\nc=zz \r\n--BND--`;
    expect(read(body)).toEqual(['a>a<bc=zz']);
  });

  it.each([
    ['no boundary in the body', 'hello\r\n'],
    ['a header line without a colon', part(A, 'garbage')],
    ['a control char in the name of a header', part(A, 'X\x01Y: 1')],
    ['a byte above 7F in the name of a header', part(A, 'X\xe9: 1')],
    ['a header that begins with a blank', part(` ${A}`)],
    ['text between two boundaries', `--BND\r\n${A}\r\n\r\n1\r\n--BND x\r\n`],
  ])('stops at %s', (_name, body) => {
    expect(read(body).at(-1)).toBe('error');
  });

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data boundary=BND',
    'multipart/form-data; boundary=B@D',
    'multipart/form-data; boundary=BND; boundary=X',
    'text/plain; boundary=BND',
  ])('does not read %s', (type) => {
    expect(read(part(A), type)).toEqual(['error']);
  });

  it('knows the boundary among other parameters, in quotes and with blanks', () => {
    for (const written of ['charset=x; boundary=BND', 'boundary="BND"', 'boundary = BND;']) {
      expect(read(part(A), `Multipart/Form-Data; ${written}`)).toEqual(['a>1']);
    }
  });

  it('does not take a longer line for the boundary', () => {
    const body = `--BND\r\n${A}\r\n\r\n1\r\n--BNDX\r\n2\r\n--BND--\r\n`;
    expect(read(body)).toEqual(['a>1\r\n--BNDX\r\n2']);
  });

  it('counts the bytes of values and files together', () => {
    const body = `--BND\r\n${A}\r\n\r\n12\r\n--BND\r\n${A}; filename=f\r\n\r\n345\r\n--BND--`;
    expect(readGoMultipart(body, TYPE, 10).combinedSize).toBe(5);
  });

  it('ends with an error when there are more arguments than allowed', () => {
    const body = `--BND\r\n${A}\r\n\r\n1\r\n${part(A)}`;
    const { args, truncated, error } = readGoMultipart(body, TYPE, 1);
    expect([args.length, truncated, error === undefined]).toEqual([1, true, false]);
  });

  it.each([
    ['blanks in a header', `--BND\r\n${' '.repeat(200_000)}x: y\r\n\r\n1`],
    ['blanks behind a header', `--BND\r\n${A}\r\nX:${' '.repeat(200_000)}x\r\n\r\n1`],
    ['boundaries that are none', `--BND\r\n${A}\r\n\r\n${'\r\n--BNDX'.repeat(20_000)}`],
    [
      'blanks in quoted-printable',
      part(A, 'Content-Transfer-Encoding: quoted-printable').replace(
        '1',
        `${' '.repeat(200_000)}x`,
      ),
    ],
    ['slashes in a file name', part(`${A}; filename="${'/'.repeat(200_000)}x"`)],
  ])('reads many %s', (_name, body) => {
    expect(read(body).length).toBeLessThanOrEqual(2);
  });

  it('never throws', () => {
    const piece = fc.constantFrom('--BND', '--', '\r\n', '\n', A, ': ', ';', '=', 'x', '"', '\0');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        readGoMultipart(pieces.join(''), TYPE, 5);
      }),
    );
  });
});
