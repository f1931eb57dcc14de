// What the backend of the tests answers: 200 and nothing, or what a request to `/reflect` asks for.
//
// The behaviour is that of CRS's test backend (albedo), response headers of Go's server included, since
// rules on responses see them.

import { type ByteString, fromByteString, utf8ByteString } from '../base/bytes.ts';
import type { Header } from '../model/exchange.ts';
import { decodeBase64 } from './read-input.ts';
import { valuesOf } from './request.ts';
import { sniffContentType } from './sniff-type.ts';
import type { ReflectionSpec } from './test-file.ts';

export interface BackendRequest {
  readonly method: ByteString;
  /** The request target; only origin form and absolute form lead to an endpoint. */
  readonly uri: ByteString;
  readonly body: ByteString;
}

export interface BackendResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: ByteString;
}

export interface Backend {
  answer(request: BackendRequest): BackendResponse;
  /** Lets one endpoint answer so from now on, as `input.response` of a stage wants. */
  configure(method: ByteString, uri: ByteString, response: ReflectionSpec): void;
}

const ENDPOINTS: readonly string[] = [
  '/*',
  '/capabilities',
  '/reflect',
  '/configure_reflection',
  '/reset',
  '/inspect',
];

export function createBackend(): Backend {
  const configured = new Map<string, ReflectionSpec>();
  return {
    answer(request: BackendRequest): BackendResponse {
      return finish(request.method, route(request, configured));
    },
    configure(method: ByteString, uri: ByteString, response: ReflectionSpec): void {
      configured.set(`${method} ${uri}`, response);
    },
  };
}

function route(request: BackendRequest, configured: Map<string, ReflectionSpec>): BackendResponse {
  const { method, uri, body } = request;
  const [path, query] = splitTarget(uri);
  if (path === '/capabilities') return capabilities(query);
  if (path === '/reflect' && method === 'POST') return reflect(readSpec(body));
  if (path === '/configure_reflection' && method === 'POST') return configure(body, configured);
  if (path === '/reset' && method === 'PUT') configured.clear();
  const spec = configured.get(`${method} ${uri}`);
  return spec === undefined ? empty(200) : reflect(spec);
}

/** Path and query; an endpoint's own slash (`/reflect/`) leads to the endpoint as well. */
function splitTarget(uri: ByteString): [path: string, query: string] {
  const [, local] = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*(.*)$/s.exec(uri) ?? [undefined, uri];
  const mark = local!.indexOf('?');
  const path = mark === -1 ? local! : local!.slice(0, mark);
  const bare = path.endsWith('/') && path.length > 1 ? path.slice(0, -1) : path;
  return [bare, mark === -1 ? '' : local!.slice(mark + 1)];
}

function reflect(spec: ReflectionSpec | string): BackendResponse {
  if (typeof spec === 'string') return { status: 400, headers: [], body: spec };
  const status = spec.status || 200;
  if (status < 100 || status > 599) {
    return { status: 400, headers: spec.headers, body: `Invalid status code: ${status}` };
  }
  return { status, headers: spec.headers, body: spec.body };
}

/** The specification in a JSON body, or the text of a 400. */
function readSpec(body: ByteString): ReflectionSpec | string {
  const document = parseObject(body);
  return document === undefined ? 'Invalid JSON in request body' : specOf(document);
}

function specOf(document: ReadonlyMap<string, unknown>): ReflectionSpec | string {
  const status = document.get('status') ?? undefined;
  const headers = document.get('headers') ?? {};
  const text = document.get('body') ?? '';
  const encoded = document.get('encodedbody') ?? '';
  const isTyped =
    (status === undefined || Number.isInteger(status)) &&
    typeof headers === 'object' &&
    !Array.isArray(headers) &&
    Object.values(headers as object).every((value) => typeof value === 'string') &&
    typeof text === 'string' &&
    typeof encoded === 'string';
  if (!isTyped) return 'Invalid JSON in request body';
  const decoded = text === '' ? decodeBase64(encoded) : utf8ByteString(text);
  if (decoded === undefined) return 'invalid base64 encoding of response body';
  return {
    status: status as number | undefined,
    headers: Object.entries(headers as Record<string, string>).map(
      ([name, value]) => [utf8ByteString(name), utf8ByteString(value)] as const,
    ),
    body: decoded,
  };
}

/** Members by lower-case name: Go matches names of fields in any case. */
function parseObject(body: ByteString): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(fromByteString(body)));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
  } catch {
    return undefined;
  }
}

function configure(body: ByteString, configured: Map<string, ReflectionSpec>): BackendResponse {
  const document = parseObject(body);
  const spec = document === undefined ? 'Invalid JSON in request body' : specOf(document);
  if (typeof spec === 'string') return reflect(spec);
  const endpoints: unknown = document?.get('endpoints') ?? [];
  for (const endpoint of Array.isArray(endpoints) ? endpoints : []) {
    const { method, url } = (endpoint ?? {}) as { method?: unknown; url?: unknown };
    if (typeof method !== 'string' || typeof url !== 'string') continue;
    configured.set(`${utf8ByteString(method)} ${utf8ByteString(url)}`, spec);
  }
  return empty(200);
}

function capabilities(query: string): BackendResponse {
  const isQuiet = /(?:^|&)quiet=true(?:&|$)/.test(query);
  const endpoints = ENDPOINTS.map((path) =>
    isQuiet ? { path } : { path, description: 'See the documentation of the test backend.' },
  );
  const indent = /(?:^|&)pretty=true(?:&|$)/.test(query) ? 2 : 0;
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    body: JSON.stringify({ endpoints }, undefined, indent),
  };
}

function empty(status: number): BackendResponse {
  return { status, headers: [], body: '' };
}

/** Adds what Go's server adds: length, and a type for a body without one. */
function finish(method: ByteString, response: BackendResponse): BackendResponse {
  const { status } = response;
  const allowsBody = status >= 200 && status !== 204 && status !== 304;
  const body = allowsBody && method !== 'HEAD' ? response.body : '';
  const headers = [...response.headers];
  const has = (name: string): boolean => valuesOf(headers, name).length > 0;
  // An encoded body is not sniffed: its bytes say nothing about the type inside.
  if (body !== '' && !has('content-type') && !has('content-encoding')) {
    headers.push(['Content-Type', sniffContentType(body)]);
  }
  if (allowsBody && !has('content-length')) {
    headers.push(['Content-Length', String(response.body.length)]);
  }
  return { status, headers, body };
}
