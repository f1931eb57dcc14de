// All the engine found in one transaction, at its finish.

import type { Interruption } from './interruption.ts';
import type { Phase } from './phase.ts';
import type { Severity } from './severity.ts';

/** What a rule says of itself, as logs need it. */
export interface RuleFacts {
  readonly id: number;
  readonly phase: Phase;
  readonly file: string;
  readonly line: number;
  readonly rev: string;
  readonly ver: string;
  readonly severity: Severity | undefined;
  readonly maturity: number;
  readonly accuracy: number;
}

/** The condition that completed a match. Undefined in a match: SecAction. */
export interface RuleTest {
  /** As SecLang spells it: `rx`. */
  readonly operator: string;
  /** With its macros expanded. */
  readonly argument: string;
  readonly negated: boolean;
}

/** One rule (or whole chain) that matched. */
export interface RuleMatch {
  readonly rule: RuleFacts;
  readonly phase: Phase;
  /** `msg`, `logdata` and tags with their macros expanded when the match was complete. */
  readonly message: string;
  readonly data: string;
  readonly tags: readonly string[];
  /** The last target that matched, `ARGS:user`, and its value after transformations. */
  readonly variable: string;
  readonly value: string;
  /** What the operator saw: `Matched phrase "x" at ARGS:user.` */
  readonly evidence: string;
  /** What `evidence` says in words. */
  readonly test?: RuleTest | undefined;
  readonly logged: boolean;
  readonly audited: boolean;
  /** The disruptive action that was carried out, if any. */
  readonly disruptive: 'allow' | 'deny' | 'drop' | 'redirect' | 'proxy' | undefined;
}

/** Something the engine could not do; never silent, never a thrown exception. */
export interface EngineErrorRecord {
  /** `match-limit`, `operator-failed`, `store-unavailable`, ... */
  readonly code: string;
  readonly ruleId: number | undefined;
  readonly phase: Phase;
  readonly message: string;
}

export interface Verdict {
  readonly id: string;
  readonly interruption: Interruption | null;
  readonly matches: readonly RuleMatch[];
  /** Anomaly scores as CRS and the starter rules keep them; 0 where a rule set keeps none. */
  readonly scores: { readonly inbound: number; readonly outbound: number };
  readonly errors: readonly EngineErrorRecord[];
}
