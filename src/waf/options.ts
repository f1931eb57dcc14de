// What a waf can be told when it is made.

import type { Compatibility } from '../model/compatibility.ts';
import type { MultipartPeer } from '../model/multipart-peer.ts';
import type { Outside, UploadFiles } from '../model/outside.ts';
import type { PolicyEvent } from '../model/policy-event.ts';
import type { EngineMode } from '../model/settings.ts';
import type { TraceFactory } from '../model/trace.ts';
import type { ExchangeOutcome } from '../model/transaction.ts';
import type { TransactionListener } from '../model/transaction-record.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import type { RuleSource } from './load.ts';
import type { Policy } from './policy.ts';
import type { RulesCache } from './rules-cache.ts';

export interface WafEvents {
  /** An exchange has finished; thrown errors are the listener's own and are not caught. */
  readonly finished?: (outcome: ExchangeOutcome) => void;
  /** A rule of the policy has something to tell; masked. Told when the exchange has finished. */
  readonly policy?: (event: PolicyEvent) => void;
  /** The policy has judged one stage of an exchange, in so many milliseconds, the store included. */
  readonly policyStage?: (ms: number) => void;
}

export interface WafOptions {
  /** A loaded rule set, or rule texts. */
  readonly rules: Ruleset | RuleSource | readonly RuleSource[];
  /** For rule texts: as for `loadRuleset`. */
  readonly rulesCache?: RulesCache | undefined;
  /** For rule texts: whose ways to follow where engines differ; default: SecCompatibility, else our own. */
  readonly compatibility?: Compatibility;
  /** What `loadPolicy` or `definePolicy` made; default: rules alone decide. */
  readonly policy?: Policy | undefined;
  /**
   * Variables that ENV shows to rules, such as `{ PATH: process.env.PATH }`; default: none. The environment of the
   * process is never read.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Overrides SecRuleEngine. */
  readonly engine?: EngineMode;
  /** Default: block. */
  readonly onEngineError?: 'block' | 'allow';
  /** Milliseconds since the epoch; default Date.now. */
  readonly clock?: () => number;
  /** After so many milliseconds a store elsewhere has failed to answer; default 2000. */
  readonly storeTimeoutMs?: number;
  readonly events?: WafEvents;
  /**
   * What rules may have done outside, as `openOutside` gives it: programs, name servers, uploads on disk. A waf with it
   * answers later, whatever its store. Default: nothing. The waf does not close it.
   */
  readonly outside?: Outside | undefined;
  /**
   * Takes uploads while their request runs, where rules ask for it (SecTmpSaveUploadedFiles): `temporaryUploads()`.
   * Default: that of `outside`, else none.
   */
  readonly uploads?: UploadFiles | undefined;
  /**
   * Logs that finished transactions are written to: `auditFromRules(ruleset)`, `errorLogTo(path)`, or the
   * embedder's own. Default: none, whatever the rules say. The waf does not close them.
   */
  readonly audit?: TransactionListener | readonly TransactionListener[] | undefined;
  /** Told of every rule and value as they are tested: `debugLogFromRules(ruleset)?.trace`. Slow. */
  readonly trace?: TraceFactory | undefined;
  /** A second reader of multipart bodies; default: busboy, as Node applications use it. */
  readonly multipartPeer?: MultipartPeer | 'none';
  /**
   * What is known of names and header values (never of bodies, cookies or credentials) is kept from request to
   * request, up to so many bytes. Default 4 MiB; false keeps nothing.
   */
  readonly cache?: false | { readonly maxBytes: number };
  /** Runs the slow reference interpreter instead of the machine: for comparison, never for traffic. */
  readonly reference?: boolean;
}
