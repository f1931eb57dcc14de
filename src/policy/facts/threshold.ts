// What the session asks of the threshold engine, and what it is told.

import type { Measured } from '../rules/threshold-rules.ts';
import type { Planned } from './actor.ts';

export interface ThresholdAsk<Of> {
  /** Whose limit it is. */
  readonly of: Of;
  readonly actor: string;
  readonly endpoint: string;
  readonly measured: Measured;
}

export interface ThresholdOutcome<Of> {
  readonly of: Of;
  /** Over the limit now, or still blocked for having been. */
  readonly fires: boolean;
  /** The first time in a row that it fires. */
  readonly isNew: boolean;
  readonly learning: boolean;
  /** `51 of 50 in 5m`. */
  readonly text: () => string;
}

export interface Thresholds<Of> {
  readonly plan: (
    asks: readonly ThresholdAsk<Of>[],
    nowMs: number,
  ) => Planned<readonly ThresholdOutcome<Of>[]>;
  /** The same, counted by this process alone: for rules that say so when the store does not answer. */
  readonly planLocally: (
    asks: readonly ThresholdAsk<Of>[],
    nowMs: number,
  ) => readonly ThresholdOutcome<Of>[];
}
