// Where events go. What they hold and mask is the business of who writes them.

import { z } from 'zod';
import { type PolicySeverity, severity } from './common.ts';

export interface EventSinks {
  /** A path; one JSON object a line. */
  readonly file?: string | undefined;
  readonly webhook?: Webhook | undefined;
  readonly stdout: boolean;
  /** Events below this are not written. */
  readonly leastSeverity?: PolicySeverity | undefined;
  /** Whether events of rules in testing are written; default true. */
  readonly testing: boolean;
  /** Whether client addresses are cut to their network (/24, /48); default false. */
  readonly maskAddresses: boolean;
}

export interface Webhook {
  readonly url: string;
  /** The environment variable that holds the token for `Authorization: Bearer`. */
  readonly tokenEnv?: string | undefined;
}

export const eventSinks: z.ZodType<EventSinks, unknown> = z.strictObject({
  file: z.string().optional(),
  webhook: z
    .strictObject({
      url: z.string().regex(/^https?:\/\//, 'has to begin with http:// or https://'),
      tokenEnv: z.string().optional(),
    })
    .optional(),
  stdout: z.boolean().default(false),
  leastSeverity: severity.optional(),
  testing: z.boolean().default(true).describe('Whether events of rules in testing are written.'),
  maskAddresses: z
    .boolean()
    .default(false)
    .describe('Whether client addresses are cut to their network: /24, or /48 for IPv6.'),
});
