// What the API works on; whoever starts it gives it.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ExchangeRecord } from '../../model/exchange.ts';
import type { ExchangeOutcome } from '../../model/transaction.ts';
import type { PolicyText } from '../../policy/document/positions.ts';
import type { CheckedPolicy, Policy } from '../../waf/policy.ts';
import type { PolicyBook } from '../../waf/policy-book.ts';
import type { MetricFamily } from '../metrics/metric.ts';
import type { ActorDesk } from './actor-desk.ts';
import type { EventRing } from './event-ring.ts';

export interface AdminContext {
  readonly version: string;
  /** The documents on disk; undefined when the waf runs without a policy. */
  readonly book: PolicyBook | undefined;
  /** Checks texts as the running waf would load them. */
  readonly checkPolicy: (texts: readonly PolicyText[]) => CheckedPolicy;
  /** Throws when it cannot be; what was in force stays. */
  readonly putInForce: (policy: Policy) => void;
  /** Judges a record with the rules and the policy in force, on a state of its own. */
  readonly explain: (record: ExchangeRecord) => ExchangeOutcome;
  readonly checkSubmission: (text: string, replaces: number | undefined) => readonly Diagnostic[];
  readonly events: EventRing;
  /** Undefined without a policy. */
  readonly actors: () => ActorDesk | undefined;
  readonly metrics: () => Promise<readonly MetricFamily[]>;
}
