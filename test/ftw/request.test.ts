import { describe, expect, it } from 'vitest';
import { buildRequest, formEscape } from '../../src/ftw/request.ts';
import { DEFAULT_INPUT, type FtwInput } from '../../src/ftw/test-file.ts';

const build = (input: Partial<FtwInput>): string => buildRequest({ ...DEFAULT_INPUT, ...input });
const headOf = (request: string): string[] => request.split('\r\n\r\n')[0]!.split('\r\n');
const bodyOf = (request: string): string => request.slice(request.indexOf('\r\n\r\n') + 4);

describe('buildRequest', () => {
  it('fills in method, target, version and Connection', () => {
    expect(build({})).toBe('GET / HTTP/1.1\r\nConnection: close\r\n\r\n');
  });

  it('sends odd start lines as they are', () => {
    expect(headOf(build({ method: '\tGET', uri: '/a b', version: '' }))[0]).toBe('\tGET /a b ');
  });

  it('adds type and length behind the headers of the test', () => {
    const request = build({ method: 'POST', headers: [['Host', 'a.test']], data: 'a=b c&d' });
    expect(headOf(request).slice(1)).toEqual([
      'Host: a.test',
      'Content-Type: application/x-www-form-urlencoded',
      'Connection: close',
      'Content-Length: 7',
    ]);
    expect(bodyOf(request)).toBe('a=b+c&d');
  });

  it('escapes a form only when nothing in it looks escaped', () => {
    const escaped = (data: string) => bodyOf(build({ data }));
    expect(escaped('a=<b>&c=d=e')).toBe('a=%3Cb%3E&c=d%3De');
    expect(escaped('a=<b>%41')).toBe('a=<b>%41');
    expect(escaped('a=<b>+')).toBe('a=<b>+');
    expect(escaped('a=1&&b&')).toBe('a=1&&b');
    expect(escaped('a=\xc3\xa9')).toBe('a=%C3%A9');
  });

  it('leaves a form of another type alone', () => {
    const headers: FtwInput['headers'] = [
      ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'],
    ];
    expect(bodyOf(build({ headers, data: 'a=<b>' }))).toBe('a=<b>');
  });

  it('writes CRLF in multipart bodies, autocompletion or not', () => {
    const headers: FtwInput['headers'] = [['Content-Type', 'multipart/form-data; boundary=x']];
    expect(bodyOf(build({ headers, data: '--x\na' }))).toBe('--x\r\na');
    expect(bodyOf(build({ headers, data: '--x\na', autocompleteHeaders: false }))).toBe('--x\r\na');
  });

  it('gives methods that carry bodies a length of zero', () => {
    expect(headOf(build({ method: 'PUT' }))).toContain('Content-Length: 0');
    expect(headOf(build({ method: 'OPTIONS' }))).not.toContain('Content-Length: 0');
  });

  it('keeps what the test gives', () => {
    const headers: FtwInput['headers'] = [
      ['connection', 'keep-alive'],
      ['CONTENT-LENGTH', '99'],
    ];
    expect(headOf(build({ method: 'POST', headers }))).toEqual([
      'POST / HTTP/1.1',
      'connection: keep-alive',
      'CONTENT-LENGTH: 99',
    ]);
  });

  it('completes nothing when told so', () => {
    expect(build({ data: 'a=<b>', autocompleteHeaders: false })).toBe(
      'GET / HTTP/1.1\r\n\r\na=<b>',
    );
  });

  it('sends an encoded request and nothing else', () => {
    expect(build({ encodedRequest: 'X', headers: [['A', 'b']] })).toBe('X');
  });
});

describe('formEscape', () => {
  it('escapes all but letters, digits and -_.~', () => {
    expect(formEscape("aZ0-_.~ !*'()\x00\xff")).toBe('aZ0-_.~+%21%2A%27%28%29%00%FF');
  });
});
