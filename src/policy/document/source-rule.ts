// Malicious sources: who is kept out, let in, or watched, by address, region, email or kind of address.

import { z } from 'zod';
import { common, oneOrMore, type RuleCommon } from './common.ts';
import { IP_TYPES, type IpType } from './criteria.ts';
import { addressRange, domain, pattern, region } from './values.ts';

export interface EmailCriteria {
  readonly disposable: boolean;
  readonly leaked: boolean;
  readonly domains: readonly string[];
  readonly matches: readonly string[];
  /** 0 to 100; higher is worse. */
  readonly fraudScoreAbove?: number | undefined;
}

export const SOURCE_ACTIONS = ['block', 'allow', 'blockAllExcept', 'monitor'] as const;
export type SourceAction = (typeof SOURCE_ACTIONS)[number];

/** Exactly one of `addresses`, `regions`, `emails`, `ipTypes` is there. */
export interface SourceRule extends RuleCommon {
  readonly action: SourceAction;
  /** For `allow`: whether signatures and the rule engine are overridden too. */
  readonly covers?: 'sources' | 'everything' | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly emails?: EmailCriteria | undefined;
  readonly ipTypes?: readonly IpType[] | undefined;
}

export type SourceCriterion = 'addresses' | 'regions' | 'emails' | 'ipTypes';

/** What may be done by which criterion; anything else is refused. */
export const SOURCE_MATRIX: Readonly<Record<SourceCriterion, readonly SourceAction[]>> =
  Object.freeze({
    addresses: ['block', 'allow', 'blockAllExcept', 'monitor'],
    regions: ['block', 'blockAllExcept', 'monitor'],
    emails: ['block', 'monitor'],
    ipTypes: ['block', 'monitor'],
  });

const emails: z.ZodType<EmailCriteria, unknown> = z
  .strictObject({
    disposable: z.boolean().default(false),
    leaked: z.boolean().default(false),
    domains: z.array(domain).default([]),
    matches: z.array(pattern).default([]).describe('Patterns over the whole address.'),
    fraudScoreAbove: z.number().min(0).max(100).optional(),
  })
  .describe('Any of these is enough.');

export const sourceRule: z.ZodType<SourceRule, unknown> = z
  .strictObject({
    ...common,
    action: z.enum([...SOURCE_ACTIONS]),
    covers: z
      .enum(['sources', 'everything'])
      .optional()
      .describe(
        'With allow. sources (default): source rules and thresholds; everything: signatures and the rule engine too.',
      ),
    addresses: oneOrMore(addressRange).optional(),
    regions: oneOrMore(region).optional(),
    emails: emails.optional(),
    ipTypes: oneOrMore(z.enum([...IP_TYPES])).optional(),
  })
  .meta({
    description: 'A malicious source: one criterion, one action.',
    // The matrix, for editors; policy/check says the same in words.
    oneOf: Object.entries(SOURCE_MATRIX).map(([criterion, actions]) => ({
      required: [criterion],
      properties: { [criterion]: true, action: { enum: actions } },
    })),
  });
