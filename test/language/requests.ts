// Requests that carry bytes to rules as they are, and rules that see them.

import type { ExchangeRecord } from '../../src/model/exchange.ts';

/** Each byte as `%XX`, so that ARGS shows exactly these. */
export function percentEncoded(bytes: string): string {
  return Array.from(bytes, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`).join(
    '',
  );
}

/** ARGS:v is the value. */
export function withArgument(value: string): Partial<ExchangeRecord> {
  return { uri: `/?v=${percentEncoded(value)}` };
}

export function post(type: string, body: string): Partial<ExchangeRecord> {
  return {
    method: 'POST',
    headers: [
      ['Host', 'shop.test'],
      ['Content-Type', type],
    ],
    body,
  };
}

export const form = (body: string): Partial<ExchangeRecord> =>
  post('application/x-www-form-urlencoded', body);

export const json = (body: string): Partial<ExchangeRecord> => post('application/json', body);

export const xml = (body: string): Partial<ExchangeRecord> => post('text/xml', body);

export function answered(
  body: string,
  headers: ExchangeRecord['headers'] = [['Content-Type', 'text/plain']],
): Partial<ExchangeRecord> {
  return { response: { status: 200, headers, body } };
}

/** Everything is switched on that rules need to see whole exchanges. */
export const rulesOn = (rules: string): string =>
  `SecRuleEngine On\nSecRequestBodyAccess On\nSecResponseBodyAccess On\n${rules}`;
