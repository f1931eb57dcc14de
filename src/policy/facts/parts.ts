// The values of a part of the message, as conditions name them. Byte strings, as received; parameters and
// paths are decoded once, as the application reads them.

import { asciiLower } from '../../base/ascii.ts';
import type { Pair } from '../../model/pair.ts';
import type { TransactionView } from '../../model/view.ts';
import type { MessagePart } from '../document/criteria.ts';
import type { Stage } from './stage.ts';

/** Values of the part, those named `name` (lower case for header fields) where one is given. */
type Read = (view: TransactionView, name: string | undefined) => readonly string[];

interface Part {
  readonly stage: Stage;
  readonly read: Read;
  /** Names are compared without regard to case. */
  readonly caselessNames?: boolean;
}

const values = (pairs: readonly Pair[], name: string | undefined): readonly string[] =>
  (name === undefined ? pairs : pairs.filter(({ key }) => key === name)).map(({ value }) => value);

const keys = (pairs: readonly Pair[]): readonly string[] => pairs.map(({ key }) => key);

const fields = (pairs: readonly Pair[], name: string | undefined): readonly string[] =>
  (name === undefined ? pairs : pairs.filter(({ key }) => asciiLower(key) === name)).map(
    ({ value }) => value,
  );

/** `name=value` of the Set-Cookie fields. */
function setCookies(view: TransactionView): readonly Pair[] {
  return fields(view.response.headers.pairs, 'set-cookie').map((field) => {
    const [pair = ''] = field.split(';', 1);
    const at = pair.indexOf('=');
    return at < 0
      ? { key: pair.trim(), value: '' }
      : { key: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() };
  });
}

function url({ request }: TransactionView): string {
  const host = fields(request.headers.pairs, 'host')[0] ?? '';
  return `${host}${request.filename}${request.query === undefined ? '' : `?${request.query}`}`;
}

export const MESSAGE_PARTS: Readonly<Record<MessagePart, Part>> = Object.freeze({
  'request.url': { stage: 'head', read: (view) => [url(view)] },
  'request.path': { stage: 'head', read: ({ request }) => [request.filename] },
  'request.query': {
    stage: 'head',
    read: ({ request }) => (request.query === undefined ? [] : [request.query]),
  },
  'request.host': {
    stage: 'head',
    read: ({ request }) =>
      fields(request.headers.pairs, 'host').map((host) => asciiLower(host.replace(/:\d*$/, ''))),
  },
  'request.method': { stage: 'head', read: ({ request }) => [request.method] },
  'request.header': {
    stage: 'head',
    caselessNames: true,
    read: ({ request }, name) => fields(request.headers.pairs, name),
  },
  'request.headerName': {
    stage: 'head',
    read: ({ request }) => keys(request.headers.pairs).map(asciiLower),
  },
  'request.queryParameter': {
    stage: 'head',
    read: ({ request }, name) => values(request.argsGet.pairs, name),
  },
  'request.queryParameterName': {
    stage: 'head',
    read: ({ request }) => keys(request.argsGet.pairs),
  },
  'request.bodyParameter': {
    stage: 'request',
    read: (view, name) => values(bodyParameters(view), name),
  },
  'request.bodyParameterName': { stage: 'request', read: (view) => keys(bodyParameters(view)) },
  'request.cookie': {
    stage: 'head',
    read: ({ request }, name) => values(request.cookies.pairs, name),
  },
  'request.cookieName': { stage: 'head', read: ({ request }) => keys(request.cookies.pairs) },
  'request.body': {
    stage: 'request',
    read: ({ body }) => (body.text === undefined ? [] : [body.text]),
  },
  'request.bodySize': { stage: 'request', read: ({ body }) => [String(body.length ?? 0)] },
  'request.parameterCount': {
    stage: 'request',
    read: ({ request }) => [String(request.args.pairs.length)],
  },
  'request.headerCount': {
    stage: 'head',
    read: ({ request }) => [String(request.headers.pairs.length)],
  },
  'request.cookieCount': {
    stage: 'head',
    read: ({ request }) => [String(request.cookies.pairs.length)],
  },
  'response.status': {
    stage: 'responseHead',
    read: ({ response }) => (response.status === undefined ? [] : [String(response.status)]),
  },
  'response.header': {
    stage: 'responseHead',
    caselessNames: true,
    read: ({ response }, name) => fields(response.headers.pairs, name),
  },
  'response.headerName': {
    stage: 'responseHead',
    read: ({ response }) => keys(response.headers.pairs).map(asciiLower),
  },
  'response.body': {
    stage: 'response',
    read: ({ response }) => (response.body === undefined ? [] : [response.body]),
  },
  'response.bodySize': {
    stage: 'response',
    read: ({ response }) => [String(response.contentLength)],
  },
  'response.headerCount': {
    stage: 'responseHead',
    read: ({ response }) => [String(response.headers.pairs.length)],
  },
  'response.cookie': {
    stage: 'responseHead',
    read: (view, name) => values(setCookies(view), name),
  },
  'response.cookieName': { stage: 'responseHead', read: (view) => keys(setCookies(view)) },
});

/**
 * The arguments that the body brought, JSON and XML included. `args` holds those of the query first, then
 * those of the body.
 */
export function bodyParameters({ request }: TransactionView): readonly Pair[] {
  return request.args.pairs.slice(request.argsGet.pairs.length);
}
