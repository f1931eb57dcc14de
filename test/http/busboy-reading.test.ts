import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparedWithBusboy,
  compareReadings,
  readWithBusboy,
} from '../../src/http/busboy-reading.ts';
import { parseMultipart } from '../../src/http/multipart.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);
const TYPE = 'multipart/form-data; boundary=BND';
const CD = 'Content-Disposition: form-data; name="a"';
const part = (headers: string, value: string): string => `--BND\r\n${headers}\r\n\r\n${value}\r\n`;
const form = (...parts: string[]): string => `${parts.join('')}--BND--\r\n`;

const disagreement = (body: string, type = TYPE): string | undefined =>
  comparedWithBusboy(body, type, parseMultipart(body, [type]));

describe('readWithBusboy', () => {
  it('gives fields and files within the same turn', () => {
    const body = form(
      part(CD, '1\xff'),
      part(`${CD}; filename="C:\\x/y.txt"\r\nContent-Type: text/plain`, 'hello'),
      part(`${CD}\r\nContent-Type: application/octet-stream`, 'data'),
    );
    expect(readWithBusboy(body, TYPE)).toEqual({
      fields: [
        { key: 'a', value: '1\xff' },
        { key: 'a', value: 'data' },
      ],
      files: [{ field: 'a', filename: 'C:\\x/y.txt', size: 5 }],
      refusal: undefined,
    });
  });

  it.each([
    ['another media type', form(part(CD, '1')), 'text/plain'],
    ['no boundary', form(part(CD, '1')), 'multipart/form-data'],
    ['an empty Content-Type', form(part(CD, '1')), ''],
    ['a missing end', part(CD, '1'), TYPE],
    ['a file without end', `--BND\r\n${CD}; filename="x"\r\n\r\n1`, TYPE],
    ['a malformed header', form(part(`${CD}\r\njunk`, '1')), TYPE],
    ['an empty body', '', TYPE],
  ])('refuses %s', (_name, body, type) => {
    expect(readWithBusboy(body, type).refusal).toBeDefined();
  });

  it('stops at too many files and reads 100,000 fields', () => {
    const file = part(`${CD}; filename="x"`, '1');
    expect(readWithBusboy(form(file.repeat(3000)), TYPE).refusal).toBeDefined();
    expect(readWithBusboy(form(part(CD, '1').repeat(100_000)), TYPE).fields).toHaveLength(100_000);
  });

  it('takes files larger than any stream buffer', () => {
    const body = form(part(`${CD}; filename="x"`, 'x'.repeat(3_000_000)));
    expect(readWithBusboy(body, TYPE).files[0]?.size).toBe(3_000_000);
  });
});

describe('compareReadings', () => {
  it.each([
    ['plain fields', form(part(CD, '1'), part(CD, '2\r\n3'), part(CD, ''))],
    ['bytes that are no text', form(part(CD, '\x00\xff\x80'))],
    ['a file', form(part(`${CD}; filename="x.txt"`, 'abc'))],
    [
      'an unused file input',
      form(
        part(CD, '1'),
        part(`${CD}; filename=""\r\nContent-Type: application/octet-stream`, ''),
        part(CD, '2'),
      ),
    ],
    ['a part in UTF-8', form(part(`${CD}\r\nContent-Type: text/plain; charset=utf-8`, '\xc3\xa9'))],
    ['a file name in UTF-8', form(part(`${CD}; filename="\xc3\xa9.txt"`, 'x'))],
    ['an escaped quote in a file name', form(part(`${CD}; filename="x\\"y"`, 'x'))],
    ['an empty name', form(part('Content-Disposition: form-data; name=""', '1'))],
  ])('finds %s the same', (_name, body) => {
    expect(disagreement(body)).toBeUndefined();
  });

  it.each([
    ['bare line feeds', form(part(CD, '1')).replaceAll('\r', '')],
    [
      'another file name in filename*',
      form(part(`${CD}; filename="x.txt"; filename*=UTF-8''x.php`, '1')),
    ],
    [
      'a charset that changes the text',
      form(part(`${CD}\r\nContent-Type: text/plain; charset=utf-16le`, '<\x00s\x00')),
    ],
    ['a boundary that we refuse', form(part(CD, '1')).replaceAll('BND', 'B#D')],
    ['single quotes', form(part("Content-Disposition: form-data; name='a'", '1'))],
    ['a missing end', part(CD, '1')],
    ['an unknown parameter', form(part(`${CD}; x="y"`, '1'))],
    [
      'a boundary where data begins',
      `--BND\r\n${CD}\r\n\r\n--BND\r\n${CD}\r\n\r\n1\r\n--BND--\r\n`,
    ],
  ])('finds a disagreement over %s', (_name, body) => {
    const type = body.includes('B#D') ? TYPE.replace('BND', 'B#D') : TYPE;
    expect(disagreement(body, type)).toBeDefined();
  });

  it('names names, values, file names, sizes and counts', () => {
    const own = {
      args: [{ key: 'a', value: '1' }],
      files: [{ field: 'f', filename: 'x', size: 1 }],
    };
    const peer = { fields: own.args, files: own.files, refusal: undefined };
    expect(compareReadings(own, peer)).toBeUndefined();
    const others = [
      { ...peer, fields: [{ key: 'b', value: '1' }] },
      { ...peer, fields: [{ key: 'a', value: '2' }] },
      { ...peer, fields: [] },
      { ...peer, files: [] },
      { ...peer, files: [{ field: 'g', filename: 'x', size: 1 }] },
      { ...peer, files: [{ field: 'f', filename: 'y', size: 1 }] },
      { ...peer, files: [{ field: 'f', filename: 'x', size: 2 }] },
      { ...peer, refusal: 'x' },
    ];
    const found = others.map((other) => compareReadings(own, other));
    expect(new Set(found).size).toBe(others.length);
    expect(found).not.toContain(undefined);
  });

  it('takes unused file inputs and empty fields of one name in any order', () => {
    const file = part(`${CD}; filename=""`, '');
    const longer = part(`${CD}; filename=""`, 'a');
    const field = part(CD, '');
    expect(disagreement(form(file, longer, field))).toBeUndefined();
    expect(disagreement(form(field, longer, file, field))).toBeUndefined();
    expect(disagreement(form(longer, file, field, part(CD, 'a')))).toBeUndefined();
    const many = `${file}${field}`.repeat(300);
    expect(disagreement(form(many, longer, field))).toBeUndefined();
  });

  it('agrees on whatever a well-behaved client writes', () => {
    const value = fc.string({ unit: fc.constantFrom(...'ab\r\n-\x00\xff') });
    const filename = fc.string({ unit: fc.constantFrom(...'ab. \xe9') });
    const item = fc.record({ value, filename: fc.option(filename) });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const parts = items.map(({ value, filename }) =>
          part(filename === null ? CD : `${CD}; filename="${filename}"`, value),
        );
        if (parts.length > 0) expect(disagreement(form(...parts))).toBeUndefined();
      }),
      { numRuns: runs },
    );
  });

  it('never throws, for any bytes, and leaves no error behind', async () => {
    const unit = fc.constantFrom(
      '--BND',
      '--',
      '\r\n',
      '\n',
      CD,
      '; filename="x"',
      ': ',
      'x',
      '\x00',
      '\xff',
      "; filename*=UTF-8''%41",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (body) => {
        comparedWithBusboy(body, TYPE, { args: [], files: [] });
      }),
      { numRuns: runs },
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
