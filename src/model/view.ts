// What a transaction lets rules see: the facts that variables read and macros expand.
//
// Everything is a byte string. Lists keep the order of arrival, duplicates and the sender's spelling.

import type { Pair } from './pair.ts';
import type { Phase } from './phase.ts';
import type { AuditEngineMode, Settings } from './settings.ts';

/** An ordered list with its list of names, which is built once and only when asked for. */
export interface PairList {
  readonly pairs: readonly Pair[];
  /** One `{key, value: key}` for each pair. */
  readonly names: readonly Pair[];
}

/** TX and the persistent collections: keys are found in any case and shown as first written. */
export interface KeyedCollection {
  readonly entries: readonly Pair[];
  get(key: string): string | undefined;
  /** The value with its key as first written. */
  find(key: string): Pair | undefined;
  /** The entries whose keys pass, in order, where they are found faster than by a walk. */
  select?(matches: (key: string) => boolean): readonly Pair[];
}

export interface MutableCollection extends KeyedCollection {
  set(key: string, value: string): void;
  unset(key: string): void;
  /** The sum is never below zero; what is missing or no number counts as 0. */
  add(key: string, amount: number): void;
}

/** A persistent collection, opened: its variables may go by themselves. */
export interface ExpiringCollection extends MutableCollection {
  /** The variable is gone from `atMs` on; transactions that run keep it. */
  expire(key: string, atMs: number): void;
  /** Takes off `amount` for each whole `everyMs` since the collection was last updated. */
  decay(key: string, amount: number, everyMs: number, nowMs: number): void;
}

export interface RequestView {
  readonly method: string;
  readonly line: string;
  readonly protocol: string;
  readonly uriRaw: string;
  readonly uri: string;
  readonly filename: string;
  readonly basename: string;
  /** Undefined when the target has no `?`. */
  readonly query: string | undefined;
  readonly headers: PairList;
  readonly cookies: PairList;
  readonly argsGet: PairList;
  readonly argsPost: PairList;
  /** GET, then body, JSON and XML arguments included. */
  readonly args: PairList;
  readonly argsPath: PairList;
  readonly argsCombinedSize: number;
  readonly urlencodedError: boolean;
  /** More arguments or cookies came than SecArgumentsLimit lets in; the rest is not shown. */
  readonly argumentsLimitPassed: boolean;
  /** Why the target could not be split (Coraza). */
  readonly targetError: string | undefined;
}

export interface MultipartView {
  readonly flags: Readonly<Record<string, number>>;
  readonly partHeaders: readonly Pair[];
  /** The last part's name and file name; undefined before any. */
  readonly name: string | undefined;
  readonly filename: string | undefined;
  /** What there is to say of the reading, each with a level of the debug log. Reads the body again. */
  readonly log: () => readonly (readonly [level: number, text: string])[];
}

export interface FileView {
  readonly field: string;
  readonly filename: string;
  readonly size: number;
  readonly content: string;
  /** Where it is on disk while the transaction runs; left out: nowhere. */
  readonly path?: string;
}

export interface BodyView {
  /** `URLENCODED`, `MULTIPART`, `JSON`, `XML`, or empty. */
  readonly processor: string;
  /** REQUEST_BODY; undefined when no rule may see the raw body. */
  readonly text: string | undefined;
  /** Bytes received; undefined when there was no body. */
  readonly length: number | undefined;
  readonly error: boolean;
  readonly errorMessage: string;
  readonly processorError: boolean;
  readonly processorErrorMessage: string;
  readonly inboundDataError: boolean;
  readonly files: readonly FileView[];
  /** Bytes of all parts, where they count as files (Coraza). */
  readonly filesSize?: number | undefined;
  /** Every name a back end may take for a file's, by form field. */
  readonly fileNames: readonly Pair[];
  readonly multipart: MultipartView | undefined;
  /** String values of an XPath over the parsed document; empty without one. */
  readonly xpath: (expression: string) => readonly string[];
  readonly hasXml: boolean;
  /** What the body's document type declaration declares, by kind: `external` is `file:///etc/hosts`. */
  readonly dtd: readonly Pair[];
}

export interface ResponseView {
  /** Undefined until phase 3. */
  readonly status: number | undefined;
  readonly protocol: string;
  readonly statusLine: string;
  readonly headers: PairList;
  readonly contentType: string;
  /** RESPONSE_BODY; undefined when it is not inspected. */
  readonly body: string | undefined;
  readonly contentLength: number;
  readonly outboundDataError: boolean;
}

/** One target that matched: its full name `ARGS:user` and its value after transformations. */
export interface MatchedVariable {
  readonly name: string;
  readonly value: string;
}

export interface MatchedView {
  /** The last match of any rule; undefined before the first. */
  readonly last: MatchedVariable | undefined;
  /** All matches of the current chain so far. */
  readonly all: readonly MatchedVariable[];
}

/** What RULE.* shows: members of a chain show their starter's. */
export interface RuleView {
  readonly id: string;
  readonly rev: string;
  readonly severity: string;
  readonly msg: string;
  readonly logdata: string;
}

export interface TransactionView {
  readonly id: string;
  readonly settings: Settings;
  readonly phase: Phase;
  /** Start, milliseconds since the epoch. */
  readonly startedMs: number;
  readonly nowMs: () => number;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly request: RequestView;
  readonly body: BodyView;
  /** The request's body as received, as far as it was kept; undefined without one. */
  readonly rawBody: string | undefined;
  readonly response: ResponseView;
  readonly matched: MatchedView;
  readonly rule: RuleView | undefined;
  /** NO_SEVERITY before any rule has matched. */
  readonly highestSeverity: number;
  readonly tx: KeyedCollection;
  readonly env: KeyedCollection;
  readonly geo: KeyedCollection;
  /** GLOBAL, IP, RESOURCE, SESSION, USER: empty until opened. */
  readonly persistent: (name: string) => KeyedCollection;
  readonly sessionId: string;
  readonly userId: string;
  /** As directives and ctl have it by now. */
  readonly auditEngine: AuditEngineMode;
  readonly auditLogParts: string;
}
