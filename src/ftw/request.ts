// Builds the bytes that go-ftw would send for a stage, malformed ones included.
//
// Nothing is corrected: method, target, version and headers go out as the test wrote them. Only what
// go-ftw completes by itself is completed, in its order (see `autocomplete_headers`).

import type { ByteString } from '../base/bytes.ts';
import type { Header } from '../model/exchange.ts';
import type { FtwInput } from './test-file.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
// go-ftw's own pattern lets anything pass that begins with POST, holds PUT or PATCH, or ends in DELETE.
const CARRIES_BODY = /^POST|PUT|PATCH|DELETE$/;

export function buildRequest(input: FtwInput): ByteString {
  if (input.encodedRequest !== undefined) return input.encodedRequest;
  const method = input.method ?? 'GET';
  const headers: Header[] = [...input.headers];
  let data = input.data ?? '';

  if (input.autocompleteHeaders && data !== '') {
    if (!hasHeader(headers, 'content-type')) headers.push(['Content-Type', FORM_TYPE]);
    if (valuesOf(headers, 'content-type').includes(FORM_TYPE)) data = escapeUnescapedForm(data);
  }
  if (valuesOf(headers, 'content-type').some((type) => type.includes('multipart/form-data;'))) {
    data = data.replaceAll('\n', '\r\n');
  }
  if (input.autocompleteHeaders) {
    if (!hasHeader(headers, 'connection')) headers.push(['Connection', 'close']);
    const needsLength = data !== '' || CARRIES_BODY.test(method);
    if (needsLength && !hasHeader(headers, 'content-length')) {
      headers.push(['Content-Length', String(data.length)]);
    }
  }
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const target = input.uri ?? '/';
  return `${method} ${target} ${input.version ?? 'HTTP/1.1'}\r\n${lines.join('')}\r\n${data}`;
}

/** Every byte but letters, digits and `-_.~` as %XX, a blank as `+`: Go's url.QueryEscape. */
export function formEscape(text: ByteString): ByteString {
  return text.replace(/[^0-9A-Za-z\-_.~]/g, (byte) => {
    if (byte === ' ') return '+';
    return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/**
 * Escapes names and values of a form that holds no escapes yet.
 *
 * A form with `%` or `+` in it is taken as escaped already, even if wrongly.
 */
function escapeUnescapedForm(data: ByteString): ByteString {
  if (/[%+]/.test(data)) return data;
  // go-ftw never writes a separator behind the last piece, so one that ends the data is lost.
  const pieces = (data.endsWith('&') ? data.slice(0, -1) : data).split('&');
  return pieces.map(escapePiece).join('&');
}

function escapePiece(piece: ByteString): ByteString {
  const equals = piece.indexOf('=');
  if (equals === -1) return formEscape(piece);
  return `${formEscape(piece.slice(0, equals))}=${formEscape(piece.slice(equals + 1))}`;
}

function hasHeader(headers: readonly Header[], lowerName: string): boolean {
  return headers.some(([name]) => name.toLowerCase() === lowerName);
}

export function valuesOf(headers: readonly Header[], lowerName: string): ByteString[] {
  const values: ByteString[] = [];
  for (const [name, value] of headers) if (name.toLowerCase() === lowerName) values.push(value);
  return values;
}
