// Reads a whole raw HTTP/1.x message for tools: test runners, `inspect`, replay.
//
// Lenient on purpose: nothing is refused and nothing is normalised, because the junk in a malformed
// request is what rules are written for. What deviates is named in `anomalies`.

import type { Pair } from '../model/pair.ts';
import { decodeChunked } from './chunked.ts';
import { trimBlanks } from './text.ts';

export type MessageAnomaly =
  | 'bad-chunked-body'
  | 'bare-line-feed'
  | 'blank-before-colon'
  | 'content-length-mismatch'
  | 'folded-header'
  | 'fold-before-first-header'
  | 'header-without-colon'
  | 'leading-blank-line'
  | 'malformed-start-line'
  | 'missing-blank-line';

export interface RawMessage {
  /** The start line without its line end. */
  readonly line: string;
  /** In order, names as sent, values without surrounding blanks, folded lines joined by one blank. */
  readonly headers: readonly Pair[];
  /** Behind the blank line; chunks are joined when Transfer-Encoding says so and all of them are sound. */
  readonly body: string;
  readonly anomalies: readonly MessageAnomaly[];
}

export interface RawRequest extends RawMessage {
  readonly method: string;
  readonly uri: string;
  /** As on the line: `HTTP/1.1`; empty when the line has fewer than two blanks. */
  readonly version: string;
}

export interface RawResponse extends RawMessage {
  readonly version: string;
  /** 0 when the line has no number in its place. */
  readonly status: number;
  readonly reason: string;
}

/** The line is split at its first and its last blank, so that a target may hold blanks. */
export function readRequest(raw: string): RawRequest {
  const message = readMessage(raw);
  const { line } = message;
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const method = first === -1 ? line : line.slice(0, first);
  const uri = first === -1 ? '' : line.slice(first + 1, last > first ? last : line.length);
  const version = last > first ? line.slice(last + 1) : '';
  if (last <= first || uri.includes(' ')) message.anomalies.push('malformed-start-line');
  return { method, uri, version, ...message };
}

export function readResponse(raw: string): RawResponse {
  const message = readMessage(raw);
  const [, version, digits, reason] = /^(\S*) +(\d{3})(?: (.*))?$/s.exec(message.line) ?? [];
  if (digits === undefined) message.anomalies.push('malformed-start-line');
  return {
    version: version ?? '',
    status: Number(digits ?? 0),
    reason: reason ?? '',
    ...message,
  };
}

interface ReadMessage extends RawMessage {
  readonly anomalies: MessageAnomaly[];
}

function readMessage(raw: string): ReadMessage {
  const anomalies = new Set<MessageAnomaly>();
  let at = 0;
  const nextLine = (): string | undefined => {
    if (at >= raw.length) return undefined;
    const feed = raw.indexOf('\n', at);
    const end = feed === -1 ? raw.length : feed;
    const hasReturn = raw[end - 1] === '\r' && end > at;
    if (feed !== -1 && !hasReturn) anomalies.add('bare-line-feed');
    const line = raw.slice(at, hasReturn ? end - 1 : end);
    at = end + 1;
    return line;
  };

  let line = nextLine();
  while (line === '') {
    anomalies.add('leading-blank-line');
    line = nextLine();
  }
  const headers: { key: string; value: string }[] = [];
  let field = nextLine();
  for (; field !== undefined && field !== ''; field = nextLine()) {
    addHeaderLine(field, headers, anomalies);
  }
  if (field === undefined) anomalies.add('missing-blank-line');
  const sent = raw.slice(at);
  const body = readBody(sent, headers, anomalies);
  return { line: line ?? '', headers, body, anomalies: [...anomalies] };
}

function addHeaderLine(
  line: string,
  headers: { key: string; value: string }[],
  anomalies: Set<MessageAnomaly>,
): void {
  if (line.startsWith(' ') || line.startsWith('\t')) {
    const previous = headers.at(-1);
    if (previous !== undefined) {
      anomalies.add('folded-header');
      // Concatenation, so that thousands of folds stay cheap.
      previous.value += (previous.value === '' ? '' : ' ') + trimBlanks(line);
      return;
    }
    anomalies.add('fold-before-first-header');
  }
  const colon = line.indexOf(':');
  if (colon === -1) anomalies.add('header-without-colon');
  const key = colon === -1 ? line : line.slice(0, colon);
  if (key.endsWith(' ') || key.endsWith('\t')) anomalies.add('blank-before-colon');
  headers.push({ key, value: colon === -1 ? '' : trimBlanks(line.slice(colon + 1)) });
}

function readBody(sent: string, headers: readonly Pair[], anomalies: Set<MessageAnomaly>): string {
  let isChunked = false;
  let declared: string | undefined;
  for (const { key, value } of headers) {
    const name = key.toLowerCase();
    if (name === 'transfer-encoding') isChunked = /(?:^|[,\s])chunked\s*$/i.test(value);
    if (name === 'content-length') declared = value;
  }
  if (isChunked) {
    const decoded = decodeChunked(sent);
    if (decoded !== undefined) return decoded;
    anomalies.add('bad-chunked-body');
    return sent;
  }
  if (declared !== undefined && declared !== String(sent.length)) {
    anomalies.add('content-length-mismatch');
  }
  return sent;
}
