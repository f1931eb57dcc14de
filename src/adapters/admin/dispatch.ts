// A request to its route: the token first, then the path, the query, the precondition and the body.
//
// Promise: whatever comes, the answer is JSON with a stable code, and nothing of the token is in it.

import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { problemsOf } from '../../policy/document/issue-words.ts';
import type { JsonSchema } from '../../policy/document/json-schema.ts';
import type { AdminContext } from './admin-context.ts';
import { AdminError, asAdminError, errorBody } from './admin-error.ts';
import type { TokenTest } from './admin-token.ts';
import type { AdminReply, Route } from './route.ts';
import { ROUTES } from './routes.ts';

export interface DispatchOptions {
  readonly context: AdminContext;
  readonly hasToken: TokenTest;
  readonly maxBodyBytes: number;
  /** A fault of ours. */
  readonly onError: (error: unknown) => void;
}

/** Never rejects. */
export async function dispatch(
  request: IncomingMessage,
  { context, hasToken, maxBodyBytes, onError }: DispatchOptions,
): Promise<AdminReply> {
  try {
    const [path = '', query = ''] = splitTarget(request.url ?? '');
    const found = ROUTES.flatMap((route) => {
      const parts = matchPath(route.path, path);
      return parts === undefined ? [] : [{ route, parts }];
    });
    const match = found.find(({ route }) => route.method === request.method);
    // Who has no token does not learn which paths there are.
    if (match?.route.isOpen !== true && !hasToken(request.headers.authorization)) {
      throw new AdminError(401, 'unauthorized', 'the token is missing or wrong', {
        help: 'send Authorization: Bearer TOKEN',
        headers: { 'WWW-Authenticate': 'Bearer realm="portcullis"' },
      });
    }
    if (match === undefined) throw noRoute(request, path, found);
    const { route, parts } = match;
    const call = {
      path: parts,
      query: readQuery(route, query),
      version: readVersion(route, request.headers['if-match']),
      body: route.body && (await readBody(request, route.body, maxBodyBytes)),
    };
    return await route.run(context, call);
  } catch (error) {
    const known = asAdminError(error);
    if (known === undefined) onError(error);
    const told = known ?? new AdminError(500, 'internal', 'the server failed; its log says more');
    return { status: told.status, body: errorBody(told), headers: told.headers };
  }
}

function splitTarget(target: string): readonly string[] {
  const at = target.indexOf('?');
  return at < 0 ? [target] : [target.slice(0, at), target.slice(at + 1)];
}

function noRoute(
  { method }: IncomingMessage,
  path: string,
  found: readonly { readonly route: Route }[],
): AdminError {
  if (found.length === 0) {
    return new AdminError(404, 'no-route', `there is nothing at ${path.slice(0, 200)}`, {
      help: 'GET /openapi.json lists all paths',
    });
  }
  const allowed = found.map(({ route }) => route.method).join(', ');
  const message = `${path.slice(0, 200)} takes ${allowed}, not ${method}`;
  return new AdminError(405, 'method-not-allowed', message, {
    headers: { Allow: allowed },
  });
}

/** The parameters of the path, or undefined when it is another one. */
export function matchPath(
  template: string,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const text = given[at] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== text) return undefined;
      continue;
    }
    const decoded = decodedSegment(text);
    if (decoded === undefined || decoded === '') return undefined;
    parts[segment.slice(1, -1)] = decoded;
  }
  return parts;
}

function decodedSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function readQuery({ query }: Route, text: string): unknown {
  const given: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in given) throw new AdminError(400, 'bad-query', `"${name}" is given twice`);
    given[name] = value;
  }
  const [unknown] = Object.keys(given);
  if (query === undefined) {
    if (unknown === undefined) return undefined;
    throw new AdminError(400, 'bad-query', `"${unknown}" is not a parameter of this path`);
  }
  return validated(query, { ...given }, 'bad-query');
}

const MOST_PROBLEMS = 10;

function validated(schema: z.ZodType, value: unknown, code: 'bad-query' | 'bad-body'): unknown {
  const result = schema.safeParse(value, { jitless: true, reportInput: true });
  if (result.success) return result.data;
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const whole = code === 'bad-query' ? 'the query' : 'the body';
  const problems = problemsOf(result.error.issues, shape, whole).slice(0, MOST_PROBLEMS);
  const helps = [...new Set(problems.flatMap(({ help }) => help ?? []))];
  throw new AdminError(400, code, problems.map(({ message }) => message).join('; '), {
    help: helps.length === 0 ? undefined : helps.join('; '),
  });
}

/** The version that `If-Match` names; undefined for `*`. */
function readVersion({ ifMatch }: Route, field: string | undefined): string | undefined {
  if (ifMatch === undefined) return undefined;
  const text = field?.trim();
  if (text === undefined || text === '') {
    if (ifMatch === 'optional') return undefined;
    throw new AdminError(428, 'precondition-required', 'this change needs If-Match', {
      help: 'send the ETag of the rule or the policy as you have seen it, or "*" for any',
    });
  }
  if (text === '*') return undefined;
  // A weak tag never matches here (RFC 9110, 13.1.1), and of several only one could be the document's.
  const tag = /^"([\x21\x23-\x7e]*)"$/.exec(text)?.[1];
  if (tag !== undefined) return tag;
  throw new AdminError(400, 'bad-if-match', 'If-Match is not one strong entity tag', {
    help: 'send the ETag as it came, with its quotes',
  });
}

async function readBody(
  request: IncomingMessage,
  schema: z.ZodType,
  maxBytes: number,
): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new AdminError(415, 'unsupported-media-type', 'the body is not application/json');
  }
  const tooLarge = (): AdminError =>
    new AdminError(413, 'body-too-large', `the body is larger than ${maxBytes} bytes`, {
      headers: { Connection: 'close' },
    });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new AdminError(400, 'bad-body', 'the body is not JSON in UTF-8');
  }
  return validated(schema, value, 'bad-body');
}
