// Custom signatures: an exchange that looks like this is blocked, allowed or watched.

import { z } from 'zod';
import { common, type Injection, injection, type RuleCommon } from './common.ts';
import { type Criteria, criteria } from './criteria.ts';
import { duration } from './values.ts';

export const SIGNATURE_ACTIONS = ['testing', 'allow', 'monitor', 'block'] as const;
export type SignatureAction = (typeof SIGNATURE_ACTIONS)[number];

export interface SignatureRule extends RuleCommon, Criteria {
  readonly action: SignatureAction;
  /** Milliseconds for which the actor is blocked or allowed; undefined: this request only. */
  readonly for?: number | undefined;
  readonly inject?: Injection | undefined;
  /** Where the rule is evaluated; a process says which point it is. */
  readonly at: 'inline' | 'edge';
  /** One Sec Rule or chain, as text. */
  readonly secRule?: string | undefined;
}

export const signatureRule: z.ZodType<SignatureRule, unknown> = z
  .strictObject({
    ...common,
    ...criteria,
    action: z.enum([...SIGNATURE_ACTIONS]),
    for: duration
      .optional()
      .describe('Block or allow the user for a while; default: this request.'),
    inject: injection.optional(),
    at: z.enum(['inline', 'edge']).default('inline'),
    secRule: z.string().optional().describe('One Sec Rule, or one chain.'),
  })
  .meta({
    description: 'A custom signature: all that is given must hold.',
    // Which field goes with which action, for editors; policy/check says the same in words.
    allOf: [
      onlyWith('inject', ['testing', 'allow', 'monitor']),
      onlyWith('severity', ['monitor', 'block']),
      onlyWith('for', ['allow', 'block']),
    ],
  });

function onlyWith(field: string, actions: readonly SignatureAction[]): object {
  return {
    anyOf: [{ properties: { action: { enum: actions } } }, { properties: { [field]: false } }],
  };
}
