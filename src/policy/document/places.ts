// Services and endpoints: the names that targets and scopes refer to.

import { z } from 'zod';
import { oneOrMore } from './common.ts';
import { name } from './values.ts';

export interface Service {
  readonly name: string;
  /** Host names without port, lower case; `*.example.com` stands for any one label in front. */
  readonly hosts: readonly string[];
  /** Only paths that begin with one of these. */
  readonly paths?: readonly string[] | undefined;
}

export interface Endpoint {
  /** Default: `GET /users/{id}`, as its method and path say. */
  readonly name?: string | undefined;
  readonly service?: string | undefined;
  /** Default: any. */
  readonly method?: string | undefined;
  /** A template: `/users/{id}`. */
  readonly path: string;
  readonly labels: readonly string[];
}

const host: z.ZodType<string, string> = z
  .string()
  .regex(/^(?:\*\.)?[\p{L}\p{N}_.:[\]-]+$/u, 'is not a host name')
  .transform((text) => text.toLowerCase());

export const service: z.ZodType<Service, unknown> = z.strictObject({
  name,
  hosts: oneOrMore(host),
  paths: oneOrMore(z.string().regex(/^\//, 'has to begin with "/"')).optional(),
});

export const endpoint: z.ZodType<Endpoint, unknown> = z.strictObject({
  name: name.optional(),
  service: name.optional(),
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, 'is not a method')
    .transform((text) => text.toUpperCase())
    .optional(),
  path: z
    .string()
    .regex(/^\//, 'has to begin with "/"')
    .regex(/^(?:\/(?:[^/{}?#]*|\{[A-Za-z_][\w-]*\}))+$/, {
      error: 'is not a template: a parameter is a whole segment, as in /users/{id}',
    }),
  labels: z.array(name).default([]),
});

/** What targets and events call the endpoint. */
export function endpointName({ name: given, method, path }: Endpoint): string {
  return given ?? (method === undefined ? path : `${method} ${path}`);
}
