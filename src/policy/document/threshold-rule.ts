// Rate limits, enumeration, and data loss by user: how often is too often, for whom, and what then.

import { z } from 'zod';
import { common, type Injection, injection, oneOrMore, type RuleCommon } from './common.ts';
import { type Criteria, criteria } from './criteria.ts';
import { duration, name } from './values.ts';

/** More than `moreThan` in the window fires. */
export interface StaticCondition {
  readonly moreThan: number;
  /** The window, in milliseconds. */
  readonly in: number;
}

/** More than `percentAbove` % over the mean of user and window fires, once enough is learnt. */
export interface DynamicCondition {
  readonly percentAbove: number;
  readonly in: number;
  /** How long is learnt, in milliseconds. */
  readonly baseline: number;
}

export type ThresholdCondition = StaticCondition | DynamicCondition;

export interface ThresholdScope {
  readonly users: 'each' | 'all';
  readonly endpoints: 'each' | 'all';
}

export type ThresholdAction = 'block' | 'monitor' | 'testing';
export type StoreFailure = 'allow' | 'block' | 'local';

/** What the three types that count share. */
export interface ThresholdRule extends RuleCommon, Criteria {
  /** All must hold. */
  readonly conditions: readonly ThresholdCondition[];
  readonly scope: ThresholdScope;
  readonly action: ThresholdAction;
  /** For `block`: milliseconds, `forever`, or `window`: as long as the longest condition. */
  readonly for?: number | 'forever' | 'window' | undefined;
  readonly inject?: Injection | undefined;
  readonly onStoreFailure: StoreFailure;
}

export interface EnumerationRule extends ThresholdRule {
  /** Where the distinct values are looked for. */
  readonly of: 'body' | 'path' | 'query' | 'sensitive';
  /** Names of parameters; default: all. */
  readonly parameters?: readonly string[] | undefined;
  /** For `sensitive`: data types or data sets; default: all. */
  readonly data?: readonly string[] | undefined;
}

const DAY_MS = 86_400_000;
const count = z.number().int('has to be a whole number').nonnegative('cannot be negative');

const thresholdCondition: z.ZodType<ThresholdCondition, unknown> = z.union([
  z.strictObject({ moreThan: count, in: duration }),
  z.strictObject({
    percentAbove: z.number().nonnegative(),
    in: duration,
    baseline: duration.default(DAY_MS),
  }),
]);

const scope: z.ZodType<ThresholdScope, unknown> = z.strictObject({
  users: z.enum(['each', 'all']).default('each'),
  endpoints: z.enum(['each', 'all']).default('all'),
});

type Field<K extends keyof ThresholdRule> = z.ZodType<ThresholdRule[K], unknown>;

/** The fields of `ThresholdRule`, for schemas of its kinds. */
export const threshold: typeof common &
  typeof criteria & {
    readonly conditions: Field<'conditions'>;
    readonly scope: Field<'scope'>;
    readonly action: Field<'action'>;
    readonly for: Field<'for'>;
    readonly inject: Field<'inject'>;
    readonly onStoreFailure: Field<'onStoreFailure'>;
  } = {
  ...common,
  ...criteria,
  conditions: oneOrMore(thresholdCondition).describe(
    'More than N in a time, or P % above the mean.',
  ),
  scope: scope.default({ users: 'each', endpoints: 'all' }),
  action: z.enum(['block', 'monitor', 'testing']),
  for: z.union([z.literal('forever'), z.literal('window'), duration]).optional(),
  inject: injection.optional(),
  onStoreFailure: z.enum(['allow', 'block', 'local']).default('local'),
};

export const rateLimitRule: z.ZodType<ThresholdRule, unknown> = z
  .strictObject(threshold)
  .describe('A rate limit.');

export const enumerationRule: z.ZodType<EnumerationRule, unknown> = z
  .strictObject({
    ...threshold,
    of: z.enum(['body', 'path', 'query', 'sensitive']),
    parameters: oneOrMore(name).optional(),
    data: oneOrMore(name).optional(),
  })
  .describe('Enumeration: too many distinct values.');
