// A whole exchange in hand: every step in order, to the outcome.

import { fromByteString } from '../base/bytes.ts';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { Exchange, ExchangeOf, ExchangeOutcome } from '../model/transaction.ts';

function connect<E extends { connection(facts: object): unknown }>(
  exchange: E,
  { client, server }: ExchangeRecord,
): void {
  exchange.connection({ client, server });
}

/** Nobody is sent the body; what would be replaced in it is told all the same. */
function redacted({ redaction }: Pick<Exchange, 'redaction'>, body: string | undefined): void {
  if (redaction === undefined || body === undefined) return;
  redaction.push(fromByteString(body));
  redaction.end();
}

/** Runs the record through the exchange; stops feeding it once it is blocked. */
export function inspectSync(exchange: Exchange, record: ExchangeRecord): ExchangeOutcome {
  connect(exchange, record);
  const { method, uri, version = 'HTTP/1.1', headers, line, body, response } = record;
  if (exchange.requestHead({ method, uri, version, headers, line }).effect === 'block') {
    return exchange.finish();
  }
  if (body !== undefined && body !== '' && exchange.requestBody(body).effect === 'block') {
    return exchange.finish();
  }
  if (exchange.endRequest().effect === 'block' || response === undefined) return exchange.finish();
  if (exchange.responseHead(response).effect === 'block') return exchange.finish();
  if (response.body !== undefined && exchange.responseBody(response.body).effect === 'block') {
    return exchange.finish();
  }
  if (exchange.endResponse().effect !== 'block') redacted(exchange, response.body);
  return exchange.finish();
}

export async function inspectAsync(
  exchange: ExchangeOf<'async'>,
  record: ExchangeRecord,
): Promise<ExchangeOutcome> {
  connect(exchange, record);
  const { method, uri, version = 'HTTP/1.1', headers, line, body, response } = record;
  const head = await exchange.requestHead({ method, uri, version, headers, line });
  if (head.effect === 'block') return exchange.finish();
  if (body !== undefined && body !== '' && exchange.requestBody(body).effect === 'block') {
    return exchange.finish();
  }
  const request = await exchange.endRequest();
  if (request.effect === 'block' || response === undefined) return exchange.finish();
  const answer = await exchange.responseHead(response);
  if (answer.effect === 'block') return exchange.finish();
  if (response.body !== undefined && exchange.responseBody(response.body).effect === 'block') {
    return exchange.finish();
  }
  if ((await exchange.endResponse()).effect !== 'block') redacted(exchange, response.body);
  return exchange.finish();
}
