// What the session asks of the threshold engine, and what it is told.

import type { BatchOperation } from '../../state/tally.ts';
import type { CompiledThreshold, Measured } from '../rules/threshold-rules.ts';
import type { Appended } from './actor.ts';

export interface ThresholdAsk {
  readonly of: CompiledThreshold;
  readonly measured: Measured;
}

/** Who asks, and for what: opaque keys. */
export interface ThresholdSubject {
  readonly actor: string;
  readonly endpoint: string;
  /** False: nothing is blocked, whatever rules say. */
  readonly mayBlock: boolean;
}

export interface ThresholdAnswer {
  readonly of: CompiledThreshold;
  /** Over the limit now, or its scope still blocked for having been. */
  readonly fires: boolean;
  /** It did not fire before. */
  readonly isNew: boolean;
  readonly learning: boolean;
  /** `51 of 50 in 5m`. */
  readonly text: () => string;
}

export interface ThresholdAnswers {
  /** The threshold that has blocked the actor before; its rule may be gone from the policy since. */
  readonly blockedBy: string | undefined;
  readonly answers: readonly ThresholdAnswer[];
}

export interface Thresholds {
  /** Puts operations behind those of a batch. Without asks it still tells whether the actor is blocked. */
  readonly plan: (
    asks: readonly ThresholdAsk[],
    subject: ThresholdSubject,
    nowMs: number,
    operations: BatchOperation[],
  ) => Appended<ThresholdAnswers>;
  /** The store did not answer: what rules with `onStoreFailure: local` say, counted by this process. */
  readonly locally: (
    asks: readonly ThresholdAsk[],
    subject: ThresholdSubject,
    nowMs: number,
  ) => ThresholdAnswers;
}
