// The sections of the policy document that say what is known of addresses, email addresses and user agents,
// and which addresses are internal.

import { z } from 'zod';
import type { IpType } from '../document/criteria.ts';
import { addressRange } from '../document/values.ts';

export const RANGE_KINDS = [
  'ipType',
  'connection',
  'reputation',
  'region',
  'asn',
  'organisation',
] as const;
export type RangeKind = (typeof RANGE_KINDS)[number];

/** What `ipType` lists may say: what the criteria know, and scanners. */
export type ListedIpType = IpType | 'scanner';

export interface DatabaseOptions {
  readonly mmdb: string;
}

export interface RangeListOptions {
  readonly file: string;
  readonly kind: RangeKind;
  /** What every range in the file is; undefined: the file says it of each. */
  readonly value?: string | number | undefined;
}

export interface ListOptions {
  /** Whether the list of a maintained package is used. */
  readonly package: boolean;
  readonly files: readonly string[];
}

export interface IntelligenceOptions {
  readonly geo?: DatabaseOptions | undefined;
  readonly asn?: DatabaseOptions | undefined;
  readonly ipTypes?: DatabaseOptions | undefined;
  readonly connections?: DatabaseOptions | undefined;
  readonly ranges: readonly RangeListOptions[];
  readonly disposableDomains: ListOptions;
  readonly leakedEmails?: { readonly files: readonly string[] } | undefined;
  readonly emailFraudScores?: { readonly file: string } | undefined;
  readonly bots: ListOptions;
  readonly scanners: ListOptions;
}

const file = z.string().min(1, 'is empty');

const database = z.strictObject({ mmdb: file.describe("A file in MaxMind's MMDB format.") });

const rangeList: z.ZodType<RangeListOptions, unknown> = z
  .strictObject({
    file: file.describe(
      'Lines of range,value; or JSON: [{"range": ..., "value": ...}] or {"range": value}. A range is an address, a prefix, or first-last.',
    ),
    kind: z.enum([...RANGE_KINDS]).describe('What the file tells of its ranges.'),
    value: z
      .union([z.string(), z.number()])
      .optional()
      .describe('What every range in the file is; its lines are ranges only then.'),
  })
  .describe('A list of address ranges with what is known of them.');

const listFields = {
  package: z.boolean().default(true).describe('Use the list of the package that comes along.'),
};

const agents = z.strictObject({
  ...listFields,
  files: z
    .array(file)
    .default([])
    .describe('One word of a user agent a line, in any case; /regex/ for a pattern.'),
});

const ON: ListOptions = Object.freeze({ package: true, files: Object.freeze([]) as never });

export const intelligence: z.ZodType<IntelligenceOptions, unknown> = z
  .strictObject({
    geo: database.optional().describe('Countries and subdivisions.'),
    asn: database.optional().describe('Numbers and names of autonomous systems.'),
    ipTypes: database.optional().describe('Anonymous VPNs, hosting, proxies, Tor exit nodes.'),
    connections: database.optional().describe('Connection types.'),
    ranges: z.array(rangeList).default([]),
    disposableDomains: z
      .strictObject({
        ...listFields,
        files: z.array(file).default([]).describe('One domain a line; subdomains count.'),
      })
      .default({ ...ON, files: [] })
      .describe('Domains of throw-away email addresses.'),
    leakedEmails: z
      .strictObject({
        files: z
          .array(file)
          .min(1, 'is empty')
          .describe('One address a line, or its SHA-256, SHA-1 or MD5 in hexadecimal.'),
      })
      .optional(),
    emailFraudScores: z
      .strictObject({ file: file.describe('Lines of address,score or domain,score; 0 to 100.') })
      .optional(),
    bots: agents.default({ ...ON, files: [] }).describe('User agents of bots.'),
    scanners: agents
      .default({ ...ON, files: [] })
      .describe('User agents of vulnerability scanners.'),
  })
  .describe('Where facts on addresses, email addresses and user agents come from.');

export interface InternalAddresses {
  /** Beside private, loopback and link-local addresses. */
  readonly ranges: readonly string[];
  /** Whether rows that block a source apply to internal ones too. */
  readonly blockSources: boolean;
}

export const internalAddresses: z.ZodType<InternalAddresses, unknown> = z
  .strictObject({
    ranges: z
      .array(addressRange)
      .default([])
      .describe('Internal beside private, loopback and link-local addresses.'),
    blockSources: z
      .boolean()
      .default(false)
      .describe('Whether rows that block a source block internal addresses too.'),
  })
  .describe('Addresses that rows on sources do not block.');
