import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { createBackend } from '../../src/ftw/reflect.ts';
import { sniffContentType } from '../../src/ftw/sniff-type.ts';

const reflect = (spec: unknown, method = 'POST') =>
  createBackend().answer({
    method,
    uri: '/reflect',
    body: utf8ByteString(typeof spec === 'string' ? spec : JSON.stringify(spec)),
  });

describe('createBackend', () => {
  it('answers 200 and nothing to everything else', () => {
    for (const [method, uri] of [
      ['GET', '/'],
      ['FOO', '/post'],
      ['GET', '/reflect'],
      ['CONNECT', 'a:80'],
    ] as const) {
      expect(createBackend().answer({ method, uri, body: '' })).toEqual({
        status: 200,
        headers: [['Content-Length', '0']],
        body: '',
      });
    }
  });

  it('reflects status, headers and body', () => {
    expect(reflect({ status: 202, headers: { 'x-A': 'b' }, body: 'a\u00e9' })).toEqual({
      status: 202,
      headers: [
        ['x-A', 'b'],
        ['Content-Type', 'text/plain; charset=utf-8'],
        ['Content-Length', '3'],
      ],
      body: 'a\xc3\xa9',
    });
  });

  it('matches names of fields in any case, and decodes encodedBody', () => {
    expect(reflect({ Status: 201, ENCODEDBODY: '/w==' })).toMatchObject({
      status: 201,
      body: '\xff',
    });
  });

  it('keeps a type that is given', () => {
    const { headers } = reflect({
      headers: { 'content-type': 'application/json' },
      body: '<html>',
    });
    expect(headers).toEqual([
      ['content-type', 'application/json'],
      ['Content-Length', '6'],
    ]);
  });

  it('answers 400 to what it cannot reflect', () => {
    for (const spec of [
      '',
      '{',
      '[]',
      { status: 99 },
      { status: 600 },
      { status: '200' },
      { body: 1 },
      { encodedBody: '*' },
      { headers: { a: 1 } },
    ]) {
      expect(reflect(spec).status, JSON.stringify(spec)).toBe(400);
    }
  });

  it('sends no body to HEAD and with 204', () => {
    const backend = createBackend();
    backend.configure('HEAD', '/x', { status: 200, headers: [], body: 'abc' });
    expect(backend.answer({ method: 'HEAD', uri: '/x', body: '' })).toMatchObject({
      headers: expect.arrayContaining([['Content-Length', '3']]),
      body: '',
    });
    expect(reflect({ status: 204, body: 'a' }).body).toBe('');
  });

  it('remembers configured endpoints until it is reset', () => {
    const backend = createBackend();
    const ask = (method: string, uri: string, body = '') => backend.answer({ method, uri, body });
    const spec = { status: 418, endpoints: [{ method: 'GET', url: '/tea?x=1' }] };
    expect(ask('POST', '/configure_reflection', JSON.stringify(spec)).status).toBe(200);
    expect(ask('GET', '/tea?x=1').status).toBe(418);
    expect(ask('GET', '/tea').status).toBe(200);
    ask('PUT', '/reset');
    expect(ask('GET', '/tea?x=1').status).toBe(200);
  });

  it('lists its endpoints', () => {
    const { body } = createBackend().answer({
      method: 'GET',
      uri: '/capabilities?quiet=true',
      body: '',
    });
    expect(JSON.parse(body).endpoints).toContainEqual({ path: '/reflect' });
  });
});

describe('sniffContentType', () => {
  const cases: readonly [body: string, type: string][] = [
    ['hello', 'text/plain; charset=utf-8'],
    [' \n<!doctype html>', 'text/html; charset=utf-8'],
    ['<html>', 'text/html; charset=utf-8'],
    ['<!-- x', 'text/html; charset=utf-8'],
    ['<p class=x>', 'text/html; charset=utf-8'],
    ['<pre>', 'text/plain; charset=utf-8'],
    ['<htmlx>', 'text/plain; charset=utf-8'],
    ['<?xml version="1.0"?>', 'text/xml; charset=utf-8'],
    ['<?php echo 1 ?>', 'text/plain; charset=utf-8'],
    ['%PDF-1.7', 'application/pdf'],
    ['\x1f\x8b\x08\x00', 'application/x-gzip'],
    ['a\x00b', 'application/octet-stream'],
    ['\xef\xbb\xbf<html>', 'text/plain; charset=utf-8'],
    ['RIFF\x00\x00\x00\x00WAVEfmt', 'audio/wave'],
  ];
  for (const [body, type] of cases) {
    it(`takes ${JSON.stringify(body)} for ${type}`, () => {
      expect(sniffContentType(body)).toBe(type);
    });
  }

  it('looks at the first 512 bytes only', () => {
    expect(sniffContentType('a'.repeat(512) + '\x00')).toBe('text/plain; charset=utf-8');
  });
});
