// Reads exchange records: one JSON object on a line, as recorded or written by hand.

import { isByteString, utf8ByteString } from '../base/bytes.ts';
import type { Endpoint, ExchangeRecord, Header } from '../model/exchange.ts';
import { eachUnread, type Fields } from './record-fields.ts';

/** The line is no exchange record; the message says what was found and what was expected. */
export class RecordError extends Error {
  override readonly name: string = 'RecordError';
  /** The record's id, when that much could be read. */
  readonly id: string | undefined;

  constructor(message: string, id?: string) {
    super(message);
    this.id = id;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Records hold one byte per char. Text with higher chars was written by hand or by a tool that
// decoded UTF-8; its UTF-8 bytes are what was on the wire.
function bytes(text: string): string {
  return isByteString(text) ? text : utf8ByteString(text);
}

function text(fields: Fields, name: string, fallback?: string): string {
  const value = fields[name];
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'string') throw new RecordError(`"${name}" is not a string`);
  return bytes(value);
}

function headers(value: unknown, name: string): readonly Header[] {
  if (value === undefined) return [];
  if (!Array.isArray(value))
    throw new RecordError(`"${name}" is not a list of [name, value] pairs`);
  return value.map((pair: unknown): Header => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
      throw new RecordError(`"${name}" holds something else than a [name, value] pair`);
    }
    return [bytes(pair[0]), bytes(pair[1])];
  });
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

// Whoever writes a record by hand writes the body as text; to judge the exchange without it would be no judgement.
function body(fields: Fields): string | undefined {
  const value = fields['body_b64'];
  if (value === undefined || value === null) {
    const written = fields['body'];
    return typeof written === 'string' ? bytes(written) : undefined;
  }
  if (typeof value !== 'string' || !BASE64.test(value)) {
    throw new RecordError('"body_b64" is not Base64');
  }
  return Buffer.from(value, 'base64').toString('latin1');
}

function endpoint(value: unknown, name: string): Endpoint | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value) || typeof value['address'] !== 'string') {
    throw new RecordError(`"${name}" is not {"address", "port"}`);
  }
  const port = value['port'] ?? 0;
  if (typeof port !== 'number') throw new RecordError(`"${name}.port" is not a number`);
  return { address: value['address'], port };
}

// Of a value that is shown in an error.
const LONGEST_FOUND = 64;

function time(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) {
    const found = JSON.stringify(value).slice(0, LONGEST_FOUND);
    throw new RecordError(
      `"time" is ${found}, expected an ISO 8601 time such as "2026-11-21T10:00:00Z"`,
    );
  }
  return ms;
}

function response(value: unknown): ExchangeRecord['response'] {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new RecordError('"response" is not an object');
  const status = value['status'] ?? 200;
  if (typeof status !== 'number' || !Number.isInteger(status)) {
    throw new RecordError('"response.status" is not a whole number');
  }
  const version = value['version'] === undefined ? undefined : text(value, 'version');
  return {
    status,
    headers: headers(value['headers'], 'response.headers'),
    version,
    body: body(value),
  };
}

/**
 * Throws `RecordError`. Unknown fields are not read; `unread` hears the path of each, even when the record
 * turns out to be none.
 */
export function parseExchangeRecord(
  line: string,
  unread: (path: string) => void = () => {},
): ExchangeRecord {
  if (line.trim() === '') throw new RecordError('the line is empty; expected an exchange record');
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    throw new RecordError('the line is not JSON');
  }
  if (!isObject(fields)) throw new RecordError('the line is not a JSON object');
  eachUnread(fields, unread);
  const id = fields['id'];
  const known = typeof id === 'string' ? id : typeof id === 'number' ? String(id) : undefined;
  try {
    return {
      id: known,
      method: text(fields, 'method'),
      uri: text(fields, 'uri'),
      version: text(fields, 'version', 'HTTP/1.1'),
      headers: headers(fields['headers'], 'headers'),
      line: fields['line'] === undefined ? undefined : text(fields, 'line'),
      body: body(fields),
      client: endpoint(fields['client'], 'client'),
      server: endpoint(fields['server'], 'server'),
      timeMs: time(fields['time']),
      response: response(fields['response']),
    };
  } catch (error) {
    if (error instanceof RecordError) throw new RecordError(error.message, known);
    throw error;
  }
}
