// Reads HAR files, as browsers save them, into exchange records.

import { utf8ByteString } from '../base/bytes.ts';
import type { ExchangeRecord, Header } from '../model/exchange.ts';
import { RecordError } from './exchange-record.ts';

interface HarPair {
  readonly name?: unknown;
  readonly value?: unknown;
}

interface HarEntry {
  readonly startedDateTime?: unknown;
  readonly request?: {
    readonly method?: unknown;
    readonly url?: unknown;
    readonly httpVersion?: unknown;
    readonly headers?: readonly HarPair[];
    readonly postData?: { readonly text?: unknown };
  };
  readonly response?: {
    readonly status?: unknown;
    readonly httpVersion?: unknown;
    readonly headers?: readonly HarPair[];
    readonly content?: { readonly text?: unknown; readonly encoding?: unknown };
  };
}

function pairs(list: readonly HarPair[] | undefined): readonly Header[] {
  if (!Array.isArray(list)) return [];
  return (
    list
      .filter(({ name, value }) => typeof name === 'string' && typeof value === 'string')
      .map(
        ({ name, value }): Header => [utf8ByteString(String(name)), utf8ByteString(String(value))],
      )
      // HTTP/2's pseudo-headers are the request line.
      .filter(([name]) => !name.startsWith(':'))
  );
}

function version(value: unknown): string {
  return typeof value === 'string' && /^HTTP\/1\.[01]$/i.test(value)
    ? value.toUpperCase()
    : 'HTTP/1.1';
}

function target(url: string): { uri: string; host: string } {
  const match = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(url);
  if (match === null) return { uri: url, host: '' };
  const path = match[2] as string;
  return { uri: path.startsWith('/') ? path : `/${path}`, host: match[1] as string };
}

function record(entry: HarEntry, at: number): ExchangeRecord {
  const { request, response } = entry;
  if (typeof request?.method !== 'string' || typeof request.url !== 'string') {
    throw new RecordError(`entry ${at + 1} has no request method or url`);
  }
  const { uri, host } = target(utf8ByteString(request.url));
  const headers = pairs(request.headers);
  const withHost: readonly Header[] =
    host === '' || headers.some(([name]) => name.toLowerCase() === 'host')
      ? headers
      : [['Host', host], ...headers];
  const content = response?.content;
  const body =
    typeof content?.text !== 'string'
      ? undefined
      : content.encoding === 'base64'
        ? Buffer.from(content.text, 'base64').toString('latin1')
        : utf8ByteString(content.text);
  const timeMs = Date.parse(String(entry.startedDateTime));
  return {
    id: String(at + 1),
    method: request.method,
    uri,
    version: version(request.httpVersion),
    headers: withHost,
    body:
      typeof request.postData?.text === 'string'
        ? utf8ByteString(request.postData.text)
        : undefined,
    timeMs: Number.isNaN(timeMs) ? undefined : timeMs,
    response:
      typeof response?.status === 'number' && response.status > 0
        ? {
            status: response.status,
            headers: pairs(response.headers),
            version: version(response.httpVersion),
            body,
          }
        : undefined,
  };
}

/** Throws `RecordError` for text that is no HAR file. */
export function parseHar(text: string): readonly ExchangeRecord[] {
  let har: { readonly log?: { readonly entries?: readonly HarEntry[] } };
  try {
    har = JSON.parse(text) as typeof har;
  } catch {
    throw new RecordError('the file is not JSON');
  }
  const entries = har?.log?.entries;
  if (!Array.isArray(entries))
    throw new RecordError('the file has no log.entries: it is no HAR file');
  return entries.map(record);
}
