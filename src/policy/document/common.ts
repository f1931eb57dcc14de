// What every rule has, whatever its type.

import { z } from 'zod';
import { instant, name } from './values.ts';

export type PolicySeverity = 'low' | 'medium' | 'high' | 'critical';

export const severity: z.ZodType<PolicySeverity, PolicySeverity> = z.enum([
  'low',
  'medium',
  'high',
  'critical',
]);

export interface RuleCommon {
  readonly name: string;
  readonly description?: string | undefined;
  readonly enabled: boolean;
  /** Undefined: every environment. */
  readonly environment?: readonly string[] | undefined;
  readonly severity?: PolicySeverity | undefined;
  /** Milliseconds since the epoch. */
  readonly expires?: number | undefined;
}

/** A value or a list of values; a list either way behind the schema. */
export function oneOrMore<Out, In>(item: z.ZodType<Out, In>): z.ZodType<readonly Out[], In | In[]> {
  return z.union([
    item.transform((value): readonly Out[] => [value]),
    z.array(item).min(1, 'is empty'),
  ]);
}

/** The fields of `RuleCommon`, for `z.strictObject({ ...common, ... })`. */
export const common: {
  readonly name: z.ZodType<string, string>;
  readonly description: z.ZodType<string | undefined, string | undefined>;
  readonly enabled: z.ZodDefault<z.ZodBoolean>;
  readonly environment: z.ZodType<readonly string[] | undefined, string | string[] | undefined>;
  readonly severity: z.ZodType<PolicySeverity | undefined, PolicySeverity | undefined>;
  readonly expires: z.ZodType<number | undefined, string | undefined>;
} = {
  name: name.describe('Unique among the rules of this type.'),
  description: z.string().optional(),
  enabled: z.boolean().default(true),
  environment: oneOrMore(name).optional().describe('Where the rule applies; default: everywhere.'),
  severity: severity.optional(),
  expires: instant.optional().describe('From then on the rule does nothing; default: never.'),
};

/** Header fields to add where the exchange goes on. */
export interface Injection {
  readonly request: readonly InjectedHeader[];
  readonly response: readonly InjectedHeader[];
}

export interface InjectedHeader {
  readonly name: string;
  readonly value: string;
}

// They say where a message ends or what one connection does; a second of their kind is how requests are smuggled.
const OF_THE_PROXY: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const header: z.ZodType<InjectedHeader, InjectedHeader> = z.strictObject({
  name: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not the name of a header field')
    .refine((text) => !OF_THE_PROXY.has(text.toLowerCase().replaceAll('_', '-')), {
      error: ({ input }) =>
        `"${String(input)}" cannot be added: it frames the message or is about the connection, and the proxy writes it`,
    }),
  value: z.string().regex(/^(?:\t|\P{Cc})*$/u, 'has control characters'),
});

export const injection: z.ZodType<
  Injection,
  { request?: InjectedHeader[] | undefined; response?: InjectedHeader[] | undefined }
> = z
  .strictObject({ request: z.array(header).default([]), response: z.array(header).default([]) })
  .describe('Header fields added to the request for the application, or to its response.');
