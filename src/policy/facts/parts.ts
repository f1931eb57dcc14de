// The values of a part of the message, as conditions name them. Byte strings, as received; parameters and
// paths are decoded once, as the application reads them.

import { asciiLower } from '../../base/ascii.ts';
import type { Pair } from '../../model/pair.ts';
import type { TransactionView } from '../../model/view.ts';
import type { MessagePart } from '../document/criteria.ts';
import { hostOf, pathOf } from './places.ts';
import type { Needs } from './seen.ts';
import type { Stage } from './stage.ts';

/** Values of the part, those named `name` (lower case for header fields) where one is given. */
type Read = (view: TransactionView, name: string | undefined) => readonly string[];

interface Part {
  readonly stage: Stage;
  readonly read: Read;
  /** Names are compared without regard to case. */
  readonly caselessNames?: boolean;
  /** Upper and lower case of its values mean the same; they are read in lower case. */
  readonly caseless?: boolean;
  /** What has to have been seen for its absence to be certain; undefined: always seen. */
  readonly needs?: Needs;
  /** It is a number that grows with what was not seen. */
  readonly counts?: boolean;
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

/** The path as sent and decoded, and as an application resolves it. */
function paths({ request }: TransactionView): readonly string[] {
  const path = pathOf(request);
  return path === request.filename ? [path] : [request.filename, path];
}

/** With the host and without, so that a pattern for the beginning may mean either. */
function urls(view: TransactionView): readonly string[] {
  const { request } = view;
  const query = request.query === undefined ? '' : `?${request.query}`;
  const host = hostOf(request);
  return paths(view).flatMap((path) => [`${host}${path}${query}`, `${path}${query}`]);
}

export const MESSAGE_PARTS: Readonly<Record<MessagePart, Part>> = Object.freeze({
  'request.url': { stage: 'head', read: urls },
  'request.path': { stage: 'head', read: paths },
  'request.query': {
    stage: 'head',
    read: ({ request }) => (request.query === undefined ? [] : [request.query]),
  },
  'request.host': {
    stage: 'head',
    caseless: true,
    read: ({ request }) => [hostOf(request)].filter((host) => host !== ''),
  },
  'request.method': { stage: 'head', read: ({ request }) => [request.method] },
  'request.header': {
    stage: 'head',
    caselessNames: true,
    read: ({ request }, name) => fields(request.headers.pairs, name),
  },
  'request.headerName': {
    stage: 'head',
    caseless: true,
    read: ({ request }) => keys(request.headers.pairs).map(asciiLower),
  },
  'request.queryParameter': {
    stage: 'head',
    needs: 'arguments',
    read: ({ request }, name) => values(request.argsGet.pairs, name),
  },
  'request.queryParameterName': {
    stage: 'head',
    needs: 'arguments',
    read: ({ request }) => keys(request.argsGet.pairs),
  },
  'request.bodyParameter': {
    stage: 'request',
    needs: 'parsed',
    read: (view, name) =>
      bodyParameters(view)
        .filter(({ key }) => name === undefined || key === name || plainName(key) === name)
        .map(({ value }) => value),
  },
  'request.bodyParameterName': {
    stage: 'request',
    needs: 'parsed',
    read: (view) => bodyParameters(view).flatMap(({ key }) => [...new Set([key, plainName(key)])]),
  },
  'request.cookie': {
    stage: 'head',
    needs: 'arguments',
    read: ({ request }, name) => values(request.cookies.pairs, name),
  },
  'request.cookieName': {
    stage: 'head',
    needs: 'arguments',
    read: ({ request }) => keys(request.cookies.pairs),
  },
  // The bytes of any type: what a client calls its body must not decide whether it is looked at.
  'request.body': {
    stage: 'request',
    needs: 'bytes',
    read: ({ rawBody }) => (rawBody === undefined ? [] : [rawBody]),
  },
  'request.bodySize': {
    stage: 'request',
    needs: 'bytes',
    counts: true,
    read: ({ body }) => [String(body.length ?? 0)],
  },
  'request.parameterCount': {
    stage: 'request',
    needs: 'parsed',
    counts: true,
    read: ({ request }) => [String(request.args.pairs.length)],
  },
  'request.headerCount': {
    stage: 'head',
    read: ({ request }) => [String(request.headers.pairs.length)],
  },
  'request.cookieCount': {
    stage: 'head',
    needs: 'arguments',
    counts: true,
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
    caseless: true,
    read: ({ response }) => keys(response.headers.pairs).map(asciiLower),
  },
  'response.body': {
    stage: 'response',
    needs: 'response',
    read: ({ response }) => (response.body === undefined ? [] : [response.body]),
  },
  'response.bodySize': {
    stage: 'response',
    needs: 'response',
    counts: true,
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

/** Members of JSON bodies are called `json.user.id`; documents say `user.id`, too. */
export function plainName(key: string): string {
  return key.startsWith('json.') ? key.slice('json.'.length) : key;
}
