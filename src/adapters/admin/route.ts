// A route as a record: what dispatches a request is what the OpenAPI document is made from.

import type { z } from 'zod';
import type { AdminContext } from './admin-context.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface AdminReply {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead. */
  readonly text?: { readonly type: string; readonly content: string } | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface AdminCall<Query, Body> {
  /** From the path, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** The version of the document that the caller has seen; undefined: any. */
  readonly version: string | undefined;
}

export interface RouteAnswer {
  readonly status: number;
  readonly description: string;
  readonly schema?: z.ZodType | undefined;
  /** Default: application/json. */
  readonly type?: string | undefined;
}

interface RouteFacts {
  /** Also the operation's id. */
  readonly id: string;
  readonly method: Method;
  /** `/rules/{section}/{name}` */
  readonly path: string;
  readonly summary: string;
  /** Needs no token. */
  readonly isOpen?: boolean | undefined;
  /** `If-Match`: `required` where a write could undo what somebody else has written. */
  readonly ifMatch?: 'required' | 'optional' | undefined;
  readonly answers: readonly RouteAnswer[];
}

export interface RouteDefinition<Query, Body> extends RouteFacts {
  readonly query?: z.ZodObject | undefined;
  readonly body?: z.ZodType<Body> | undefined;
  readonly run: (context: AdminContext, call: AdminCall<Query, Body>) => Promise<AdminReply>;
}

export interface Route extends RouteFacts {
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  /** Query and body have been validated with the schemas above. */
  readonly run: (context: AdminContext, call: AdminCall<unknown, unknown>) => Promise<AdminReply>;
}

export function defineRoute<Query = undefined, Body = undefined>({
  query,
  body,
  run,
  ...facts
}: RouteDefinition<Query, Body>): Route {
  return {
    ...facts,
    query,
    body,
    run: (context, call) => run(context, call as AdminCall<Query, Body>),
  };
}

export function ok(body: unknown, headers?: Readonly<Record<string, string>>): AdminReply {
  return { status: 200, body, headers };
}

/** The version of a document as an entity tag. */
export const etag = (version: string): Readonly<Record<string, string>> => ({
  ETag: `"${version}"`,
});
