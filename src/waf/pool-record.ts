// An exchange record as it can be sent to a thread: its known fields and nothing else.

import type { Endpoint, ExchangeRecord, Header } from '../model/exchange.ts';

const endpoint = (of: Endpoint | undefined): Endpoint | undefined =>
  of && { address: String(of.address), port: Number(of.port) };

const text = (of: string | undefined): string | undefined => (of === undefined ? of : String(of));

const fields = (of: readonly Header[]): readonly Header[] =>
  of.map(([name, value]) => [String(name), String(value)]);

/** Throws a TypeError for what is no record, here rather than in a thread. */
export function sendable(record: ExchangeRecord, id: string): ExchangeRecord {
  const { method, uri, headers, response } = record;
  if (typeof method !== 'string' || typeof uri !== 'string' || !Array.isArray(headers)) {
    throw new TypeError('expected an exchange record: method, uri and headers are missing');
  }
  return {
    id,
    method,
    uri,
    version: text(record.version),
    headers: fields(headers),
    line: text(record.line),
    body: text(record.body),
    client: endpoint(record.client),
    server: endpoint(record.server),
    timeMs: record.timeMs === undefined ? undefined : Number(record.timeMs),
    response: response && {
      status: Number(response.status),
      headers: fields(response.headers),
      version: text(response.version),
      body: text(response.body),
    },
  };
}

/** Chars of what can be long: target, header values and bodies. */
export function bytesOf({ uri, headers, body, response }: ExchangeRecord): number {
  let bytes = uri.length + (body?.length ?? 0) + (response?.body?.length ?? 0);
  for (const [, value] of headers) bytes += value.length;
  return bytes;
}
