// Data loss prevention: who may receive which data, and how much of it.

import { z } from 'zod';
import { common, type Injection, injection, oneOrMore, type RuleCommon } from './common.ts';
import { type Criteria, criteria } from './criteria.ts';
import { type ThresholdRule, threshold } from './threshold-rule.ts';
import { name } from './values.ts';

export type DataPlace = 'request' | 'response' | 'both';

interface DataFields {
  /** Names of data types or data sets. */
  readonly data: readonly string[];
  readonly in: DataPlace;
}

/** Judges one exchange. */
export interface DataRequestRule extends RuleCommon, Criteria, DataFields {
  readonly kind: 'request';
  readonly action: 'allow' | 'monitor' | 'testing' | 'block' | 'redact';
  readonly inject?: Injection | undefined;
}

/** Counts the sensitive values that a user has seen. */
export interface DataUserRule extends ThresholdRule, DataFields {
  readonly kind: 'user';
  readonly count: 'values' | 'distinct';
}

export type DataLossRule = DataRequestRule | DataUserRule;

const dataFields = {
  data: oneOrMore(name).describe('Data types or data sets: card, email, pii, ...'),
  in: z.enum(['request', 'response', 'both']).default('response'),
} as const;

const requestRule = z.strictObject({
  ...common,
  ...criteria,
  ...dataFields,
  kind: z.literal('request'),
  action: z.enum(['allow', 'monitor', 'testing', 'block', 'redact']),
  inject: injection.optional(),
});

const userRule = z.strictObject({
  ...threshold,
  ...dataFields,
  kind: z.literal('user'),
  count: z.enum(['values', 'distinct']).default('values'),
});

export const dataLossRule: z.ZodType<DataLossRule, unknown> = z
  .discriminatedUnion('kind', [requestRule, userRule])
  .describe('Data loss prevention: by request, or by what a user has seen.');
