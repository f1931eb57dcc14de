// Exchange records for tables of attacks and of ordinary traffic, in the words of the tables.
//
// Everything that a browser would send is there, so that a row shows only what it is about.

import { Buffer } from 'node:buffer';
import type { ExchangeRecord, Header } from '../../src/model/exchange.ts';

/** A byte string of the UTF-8 bytes of `text`: bodies and raw targets are bytes. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const BROWSER: readonly Header[] = [
  ['Host', 'shop.example.com'],
  [
    'User-Agent',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  ],
  [
    'Accept',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  ],
  ['Accept-Language', 'de-DE,de;q=0.9,en;q=0.8'],
  ['Accept-Encoding', 'gzip, deflate, br'],
  ['Connection', 'keep-alive'],
];

/** The browser's headers, those of `own` in place of the same names; an empty list of values removes one. */
export function headers(
  own: Readonly<Record<string, string | readonly string[]>> = {},
): readonly Header[] {
  const replaced = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const kept = BROWSER.filter(([name]) => !replaced.has(name.toLowerCase()));
  const added = Object.entries(own).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one): Header => [name, one]),
  );
  return [...kept, ...added];
}

type Own = Readonly<Record<string, string | readonly string[]>>;

export function request(method: string, uri: string, own: Own = {}, body?: string): ExchangeRecord {
  const length: Own = body === undefined ? {} : { 'Content-Length': String(body.length) };
  return { method, uri, headers: headers({ ...length, ...own }), body };
}

export function get(uri: string, own: Own = {}): ExchangeRecord {
  return request('GET', uri, own);
}

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

/** One argument of a query string, encoded as a form does it. */
export function query(value: string, name = 'q'): ExchangeRecord {
  return get(`/search?${encode(name)}=${encode(value)}&page=1`);
}

export function form(fields: Readonly<Record<string, string>>, uri = '/contact'): ExchangeRecord {
  const body = Object.entries(fields)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
  return request('POST', uri, { 'Content-Type': 'application/x-www-form-urlencoded' }, body);
}

/** One text field of a form, beside an ordinary one. */
export function field(value: string, name = 'message'): ExchangeRecord {
  return form({ name: 'Ada', [name]: value });
}

export function json(value: unknown, uri = '/api/v1/items', method = 'POST'): ExchangeRecord {
  const type = { 'Content-Type': 'application/json', Accept: 'application/json' };
  return request(method, uri, type, utf8(JSON.stringify(value)));
}

export function text(body: string, type: string, uri = '/api/v1/import'): ExchangeRecord {
  return request('POST', uri, { 'Content-Type': type }, utf8(body));
}

export interface Part {
  /** Header lines behind `Content-Disposition: form-data; `. */
  readonly disposition: string;
  readonly lines?: readonly string[];
  readonly body: string;
}

export function multipart(parts: readonly Part[], uri = '/upload'): ExchangeRecord {
  const boundary = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
  const body = parts
    .map(({ disposition, lines = [], body: content }) => {
      const head = [`Content-Disposition: form-data; ${disposition}`, ...lines].join('\r\n');
      return `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`;
    })
    .concat(`--${boundary}--\r\n`)
    .join('');
  const type = `multipart/form-data; boundary=${boundary}`;
  return request('POST', uri, { 'Content-Type': type }, utf8(body));
}

export function upload(
  filename: string,
  type = 'application/octet-stream',
  body = 'content',
): ExchangeRecord {
  return multipart([
    {
      disposition: `name="file"; filename="${filename}"`,
      lines: [`Content-Type: ${type}`],
      body,
    },
  ]);
}

/** A page that was asked for harmlessly and answers with `body`. */
export function answer(
  body: string,
  status = 200,
  type = 'text/html; charset=utf-8',
): ExchangeRecord {
  return {
    ...get('/page'),
    response: { status, headers: [['Content-Type', type]], body: utf8(body) },
  };
}
