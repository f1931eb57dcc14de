// A finished transaction as plain data, for whoever writes logs of it.
//
// It is made only when a listener asks for it, so a waf without logs pays nothing.

import type { Endpoint, Header } from './exchange.ts';
import type { Interruption } from './interruption.ts';
import type { Masks } from './masks.ts';
import type { Pair } from './pair.ts';
import type { Phase } from './phase.ts';
import type { AuditEngineMode, EngineMode, Settings } from './settings.ts';
import type { EngineErrorRecord, RuleMatch } from './verdict.ts';

/** A file of a multipart body. */
export interface UploadRecord {
  /** Place among the files of the body, from 1. */
  readonly index: number;
  readonly size: number;
  readonly filename: string;
  readonly contentType: string | undefined;
  /** Its bytes; undefined in records that were made without them. */
  readonly content?: string | undefined;
}

export interface RequestRecord {
  readonly line: string;
  readonly method: string;
  /** The target as received. */
  readonly uri: string;
  /** `HTTP/1.1`. */
  readonly protocol: string;
  readonly headers: readonly Header[];
  /** As received, if the rules had it read; undefined without a body. */
  readonly body: string | undefined;
  readonly isMultipart: boolean;
  /** As in ARGS. */
  readonly args: readonly Pair[];
  /** Arguments of the body, for logs that leave files out. */
  readonly bodyArgs: readonly Pair[];
  readonly uploads: readonly UploadRecord[];
}

export interface ResponseRecord {
  /** As sent: that of the interruption, if there was one. 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly protocol: string;
  /** Empty when an interruption answered in the upstream's place. */
  readonly headers: readonly Header[];
  /** As inspected; undefined when the rules did not read it. */
  readonly body: string | undefined;
}

/** One condition of a matched rule. */
export interface RuleLinkText {
  /** The directive on one line. */
  readonly text: string;
  readonly operator: string;
  readonly argument: string;
  readonly negated: boolean;
  /** `ARGS|REQUEST_HEADERS:User-Agent`. */
  readonly targets: string;
}

export interface TransactionRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** The name that the client asked for, without a port; else the server's address. */
  readonly hostname: string;
  readonly request: RequestRecord;
  readonly response: ResponseRecord;
  readonly interruption: Interruption | null;
  readonly matches: readonly RuleMatch[];
  readonly errors: readonly EngineErrorRecord[];
  readonly engine: EngineMode;
  readonly auditEngine: AuditEngineMode;
  readonly auditLogParts: string;
  readonly settings: Settings;
  readonly sessionId: string;
  readonly userId: string;
  readonly masks: Masks;
  /** Milliseconds that the rules of each phase took; absent when nobody measured. */
  readonly phaseMs: ReadonlyMap<Phase, number>;
  /** The conditions of the rule behind a match, its starter first. */
  readonly ruleText: (match: RuleMatch) => readonly RuleLinkText[];
  /**
   * Where a match lies in the request, in libmodsecurity's notation: `o0,3v23,6t:trim`. Computed at each
   * call, from the request as it came.
   */
  readonly reference: (match: RuleMatch) => string;
}

/** What decides whether a record is wanted, at hand before there is one. */
export interface TransactionOutline {
  readonly auditEngine: AuditEngineMode;
  /** The engine's mode when the transaction began: a transaction that no rule saw is not logged. */
  readonly engine: EngineMode;
  readonly matches: readonly RuleMatch[];
  readonly status: number;
}

/** Told of every finished transaction that it wants. */
export interface TransactionListener {
  wants(outline: TransactionOutline): boolean;
  /** Must not throw: whatever goes wrong is the listener's to count and to tell. */
  finished(record: TransactionRecord): void;
}
