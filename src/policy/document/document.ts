// The policy document: one schema that validates, gives the types, and is published for editors.
//
// Every section may be left out, so that a folder of files can be merged into one document.

import { z } from 'zod';
import { type DecisionRow, ROWS } from '../../model/decision.ts';
import {
  type AttributionRule,
  attributionRule,
  type ClientAddressOptions,
  clientAddress,
  type HashKeyOptions,
  type HashPattern,
  hashKey,
  hashPattern,
} from '../attribution/schema.ts';
import {
  type IntelligenceOptions,
  type InternalAddresses,
  intelligence,
  internalAddresses,
} from '../intelligence/schema.ts';
import { type ActorOptions, actorOptions } from './actor-options.ts';
import { type DataLossRule, dataLossRule } from './data-loss-rule.ts';
import { type EventSinks, eventSinks } from './event-sinks.ts';
import { type Endpoint, endpoint, type Service, service } from './places.ts';
import { type SignatureRule, signatureRule } from './signature-rule.ts';
import { type SourceRule, sourceRule } from './source-rule.ts';
import {
  type EnumerationRule,
  enumerationRule,
  rateLimitRule,
  type ThresholdRule,
} from './threshold-rule.ts';
import { addressRange, domain, name, pattern } from './values.ts';

/** Rows 1 to 3 of the table, by hand. */
export interface AllowList {
  readonly addresses: readonly string[];
  /** User ids. */
  readonly actors: readonly string[];
  readonly emailDomains: readonly string[];
}

/** Rows 9 and 12, by hand. */
export interface BlockList {
  readonly actors: readonly string[];
  /** Every other domain is blocked; undefined: no such rule. */
  readonly allEmailDomainsExcept?: readonly string[] | undefined;
}

export interface OwnDataType {
  readonly name: string;
  readonly summary?: string | undefined;
  readonly pattern: string;
  readonly ignoreCase: boolean;
  readonly checksum?: string | undefined;
  readonly context?: readonly string[] | undefined;
}

export interface OwnDataSet {
  readonly name: string;
  readonly types: readonly string[];
}

export interface PolicySections {
  readonly version?: 1 | undefined;
  readonly table?: readonly DecisionRow[] | undefined;
  readonly allow?: AllowList | undefined;
  readonly block?: BlockList | undefined;
  readonly onEngineError?: 'block' | 'allow' | undefined;
  readonly clientAddress?: ClientAddressOptions | undefined;
  readonly attribution: readonly AttributionRule[];
  readonly hashKey?: HashKeyOptions | undefined;
  readonly hashPatterns: readonly HashPattern[];
  readonly intelligence?: IntelligenceOptions | undefined;
  readonly internalAddresses?: InternalAddresses | undefined;
  readonly actors?: ActorOptions | undefined;
  readonly services: readonly Service[];
  readonly endpoints: readonly Endpoint[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly dataTypes: readonly OwnDataType[];
  readonly dataSets: readonly OwnDataSet[];
  readonly sources: readonly SourceRule[];
  readonly signatures: readonly SignatureRule[];
  readonly rateLimits: readonly ThresholdRule[];
  readonly dataLossPrevention: readonly DataLossRule[];
  readonly enumeration: readonly EnumerationRule[];
  readonly events?: EventSinks | undefined;
}

const allowList: z.ZodType<AllowList, unknown> = z.strictObject({
  addresses: z.array(addressRange).default([]),
  actors: z.array(z.string()).default([]).describe('User ids that are never blocked.'),
  emailDomains: z.array(domain).default([]),
});

const blockList: z.ZodType<BlockList, unknown> = z.strictObject({
  actors: z.array(z.string()).default([]).describe('User ids that are blocked.'),
  allEmailDomainsExcept: z.array(domain).min(1, 'is empty').optional(),
});

const ownDataType: z.ZodType<OwnDataType, unknown> = z.strictObject({
  name,
  summary: z.string().optional(),
  pattern,
  ignoreCase: z.boolean().default(false),
  checksum: z.string().optional(),
  context: z.array(z.string()).optional(),
});

export const policyDocument: z.ZodType<PolicySections, unknown> = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1).optional(),
    table: z
      .array(z.enum([...ROWS]))
      .optional()
      .describe('The rows of the priority table in another order; each once, "fallback" last.'),
    allow: allowList.optional(),
    block: blockList.optional(),
    onEngineError: z.enum(['block', 'allow']).optional(),
    clientAddress: clientAddress.optional(),
    attribution: z.array(attributionRule).default([]),
    hashKey: hashKey.optional(),
    hashPatterns: z.array(hashPattern).default([]),
    intelligence: intelligence.optional(),
    internalAddresses: internalAddresses.optional(),
    actors: actorOptions.optional(),
    services: z.array(service).default([]),
    endpoints: z.array(endpoint).default([]),
    lists: z.record(z.string(), z.array(z.string())).default({}),
    dataTypes: z.array(ownDataType).default([]),
    dataSets: z.array(z.strictObject({ name, types: z.array(name).min(1) })).default([]),
    sources: z.array(sourceRule).default([]),
    signatures: z.array(signatureRule).default([]),
    rateLimits: z.array(rateLimitRule).default([]),
    dataLossPrevention: z.array(dataLossRule).default([]),
    enumeration: z.array(enumerationRule).default([]),
    events: eventSinks.optional(),
  })
  .transform(({ $schema: _, ...sections }): PolicySections => sections);
