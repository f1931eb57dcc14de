// What a pool can be told when it is made: what can be handed to a thread, so no functions and no loaded rules.

import type { Compatibility } from '../model/compatibility.ts';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { EngineMode } from '../model/settings.ts';
import type { ExchangeOutcome } from '../model/transaction.ts';
import type { PolicyText } from '../policy/document/positions.ts';
import type { LmdbStoreOptions } from '../state/lmdb.ts';
import type { RuleSource } from './load.ts';

export interface WafPoolOptions {
  /** Rule texts. What they include and name is read once, by the first worker, and is the same for all. */
  readonly rules: RuleSource | readonly RuleSource[];
  /** Texts of a policy, as `readPolicyFiles` gives them; default: rules alone decide. */
  readonly policy?: readonly PolicyText[] | undefined;
  /** Which environment of the policy this is. */
  readonly policyName?: string | undefined;
  readonly policyPoint?: 'inline' | 'edge' | undefined;
  /** Threads; default: one for each processor there is. */
  readonly workers?: number | undefined;
  /**
   * A folder of LMDB that all workers share. Default: each worker remembers for itself in memory, so that a
   * limit of 10 lets up to 10 through in each worker.
   */
  readonly state?: LmdbStoreOptions | undefined;
  /** Exchanges taken and not answered yet; one more is refused with `pool-queue-full`. Default 1024. */
  readonly maxPending?: number | undefined;
  /** Bytes of their targets and bodies together. Default 64 MiB. */
  readonly maxPendingBytes?: number | undefined;
  /**
   * How long an exchange may wait for a worker, and how long a worker may be silent over its exchanges before
   * it is taken for stuck and ended; milliseconds, default 30,000.
   */
  readonly timeoutMs?: number | undefined;
  /** Told of warnings about the policy; default: `process.emitWarning`. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** As for `createWaf`. */
  readonly compatibility?: Compatibility | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly engine?: EngineMode | undefined;
  /** What it means that an exchange could not be judged, by the rules or by the pool. Default: block. */
  readonly onEngineError?: 'block' | 'allow' | undefined;
  /** Of each worker. */
  readonly cache?: false | { readonly maxBytes: number } | undefined;
  readonly multipartPeer?: 'none' | undefined;
  /** The folder of a rules cache, in which the second worker finds what the first one has worked out. Default: none. */
  readonly rulesCacheDirectory?: string | undefined;
}

export interface WafPool {
  /**
   * Judges a whole exchange in hand. What keeps the pool from judging it is an engine error in the outcome
   * (`pool-queue-full`, `pool-timeout`, `pool-worker-lost`, `pool-exchange-failed`, `pool-closed`), which
   * blocks unless configured otherwise. Rejects with a TypeError what is no record.
   */
  readonly inspect: (record: ExchangeRecord) => Promise<ExchangeOutcome>;
  /**
   * Puts other rules in force, in all workers at once: what is sent to a worker from then on is judged by
   * them. Rejects with `RulesetError` or `PolicyError`, and the rules before stay.
   */
  readonly reload: (rules: WafPoolOptions['rules']) => Promise<void>;
  /** The same for the policy; undefined: none. */
  readonly usePolicy: (policy: WafPoolOptions['policy']) => Promise<void>;
  /** Takes no more, answers what it took, and ends the workers. */
  readonly close: () => Promise<void>;
  /** Exchanges taken and not answered yet: who can wait watches this to stay below `maxPending`. */
  readonly pending: number;
  /** Workers that judge at this moment. */
  readonly ready: number;
}
