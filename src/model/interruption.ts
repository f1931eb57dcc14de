// The engine's stop: which rule ended the exchange, and how.

import type { Phase } from './phase.ts';

export type InterruptionAction = 'deny' | 'drop' | 'redirect' | 'proxy';

export interface Interruption {
  /** Id of the rule (the chain starter's), or null for a limit or an engine error. */
  readonly rule: number | null;
  readonly phase: Phase;
  readonly action: InterruptionAction;
  /** HTTP status to answer with; 0 for drop. */
  readonly status: number;
  /** Target of redirect and proxy, macros expanded. */
  readonly url?: string | undefined;
  /** `request-body-limit`, `response-body-limit`, `engine-error`; undefined when a rule interrupted. */
  readonly cause?: string | undefined;
}
