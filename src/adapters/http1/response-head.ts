// Reads the head of an upstream's response. Strict: the upstream is ours to repair, and a response that
// two parsers may read differently must not reach a client's cache or connection.

import { readResponse } from '../../http/message.ts';
import type { Header } from '../../model/exchange.ts';
import type { BodyFraming } from './body-reader.ts';
import { FramingError } from './errors.ts';
import { fieldTokens, fieldValues } from './fields.ts';
import type { HeadBytes } from './head-reader.ts';

export interface IncomingResponse {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: readonly Header[];
  readonly framing: BodyFraming;
  readonly wantsKeepAlive: boolean;
}

const STATUS_LINE = /^HTTP\/1\.[01] [1-5]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws `FramingError` for a head that is not exactly one valid response head. */
export function parseResponseHead(bytes: HeadBytes, requestMethod: string): IncomingResponse {
  if (!bytes.complete) throw new FramingError('response-head-too-large');
  if (bytes.hasBareEmptyLine || /\r(?!\n)|(?<!\r)\n/.test(bytes.text)) {
    throw new FramingError('bad-response-line-end');
  }
  const raw = readResponse(bytes.text);
  if (!STATUS_LINE.test(raw.line)) throw new FramingError('bad-status-line');
  // A folded line is the one repair: RFC 9112 5.2 has a proxy replace the fold by blanks.
  const headers = raw.headers.map(({ key, value }): Header => [key, value]);
  for (const [name, value] of headers) {
    if (!NAME.test(name) || !VALUE.test(value)) throw new FramingError('bad-response-header');
  }
  const { status, reason, version } = raw;
  const framing = responseFraming(requestMethod, status, headers);
  const connection = fieldTokens(headers, 'connection');
  const wantsKeepAlive =
    framing.kind !== 'until-close' &&
    !connection.includes('close') &&
    (version !== 'HTTP/1.0' || connection.includes('keep-alive'));
  return { status, reason, version, headers, framing, wantsKeepAlive };
}

function responseFraming(
  requestMethod: string,
  status: number,
  headers: readonly Header[],
): BodyFraming {
  if (requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304) {
    return { kind: 'none' };
  }
  const codings = fieldTokens(headers, 'transfer-encoding');
  const lengths = fieldValues(headers, 'content-length');
  if (codings.length > 0) {
    if (lengths.length > 0) throw new FramingError('ambiguous-response-length');
    if (codings.length > 1 || codings[0] !== 'chunked') {
      throw new FramingError('unknown-response-coding');
    }
    return { kind: 'chunked' };
  }
  const [length] = lengths;
  if (length === undefined) return { kind: 'until-close' };
  if (new Set(lengths).size > 1 || !/^\d{1,15}$/.test(length)) {
    throw new FramingError('ambiguous-response-length');
  }
  return { kind: 'length', bytes: Number(length) };
}
