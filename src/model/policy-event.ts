// What policy rules have to tell: one event for each rule that applied to an exchange, masked from the start.

import type { DecisionEffect, DecisionRow } from './decision.ts';

export type PolicyEventKind =
  | 'source'
  | 'signature'
  | 'rate-limit'
  | 'enumeration'
  | 'data-loss'
  | 'actor'
  | 'attribution';

export interface PolicyEvent {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Of the exchange. */
  readonly id: string;
  readonly kind: PolicyEventKind;
  /** The rule's name. */
  readonly rule: string;
  /** The row of the table that the rule speaks for; undefined: it only watches. */
  readonly row: DecisionRow | undefined;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** Rules in testing notify nobody. */
  readonly status: 'active' | 'testing';
  /** A pseudonym; undefined while nobody is known. */
  readonly actor: string | undefined;
  /** The client's address. */
  readonly source: string;
  readonly endpoint: string;
  /** Why, in words. Holds no payload and no personal data in clear. */
  readonly evidence: string;
  /** What the rule wants, and the decision it came to in the end. */
  readonly action: string;
  readonly effect: DecisionEffect;
}
