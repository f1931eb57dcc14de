// A name server on this machine: knows a few names, and can be slow, broken or silent.

import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

export interface DnsServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Names asked for, in order. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** Addresses of a name; 'silent': no answer; 'broken': SERVFAIL; undefined: there is no such name. */
export type DnsAnswer = readonly string[] | 'silent' | 'broken' | undefined;

const NO_ERROR = 0;
const SERVER_FAILURE = 2;
const NO_NAME = 3;

export async function startDnsServer(answerOf: (name: string) => DnsAnswer): Promise<DnsServer> {
  const asked: string[] = [];
  const socket: Socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const name = labels.join('.');
    asked.push(name);
    const answer = answerOf(name);
    if (answer === 'silent') return;
    const addresses = Array.isArray(answer) ? (answer as readonly string[]) : [];
    const status = answer === undefined ? NO_NAME : answer === 'broken' ? SERVER_FAILURE : NO_ERROR;
    const head = Buffer.from([
      ...query.subarray(0, 2),
      0x81,
      0x80 | status,
      ...[0, 1],
      ...[0, addresses.length],
      ...[0, 0, 0, 0],
    ]);
    const records = addresses.map((address) =>
      Buffer.from([
        ...[0xc0, 12, 0, 1, 0, 1],
        ...[0, 0, 0, 60],
        ...[0, 4, ...address.split('.').map(Number)],
      ]),
    );
    const question = query.subarray(12, at + 5);
    socket.send(Buffer.concat([head, question, ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  const { port } = socket.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
