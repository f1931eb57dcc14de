import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type MultipartOptions,
  type MultipartReading,
  parseMultipart,
} from '../../src/http/multipart.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const TYPE = 'multipart/form-data; boundary=BND';
const CD = 'Content-Disposition: form-data; name="a"';

const parse = (body: string, type = TYPE, options?: MultipartOptions): MultipartReading =>
  parseMultipart(body, [type], options);

/** One part with these header lines, then the data `1`. */
const part = (...lines: string[]): string =>
  `--BND\r\n${lines.join('\r\n')}\r\n\r\n1\r\n--BND--\r\n`;

const CLEAN = part(CD);

const flagsOf = (reading: MultipartReading): string[] => {
  const flags = Object.entries(reading.flags)
    .filter(([name, set]) => set && name !== 'crlfLine')
    .map(([name]) => name);
  if (reading.crlfLfLines) flags.push('crlfLfLines');
  if (reading.strictError) flags.push('strict');
  if (reading.error !== undefined) flags.push('error');
  return flags.sort();
};

const argsOf = ({ args }: MultipartReading): string[] =>
  args.map(({ key, value }) => `${key}>${value}`);

describe('parseMultipart on Content-Type', () => {
  const broken = ['error', 'strict'];
  const cases: [name: string, type: string, flags: string[]][] = [
    ['a plain boundary', TYPE, []],
    ['capitals in the type', 'Multipart/Form-Data; boundary=BND', []],
    ['parameters behind the boundary', `${TYPE}; charset=utf-8`, []],
    [
      'a blank before the equals sign',
      'multipart/form-data; boundary =BND',
      ['boundaryWhitespace', 'strict'],
    ],
    ['no semicolon', 'multipart/form-data boundary=BND', ['missingSemicolon', 'strict']],
    ['quotes', 'multipart/form-data; boundary="BND"', ['boundaryQuoted', 'strict']],
    [
      'a blank behind the equals sign',
      'multipart/form-data; boundary= BND',
      ['boundaryWhitespace', 'dataBefore', ...broken],
    ],
    ['a parameter before the boundary', 'multipart/form-data; charset=utf-8; boundary=BND', broken],
    ['two boundaries', `${TYPE}; boundary=X`, broken],
    ['no boundary', 'multipart/form-data', broken],
    ['an empty boundary', 'multipart/form-data; boundary=', broken],
    ['an empty quoted boundary', 'multipart/form-data; boundary=""', ['boundaryQuoted', ...broken]],
    ['a foreign character', 'multipart/form-data; boundary=B@D', broken],
    ['half a quote', 'multipart/form-data; boundary="BND', broken],
    ['the other half', 'multipart/form-data; boundary=BND"', broken],
    ['a capital parameter name', 'multipart/form-data; Boundary=BND', broken],
    ['a longer parameter name', 'multipart/form-data; boundaryx=BND', broken],
    ['two semicolons', 'multipart/form-data;; boundary=BND', broken],
    ['another type', 'multipart/mixed; boundary=BND', broken],
    ['more than 1024 bytes', `${TYPE}; x=${'y'.repeat(1024)}`, broken],
  ];
  it.each(cases)('judges %s', (_name, type, flags) => {
    const reading = parse(CLEAN, type);
    expect(flagsOf(reading)).toEqual([...flags].sort());
    expect(argsOf(reading)).toEqual(flags.includes('error') ? [] : ['a>1']);
  });

  it('makes a missing header and differing headers an error', () => {
    expect(parseMultipart(CLEAN, []).error).toBe('Multipart: Content-Type header missing.');
    expect(parseMultipart(CLEAN, [TYPE, 'multipart/form-data; boundary=X']).error).toBeDefined();
    expect(parseMultipart(CLEAN, [TYPE, TYPE]).error).toBeUndefined();
  });
});

describe('parseMultipart on lines', () => {
  const cases: [name: string, body: string, flags: string[], args: string[]][] = [
    ['a clean body', CLEAN, [], ['a>1']],
    ['an empty value', `--BND\r\n${CD}\r\n\r\n\r\n--BND--\r\n`, [], ['a>']],
    ['only the final boundary', '--BND--\r\n', [], []],
    ['nothing', '', [], []],
    ['no line end behind the final boundary', CLEAN.slice(0, -2), [], ['a>1']],
    ['a preamble', `x\r\n${CLEAN}`, ['dataBefore', 'strict'], ['a>1']],
    ['an epilogue', `${CLEAN}x`, ['dataAfter', 'strict'], ['a>1']],
    ['a blank line behind the end', `${CLEAN}\r\n`, ['dataAfter', 'strict'], ['a>1']],
    ['bare line feeds', CLEAN.replaceAll('\r', ''), ['lfLine', 'strict'], ['a>1']],
    [
      'one bare line feed in the headers',
      part(`${CD}\nX: y`),
      ['crlfLfLines', 'lfLine', 'strict'],
      ['a>1'],
    ],
    [
      'a bare line feed before a boundary',
      CLEAN.replace('1\r\n', '1\n'),
      ['crlfLfLines', 'lfLine', 'strict'],
      ['a>1'],
    ],
    ['bare line feeds inside data', `--BND\r\n${CD}\r\n\r\n1\n2\r\n--BND--\r\n`, [], ['a>1\n2']],
    [
      'a foreign boundary in data',
      `--BND\r\n${CD}\r\n\r\n--foo\r\n--BND--\r\n`,
      ['unmatchedBoundary'],
      ['a>--foo'],
    ],
    [
      'the boundary inside a line',
      `--BND\r\n${CD}\r\n\r\nx--BND\r\n--BND--\r\n`,
      ['unmatchedBoundary'],
      ['a>x--BND'],
    ],
    [
      'a nested multipart',
      `--BND\r\n${CD}\r\n\r\n--X\r\n${CD}\r\n\r\n2\r\n--X--\r\n--BND--\r\n`,
      ['unmatchedBoundary'],
      [`a>--X\r\n${CD}\r\n\r\n2\r\n--X--`],
    ],
    ['no boundary at all', 'hello\r\n', ['dataBefore', 'error', 'strict'], []],
    ['a missing final boundary', `--BND\r\n${CD}\r\n\r\n1\r\n`, ['error', 'strict'], []],
    ['text behind a boundary', CLEAN.replace('--BND\r\n', '--BNDX\r\n'), ['error', 'strict'], []],
    [
      'a blank behind a boundary',
      CLEAN.replace('--BND\r\n', '--BND \r\n'),
      ['error', 'strict'],
      [],
    ],
    [
      'a blank before the boundary text',
      CLEAN.replace('1\r\n--BND', '1\r\n-- BND'),
      ['error', 'strict'],
      [],
    ],
    [
      'a boundary instead of data',
      `--BND\r\n${CD}\r\n\r\n--BND--\r\n`,
      ['error', 'invalidPart', 'strict'],
      [],
    ],
    [
      'a boundary inside headers',
      `--BND\r\n${CD}\r\n--BND--\r\n`,
      ['error', 'invalidPart', 'strict'],
      [],
    ],
    [
      'data that is not decoded',
      `--BND\r\n${CD}\r\n\r\n%41+\x00\xff\r\n--BND--\r\n`,
      [],
      ['a>%41+\x00\xff'],
    ],
  ];
  it.each(cases)('judges %s', (_name, body, flags, args) => {
    const reading = parse(body);
    expect(flagsOf(reading)).toEqual(flags);
    expect(argsOf(reading)).toEqual(args);
  });

  it('flags its own boundary without the leading dashes even before the first one', () => {
    const reading = parse('--OTHER\r\n', 'multipart/form-data; boundary=-XBND');
    expect(reading.flags.unmatchedBoundary).toBe(false);
    expect(parse('x-XBND\r\n', 'multipart/form-data; boundary=-XBND').flags.unmatchedBoundary).toBe(
      true,
    );
    expect(
      parse('--XBND\r\n', 'multipart/form-data; boundary=--XBND').flags.unmatchedBoundary,
    ).toBe(true);
  });

  it('refuses the boundary with its quotes when the parameter was quoted', () => {
    const body = CLEAN.replace('1\r\n--BND--', '1\r\n--"BND"--');
    expect(parse(body, 'multipart/form-data; boundary="BND"').error).toContain('(quotes)');
  });

  it('keeps the parts before an error', () => {
    const reading = parse(`--BND\r\n${CD}\r\n\r\n1\r\n--BND\r\njunk\r\n\r\n2\r\n--BND--\r\n`);
    expect(argsOf(reading)).toEqual(['a>1']);
    expect(reading.error).toContain('colon missing');
  });
});

describe('parseMultipart on part headers', () => {
  const broken = ['error', 'strict'];
  const cases: [name: string, headers: string[], flags: string[], read: string[]][] = [
    ['another case', ['content-DISPOSITION: form-data; name="a"'], [], ['a>1']],
    ['an unquoted name', ['Content-Disposition: form-data; name=a'], [], ['a>1']],
    ['an empty name', ['Content-Disposition: form-data; name=""'], [], ['>1']],
    [
      'an apostrophe in a quoted name',
      ['Content-Disposition: form-data; name="a\'b"'],
      [],
      ["a'b>1"],
    ],
    ['an encoded name', ['Content-Disposition: form-data; name="a%41"'], [], ['a%41>1']],
    [
      'single quotes',
      ["Content-Disposition: form-data; name='a'"],
      ['invalidQuoting', 'strict'],
      ['a>1'],
    ],
    [
      'an apostrophe in an unquoted name',
      ["Content-Disposition: form-data; name=a'b"],
      ['invalidQuoting', 'strict'],
      ["a'b>1"],
    ],
    [
      'a folded header',
      ['Content-Disposition: form-data;', ' name="a"'],
      ['headerFolding', 'strict'],
      ['a>1'],
    ],
    [
      'a header folded with a tab',
      ['Content-Disposition: form-data;', '\tname="a"'],
      ['headerFolding', 'strict'],
      ['a>1'],
    ],
    [
      'a header folded with a vertical tab',
      ['Content-Disposition: form-data;', '\vname="a"'],
      ['headerFolding', 'invalidHeaderFolding', 'strict'],
      ['a>1'],
    ],
    ['a fold before any header', [' x', CD], ['headerFolding', ...broken], []],
    ['no Content-Disposition', ['Content-Type: text/plain'], broken, []],
    ['no name', ['Content-Disposition: form-data'], broken, []],
    ['attachment', ['Content-Disposition: attachment; name="a"'], broken, []],
    ['form-data in capitals', ['Content-Disposition: Form-Data; name="a"'], broken, []],
    ['two names', [`${CD}; name="b"`], broken, []],
    ['two file names', [`${CD}; filename="x"; filename="y"`], broken, []],
    ['an unknown parameter', [`${CD}; foo="b"`], broken, []],
    ['filename* alone', [`${CD}; filename*=UTF-8''y.txt`], broken, []],
    ['an unsound filename*', [`${CD}; filename="x"; filename*=y.txt`], broken, []],
    ['a broken escape in filename*', [`${CD}; filename="x"; filename*=UTF-8''%zz`], broken, []],
    ['an unterminated quote', [`${CD}; filename="x\\"`], broken, []],
    [
      'text behind a quote',
      ['Content-Disposition: form-data; name="a"b'],
      ['invalidQuoting', ...broken],
      [],
    ],
    [
      'blanks instead of a semicolon',
      ['Content-Disposition: form-data; name=a filename=b'],
      broken,
      [],
    ],
    ['a line without colon', [CD, 'garbage'], broken, []],
    ['an empty header name', [CD, ': x'], broken, []],
    ['Content-Disposition twice', [CD, CD], broken, []],
    ['another header twice', [CD, 'X-A: 1', 'x-a: 2'], broken, []],
    ['a nul byte', [CD, 'X: \x00'], broken, []],
    ['a line of 4096 bytes', [CD, `X: ${'y'.repeat(4093)}`], broken, []],
    [
      'folds up to 4096 bytes',
      [CD, `X: ${'y'.repeat(4000)}`, ` ${'y'.repeat(200)}`],
      ['headerFolding', ...broken],
      [],
    ],
    // Measured on libmodsecurity 3.0.16: an error, but neither the part nor the strict flag is touched.
    ['a control byte in a header name', [CD, 'X\x01Y: 1'], ['error'], ['a>1']],
    ['a high byte in a header name', [CD, 'X\xe9: 1'], ['error'], ['a>1']],
    ['a blank in a header name', [CD, 'X Y: 1'], ['error'], ['a>1']],
  ];
  it.each(cases)('judges %s', (_name, headers, flags, read) => {
    const reading = parse(part(...headers));
    expect(flagsOf(reading)).toEqual([...flags].sort());
    expect(argsOf(reading)).toEqual(read);
  });

  it('names the invalid character as the rule set expects', () => {
    expect(parse(part(CD, 'X Y: 1')).error).toBe(
      'Multipart: Invalid part header (contains invalid character).',
    );
  });

  it('lists header lines as in the body under the name of their part', () => {
    const { partHeaders } = parse(
      part(CD, 'content-Transfer-Encoding:  quoted-printable', 'X: 1', '  2'),
    );
    expect(partHeaders).toEqual([
      { key: 'a', value: CD },
      { key: 'a', value: 'content-Transfer-Encoding:  quoted-printable' },
      { key: 'a', value: 'X: 1 2' },
    ]);
  });
});

describe('parseMultipart on files', () => {
  it.each([
    ['plain', 'filename="x.txt"', ['x.txt']],
    ['empty', 'filename=""', ['']],
    ['with a semicolon', 'filename="x;y.php"', ['x;y.php']],
    ['unquoted', 'filename=x.php', ['x.php']],
    ['with an escaped quote', 'filename="x\\"y.php"', ['x"y.php']],
    ['with other backslashes', 'filename="C:\\dir\\x"', ['C:\\dir\\x']],
    ['with a path', 'filename="./\\/./x.ini"', ['./\\/./x.ini']],
    [
      'twice, plain and extended',
      'filename="x.txt"; filename*=UTF-8\'\'x%2ephp',
      ['x.txt', 'x.php'],
    ],
    ['extended first', 'filename*=utf-8\'en\'%c3%a9; filename="e"', ['e', '\xc3\xa9']],
  ])('gives the whole client file name: %s', (_name, parameter, names) => {
    const reading = parse(part(`${CD}; ${parameter}`));
    expect(reading.error).toBeUndefined();
    expect(reading.args).toEqual([]);
    expect(reading.fileNames).toEqual(names.map((value) => ({ key: 'a', value })));
    expect(reading.multipartFilename).toBe(names[0]);
  });

  it('gives field, size, content and type', () => {
    const reading = parse(part(`${CD}; filename="x"`, 'Content-Type: text/plain; charset=x'));
    expect(reading.files).toEqual([
      {
        field: 'a',
        filename: 'x',
        extendedFilename: undefined,
        size: 1,
        content: '1',
        contentType: 'text/plain; charset=x',
      },
    ]);
  });

  it('gives the last name and the last file name seen', () => {
    const two = `--BND\r\n${CD}; filename="x"\r\n\r\n1\r\n--BND\r\nContent-Disposition: form-data; name="b"\r\n\r\n2\r\n--BND--\r\n`;
    expect(parse(two)).toMatchObject({ multipartName: 'b', multipartFilename: 'x' });
    expect(parse('--BND--\r\n').multipartName).toBeUndefined();
  });

  it('flags more files than the limit and still lists them', () => {
    const file = `--BND\r\n${CD}; filename="x"\r\n\r\n1\r\n`;
    const reading = parse(`${file}${file}--BND--\r\n`, TYPE, { fileLimit: 1 });
    expect(reading.files).toHaveLength(2);
    expect(flagsOf(reading)).toEqual(['fileLimitExceeded', 'strict']);
  });

  it('counts headers and values, but not files, against the limit without files', () => {
    const headers = `${CD}\r\n\r\n`.length;
    expect(parse(CLEAN).noFilesBytes).toBe(headers + 1);
    const fileHeaders = `${CD}; filename="x"\r\n\r\n`.length;
    expect(parse(part(`${CD}; filename="x"`)).noFilesBytes).toBe(fileHeaders);
  });
});

describe('parseMultipart under load', () => {
  it('reads 100,000 parts in linear time, and cuts arguments at the limit', () => {
    const body = `${`--BND\r\n${CD}\r\n\r\n1\r\n`.repeat(100_000)}--BND--\r\n`;
    expect(parse(body).args).toHaveLength(100_000);
    const cut = parse(body, TYPE, { maxArguments: 10 });
    expect(cut.args).toHaveLength(10);
    expect(cut).toMatchObject({ truncated: true, error: undefined });
    expect(parse(body, TYPE, { maxParts: 10 }).error).toBe('Multipart: Too many parts.');
  });

  it('searches a boundary made to be slow in linear time', () => {
    const boundary = `b${'a'.repeat(900)}`;
    const body = `--${boundary}\r\n${CD}\r\n\r\n${'a'.repeat(5_000_000)}\r\n--${boundary}--\r\n`;
    const started = performance.now();
    expect(parse(body, `multipart/form-data; boundary=${boundary}`).args).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('reads a million short lines and a body cut anywhere', () => {
    expect(
      parse(`--BND\r\n${CD}\r\n\r\n${'\n'.repeat(1_000_000)}\r\n--BND--\r\n`).args,
    ).toHaveLength(1);
    for (let end = 1; end < CLEAN.length - 2; end++) {
      expect(parse(CLEAN.slice(0, end)).error).toBeDefined();
    }
  });

  it('never throws, and never gives more bytes than the body has', () => {
    const unit = fc.constantFrom(
      '--BND',
      '--',
      '\r\n',
      '\n',
      ' ',
      '"',
      ';',
      "'",
      '=',
      '\\',
      '\x00',
      '\xff',
      CD,
      'x: y',
      '; filename=',
      '; filename*=',
      "a''%41",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (middle) => {
        const body = `--BND\r\n${CD}${middle}\r\n--BND--\r\n`;
        const { args, files, strictError, error } = parse(body);
        let bytes = 0;
        for (const { value } of args) bytes += value.length;
        for (const { content } of files) bytes += content.length;
        expect(bytes).toBeLessThanOrEqual(body.length);
        if (strictError === false && error === undefined) {
          expect(args.length + files.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: runs * 5 },
    );
  });

  it('gives back what a form writer wrote', () => {
    const value = fc.string({ unit: fc.constantFrom(...'ab\r\n-\x00\xff') });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const body = `${values.map((text) => `--BND\r\n${CD}\r\n\r\n${text}\r\n`).join('')}--BND--\r\n`;
        expect(argsOf(parse(body))).toEqual(values.map((text) => `a>${text}`));
      }),
      { numRuns: runs },
    );
  });
});
