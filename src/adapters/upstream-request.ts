// What goes to the upstream for a request that has passed: written anew from the one reading we made.

import type { TrustedProxies } from '../http/forwarded.ts';
import type { Endpoint, Header } from '../model/exchange.ts';
import { withForwarding } from './forwarded.ts';
import type { BodyFraming, BodyReader } from './http1/body-reader.ts';
import type { IncomingHead } from './http1/request-head.ts';
import { endToEndHeaders, joinRepeated } from './http1/serialize.ts';
import type { UpstreamAddress } from './upstream-socket.ts';

/** The part of a body that was held back, and the reader of what is still to come. */
export interface HeldBody {
  readonly chunks: readonly Buffer[];
  readonly bytes: number;
  /** Undefined when the body is complete. */
  readonly rest: BodyReader | undefined;
}

export interface ForwardingOptions {
  readonly host: string;
  readonly trusted: TrustedProxies;
  /** Asks the upstream not to compress, so that response rules can read bodies. */
  readonly identityEncoding: boolean;
}

/** The fields of the forwarded request, framing excepted. */
export function upstreamHeaders(
  incoming: IncomingHead,
  peer: Endpoint,
  options: ForwardingOptions,
): Header[] {
  const dropped = new Set(['host', 'expect']);
  if (options.identityEncoding) dropped.add('accept-encoding');
  const kept = joinRepeated(endToEndHeaders(incoming.head.headers)).filter(
    ([name]) => !dropped.has(name.toLowerCase()),
  );
  const headers: Header[] = [['Host', options.host]];
  headers.push(...withForwarding(kept, peer, options.trusted));
  if (options.identityEncoding) headers.push(['Accept-Encoding', 'identity']);
  return headers;
}

/** A chunked body that is complete by now goes on with its length; otherwise as it was declared. */
export function upstreamFraming(declared: BodyFraming, held: HeldBody): BodyFraming {
  const isWhole = declared.kind === 'chunked' && held.rest === undefined;
  return isWhole ? { kind: 'length', bytes: held.bytes } : declared;
}

/** The value of `Host` for an upstream. */
export function hostOf({ host, port, secure }: UpstreamAddress): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (secure ? 443 : 80) ? name : `${name}:${port}`;
}

export interface ProxyTarget {
  readonly address: UpstreamAddress;
  readonly target: string;
}

/** Where a rule's `proxy` action sends the request; undefined when that is no http(s) URL. */
export function proxyTarget(url: string): ProxyTarget | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const secure = protocol === 'https:';
  const address = {
    secure,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
  };
  return { address, target: pathname + search };
}
