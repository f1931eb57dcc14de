// Sends the contract's requests over a real connection with Node's own client.

import { request as httpRequest } from 'node:http';
import type { Answered } from '../adapter-contract.case.ts';

export function sendOverHttp(
  port: number,
  method: string,
  target: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path: target, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('latin1');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          const headers: Record<string, string> = {};
          for (const [name, value] of Object.entries(response.headers)) {
            headers[name] = String(value);
          }
          resolve({ status: response.statusCode ?? 0, body: text, headers });
        });
      },
    );
    request.on('error', reject);
    request.end(body === undefined ? undefined : Buffer.from(body, 'latin1'));
  });
}
