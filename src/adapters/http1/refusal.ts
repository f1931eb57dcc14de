// Why the front end refuses a request, beyond what src/http/strictness.ts says of any request head.
//
// That judgement is shared with tools that have no socket. Added here: what only the wire shows (line
// ends, sizes), and what a reverse proxy in particular must not pass on (tunnels, two different hosts).
// A refused request is still shown to the rules first, so that logs say what was attempted.

import { judgeRequestHead } from '../../http/strictness.ts';
import type { RequestHead } from '../../model/exchange.ts';
import type { Pair } from '../../model/pair.ts';
import { fieldTokens } from './fields.ts';
import type { HeadBytes } from './head-reader.ts';

export interface Refusal {
  /** Stable word for logs and counters. */
  readonly code: string;
  /** 0: close without a word. */
  readonly status: number;
  /** Whether rules may look at the head; false when where its fields end is in doubt. */
  readonly inspect: boolean;
}

export interface WireHead {
  readonly head: RequestHead;
  readonly bytes: HeadBytes;
  readonly maxHeaders: number;
  readonly forwardsConnect: boolean;
}

/** What is wrong with the head, or undefined when it may go on. Never throws. */
export function refuseHead(wire: WireHead): Refusal | undefined {
  return (
    sizeRefusal(wire) ?? lineEndRefusal(wire.bytes) ?? sharedRefusal(wire) ?? proxyRefusal(wire)
  );
}

export function refusal(code: string, status = 400, inspect = true): Refusal {
  return { code, status, inspect };
}

function sizeRefusal(wire: WireHead): Refusal | undefined {
  if (!wire.bytes.complete) {
    return wire.bytes.text.includes('\n')
      ? refusal('head-too-large', 431)
      : refusal('uri-too-long', 414);
  }
  if (wire.head.headers.length > wire.maxHeaders) return refusal('too-many-headers', 431);
  return undefined;
}

function lineEndRefusal({ text, hasBareEmptyLine }: HeadBytes): Refusal | undefined {
  // A CR that ends no line ends one for some parsers, so nobody can say which fields there are.
  if (/\r(?!\n)/.test(text)) return refusal('bare-carriage-return', 400, false);
  // RFC 9112 2.2 lets a server take a lone LF for a line end; a proxy in front of us may not have.
  if (hasBareEmptyLine || /(?<!\r)\n/.test(text)) return refusal('bare-line-feed');
  return undefined;
}

function sharedRefusal({ head, bytes }: WireHead): Refusal | undefined {
  const [line = '', ...headerLines] = bytes.text.split('\r\n');
  if (headerLines.at(-1) === '') headerLines.pop();
  const headers: Pair[] = head.headers.map(([key, value]) => ({ key, value }));
  const { method, uri, version } = head;
  const judgement = judgeRequestHead({ line, method, uri, version, headers, headerLines });
  if (judgement.reject === undefined) return undefined;
  return refusal(judgement.reject, judgement.status);
}

// Applications that read headers as CGI variables cannot tell `Content_Length` from `Content-Length`.
const FRAMING_ALIAS = /^(?:content[_-]length|transfer[_-]encoding)$/i;

function proxyRefusal({ head, forwardsConnect }: WireHead): Refusal | undefined {
  // `HTTP/1` alone: whether chunked bodies and missing hosts are allowed is anyone's guess.
  if (!/^HTTP\/1\.\d$/.test(head.version)) return refusal('bad-version');
  if (head.method === 'CONNECT' && !forwardsConnect) return refusal('tunnel');
  for (const [name, value] of head.headers) {
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return refusal('bad-header-value');
    if (name.includes('_') && FRAMING_ALIAS.test(name)) return refusal('framing-alias');
  }
  const expectations = fieldTokens(head.headers, 'expect');
  if (expectations.some((token) => token !== '100-continue')) return refusal('bad-expect', 417);
  return undefined;
}
