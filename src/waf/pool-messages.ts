// What a pool and its threads say to each other.
//
// A thread answers in the order in which it was asked, so answers need no numbers.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { DecisionRow } from '../model/decision.ts';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { PolicyText } from '../policy/document/positions.ts';
import type { RuleSource } from './load.ts';
import type { WafPoolOptions } from './pool-options.ts';
import type { PackedOutcome } from './pool-outcomes.ts';
import type { RecordedFiles } from './recorded-files.ts';

/** What stays the same for the life of a pool; a thread's `workerData`. */
export interface PoolThreadData
  extends Pick<
    WafPoolOptions,
    | 'policyName'
    | 'policyPoint'
    | 'state'
    | 'compatibility'
    | 'environment'
    | 'engine'
    | 'onEngineError'
    | 'cache'
    | 'multipartPeer'
    | 'rulesCacheDirectory'
  > {
  /** All threads hash with one key, else they would not know each other's actors. */
  readonly processKey: Uint8Array;
}

/** One version of what exchanges are judged by. */
export interface PoolVersion {
  readonly number: number;
  readonly rules: RuleSource | readonly RuleSource[];
  readonly policy: readonly PolicyText[] | undefined;
  /** Undefined for the first thread that loads it, which reads them. */
  readonly files: RecordedFiles | undefined;
}

/** What the pool has to know of a version to answer in its stead. */
export interface PoolVersionFacts {
  /** The rules block, and do not only detect. */
  readonly enforcing: boolean;
  readonly hasPolicy: boolean;
  readonly onEngineError: 'block' | 'allow';
  readonly table: readonly DecisionRow[] | undefined;
  /** The policy counts what actors do. */
  readonly counts: boolean;
  readonly warnings: readonly string[];
}

export type ToPoolThread =
  | { readonly kind: 'load'; readonly version: PoolVersion }
  | { readonly kind: 'drop'; readonly version: number }
  | {
      readonly kind: 'judge';
      readonly version: number;
      readonly records: readonly ExchangeRecord[];
    }
  | { readonly kind: 'close' };

export type FromPoolThread =
  | {
      readonly kind: 'loaded';
      readonly facts: PoolVersionFacts;
      readonly files: RecordedFiles;
    }
  /** Diagnostics: of which text; undefined: for a reason outside both. */
  | {
      readonly kind: 'refused';
      readonly of: 'rules' | 'policy' | undefined;
      readonly diagnostics: readonly Diagnostic[];
      readonly message: string;
    }
  /** So many of the exchanges asked for, the first ones first. A text: why it could not be judged. */
  | { readonly kind: 'judged'; readonly outcomes: readonly (PackedOutcome | string)[] };
