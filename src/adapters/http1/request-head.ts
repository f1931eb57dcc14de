// A request head as the proxy works with it: what the rules see, and the one reading that may go on.
//
// `head` is verbatim but for fields that contradict each other and have one reading (effective-headers.ts).
// Everything else is only meaningful when there is no refusal.

import { effectiveHeaders } from '../../http/effective-headers.ts';
import { readRequest } from '../../http/message.ts';
import type { Header, RequestHead } from '../../model/exchange.ts';
import type { BodyFraming } from './body-reader.ts';
import { fieldTokens, fieldValues } from './fields.ts';
import type { HeadBytes } from './head-reader.ts';
import { type Refusal, refusal, refuseHead } from './refusal.ts';

export interface IncomingHead {
  /** For the rules. */
  readonly head: RequestHead;
  readonly refusal: Refusal | undefined;
  /** Origin form or `*`: what goes to the upstream. */
  readonly target: string;
  /** The host that the client asked for; undefined when an HTTP/1.0 client named none. */
  readonly authority: string | undefined;
  readonly framing: BodyFraming;
  readonly isHttp10: boolean;
  readonly wantsKeepAlive: boolean;
  readonly expectsContinue: boolean;
}

export interface HeadLimits {
  readonly maxHeaders: number;
  /** Passes CONNECT on as a plain request, without ever opening a tunnel. */
  readonly forwardsConnect: boolean;
}

/** Never throws, whatever the bytes. */
export function parseRequestHead(bytes: HeadBytes, limits: HeadLimits): IncomingHead {
  const raw = readRequest(bytes.text);
  const counted = effectiveHeaders(raw.headers);
  const headers = counted.map(({ key, value }): Header => [key, value]);
  const { method, uri, version } = raw;
  const isRegular = raw.line === `${method} ${uri} ${version}` && !uri.includes(' ');
  const head: RequestHead = isRegular
    ? { method, uri, version, headers }
    : { method, uri, version, headers, line: raw.line };
  const sent = raw.headers.map(({ key, value }): Header => [key, value]);
  const refused = refuseHead({ head: { ...head, headers: sent }, bytes, ...limits });
  if (refused !== undefined) return refusedHead(head, refused);

  const host = fieldValues(headers, 'host')[0];
  const destination = requestDestination(method, uri, host);
  if (destination === undefined) return refusedHead(head, refusal('host-mismatch'));
  const isHttp10 = version === 'HTTP/1.0';
  const connection = fieldTokens(headers, 'connection');
  return {
    head,
    refusal: undefined,
    ...destination,
    framing: requestFraming(headers),
    isHttp10,
    wantsKeepAlive:
      // RFC 9112 6.3: where a length was dropped, the connection ends with the answer.
      counted === raw.headers &&
      !connection.includes('close') &&
      (!isHttp10 || connection.includes('keep-alive')),
    expectsContinue: !isHttp10 && fieldTokens(headers, 'expect').includes('100-continue'),
  };
}

function refusedHead(head: RequestHead, refused: Refusal): IncomingHead {
  return {
    head,
    refusal: refused,
    target: '/',
    authority: undefined,
    framing: { kind: 'none' },
    isHttp10: false,
    wantsKeepAlive: false,
    expectsContinue: false,
  };
}

const ABSOLUTE =
  /^https?:\/\/([A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)([/?].*)?$/i;

/**
 * Where the request wants to go. Undefined when the target names another host than the Host field:
 * RFC 9112 3.2.2 lets the target win, but rules have judged both, and an upstream may pick the other.
 */
function requestDestination(
  method: string,
  uri: string,
  host: string | undefined,
): { target: string; authority: string | undefined } | undefined {
  if (uri.startsWith('/') || uri === '*' || method === 'CONNECT') {
    return { target: uri, authority: host || undefined };
  }
  const parts = ABSOLUTE.exec(uri);
  const authority = parts?.[1];
  if (authority === undefined) return undefined;
  if (host !== undefined && host.toLowerCase() !== authority.toLowerCase()) return undefined;
  const path = parts?.[2];
  if (path === undefined) return { target: method === 'OPTIONS' ? '*' : '/', authority };
  return { target: path.startsWith('/') ? path : `/${path}`, authority };
}

// The refusals leave exactly two ways to declare a body: digits, or "chunked" alone.
function requestFraming(headers: readonly Header[]): BodyFraming {
  if (fieldValues(headers, 'transfer-encoding').length > 0) return { kind: 'chunked' };
  const length = fieldValues(headers, 'content-length')[0];
  if (length === undefined) return { kind: 'none' };
  return { kind: 'length', bytes: Number(length) };
}
