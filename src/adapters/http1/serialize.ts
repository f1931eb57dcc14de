// Writes heads anew. Nothing a peer sent is passed through raw: names and values have been checked,
// framing is ours, and fields that concern one hop only stay behind.

import { STATUS_CODES } from 'node:http';
import type { Header } from '../../model/exchange.ts';
import type { BodyFraming } from './body-reader.ts';
import { fieldTokens } from './fields.ts';

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

// `Connection: cookie` asks a proxy to drop a field that the rules have judged and the application
// relies on. RFC 9110 7.6.1 forbids senders to name such fields, so these stay.
const NEVER_DROPPED: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-type',
  'cookie',
  'forwarded',
  'host',
  'origin',
  'set-cookie',
  'user-agent',
]);

// Fields with one value by definition. Two lines of one would let the application read another value
// than the rules did, so they travel as a single line.
const SINGLE_VALUED: ReadonlyMap<string, string> = new Map([
  ['authorization', ', '],
  ['content-type', ', '],
  ['cookie', '; '],
  ['origin', ', '],
  ['range', ', '],
  ['referer', ', '],
  ['user-agent', ', '],
]);

/** The fields that concern both ends, in order, without framing. */
export function endToEndHeaders(headers: readonly Header[]): Header[] {
  const named = new Set(fieldTokens(headers, 'connection'));
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower)) return false;
    return !named.has(lower) || NEVER_DROPPED.has(lower) || lower.startsWith('x-forwarded-');
  });
}

/** Repeated fields that may occur once only, joined where the first one stood. */
export function joinRepeated(headers: readonly Header[]): Header[] {
  const joined: Header[] = [];
  const places = new Map<string, number>();
  for (const header of headers) {
    const lower = header[0].toLowerCase();
    const glue = SINGLE_VALUED.get(lower);
    const place = places.get(lower);
    if (glue === undefined || place === undefined) {
      places.set(lower, joined.length);
      joined.push(header);
      continue;
    }
    const [name, value] = joined[place]!;
    joined[place] = [name, value + glue + header[1]];
  }
  return joined;
}

export function framingHeaders(framing: BodyFraming): Header[] {
  if (framing.kind === 'chunked') return [['Transfer-Encoding', 'chunked']];
  if (framing.kind === 'length') return [['Content-Length', String(framing.bytes)]];
  return [];
}

export function requestHeadText(
  method: string,
  target: string,
  headers: readonly Header[],
): string {
  return `${method} ${target} HTTP/1.1\r\n${headerText(headers)}\r\n`;
}

export function responseHeadText(
  status: number,
  reason: string | undefined,
  headers: readonly Header[],
): string {
  const phrase = reason ?? STATUS_CODES[status] ?? '';
  return `HTTP/1.1 ${status} ${phrase}\r\n${headerText(headers)}\r\n`;
}

function headerText(headers: readonly Header[]): string {
  let text = '';
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  return text;
}

/** One chunk of a chunked body. `content` must not be empty: an empty chunk ends the body. */
export function chunkHead(content: Buffer): string {
  return `${content.length.toString(16)}\r\n`;
}

export const LAST_CHUNK = '0\r\n\r\n';
