// Records as the drivers of peers read them: fields with their length in front.
//
// Numbers are 32 bits, little-endian; texts and bodies go out byte for byte.

import { closeSync, openSync, writeSync } from 'node:fs';
import type { Endpoint, ExchangeRecord, Header } from '../model/exchange.ts';

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(value: string): readonly Buffer[] {
  const bytes = Buffer.from(value, 'latin1');
  return [number(bytes.length), bytes];
}

function pairs(headers: readonly Header[]): readonly Buffer[] {
  return [
    number(headers.length),
    ...headers.flatMap(([name, value]) => [...text(name), ...text(value)]),
  ];
}

// What the engine assumes of a record that does not say.
const UNKNOWN: Endpoint = { address: '127.0.0.1', port: 0 };

function recordParts(record: ExchangeRecord): readonly Buffer[] {
  const { client = UNKNOWN, server = UNKNOWN, version = 'HTTP/1.1', response } = record;
  return [
    ...text(client.address),
    number(client.port),
    ...text(server.address),
    number(server.port),
    ...text(record.method),
    ...text(record.uri),
    ...text(version.replace(/^HTTP\//, '')),
    ...pairs(record.headers),
    ...text(record.body ?? ''),
    number(response === undefined ? 0 : 1),
    ...(response === undefined
      ? []
      : [
          number(response.status),
          ...text(response.version ?? version),
          ...pairs(response.headers),
          ...text(response.body ?? ''),
        ]),
  ];
}

export function writeRecords(path: string, records: readonly ExchangeRecord[]): void {
  const file = openSync(path, 'w');
  try {
    for (const record of records) writeSync(file, Buffer.concat(recordParts(record)));
  } finally {
    closeSync(file);
  }
}
