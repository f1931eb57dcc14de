// Everything a running transaction knows and may change. Rules see it as TransactionView, actions as
// TransactionControl; nothing of it is shared between transactions.

import { encodeHex } from '../base/hex.ts';
import { sha1 } from '../base/sha1.ts';
import type { RuleSelector, TargetExclusion, TransactionControl } from '../model/control.ts';
import type { ConnectionFacts } from '../model/exchange.ts';
import type { Interruption } from '../model/interruption.ts';
import type { Masks, MatchedMask } from '../model/masks.ts';
import type { Outside, OutsideAnswer, OutsideQuestion, ProgramCall } from '../model/outside.ts';
import type { Pair } from '../model/pair.ts';
import type { Phase } from '../model/phase.ts';
import type { AuditEngineMode, EngineMode, Settings, XmlIntoArgs } from '../model/settings.ts';
import { NO_SEVERITY, severityText } from '../model/severity.ts';
import type { EngineErrorRecord, RuleMatch } from '../model/verdict.ts';
import type {
  ExpiringCollection,
  KeyedCollection,
  MutableCollection,
  RuleView,
} from '../model/view.ts';
import type { RuleSelections } from '../program/selections.ts';
import type { Rule } from '../ruleset/ruleset.ts';
import type { CollectionId, StoredCollection } from '../state/store.ts';
import { BodyFacts } from './body-facts.ts';
import { KeyedValues, NO_VALUES } from './collections.ts';
import { type MaskedNames, MaskList } from './mask-list.ts';
import type { NotedMatch } from './match-source.ts';
import { PersistentCollection } from './persist.ts';
import { Removals } from './removals.ts';
import { RequestFacts } from './request-facts.ts';
import { ResponseFacts } from './response-facts.ts';

/** What SecRule's `allow` has let through. */
export interface AllowState {
  phase: Phase | undefined;
  request: boolean;
  transaction: boolean;
}

/** A collection that an action wants opened before the next action runs. */
export interface CollectionRequest {
  readonly kind: 'collection';
  /** As rules know it. */
  readonly name: string;
  readonly key: string;
  /** As the store knows it. */
  readonly id: CollectionId;
}

/** What an operator has to know before it can tell. */
export interface OutsideRequest {
  readonly kind: 'outside';
  readonly question: OutsideQuestion;
}

/** What a transaction waits for; the driver hands the answer to its state. */
export type EngineRequest = CollectionRequest | OutsideRequest;

/** One application's sessions, users and resources are not another's (ModSecurity v2: SecWebAppId). */
const OWN_TO_APPLICATION: readonly string[] = ['RESOURCE', 'SESSION', 'USER'];
// Keys come out of requests; stores have limits for theirs.
const LONGEST_KEY = 256;
const DIGEST_LENGTH = 40;

const NOBODY_RUNS_PROGRAMS = 'nobody runs programs for this waf: it was made without "outside"';

/** A key as it is, or cut and with its digest: longer by one than any that is not cut. */
function storeKey(key: string): string {
  if (key.length <= LONGEST_KEY) return key;
  return key.slice(0, LONGEST_KEY + 1 - DIGEST_LENGTH) + encodeHex(sha1(key));
}

export interface StateOptions {
  readonly id: string;
  readonly startedMs: number;
  readonly nowMs: () => number;
  readonly settings: Settings;
  readonly selections: RuleSelections;
  /** What ENV shows from the beginning. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly outside?: Outside | undefined;
}

export class TransactionState implements TransactionControl {
  readonly id: string;
  readonly settings: Settings;
  readonly startedMs: number;
  readonly nowMs: () => number;
  phase: Phase = 1;
  clientAddress = '127.0.0.1';
  clientPort = 0;
  serverAddress = '127.0.0.1';
  serverPort = 80;

  readonly request: RequestFacts = new RequestFacts();
  readonly response: ResponseFacts = new ResponseFacts();
  readonly body: BodyFacts = new BodyFacts();
  readonly tx: KeyedValues;
  readonly mutableEnv: KeyedValues = new KeyedValues();
  geo: KeyedCollection = NO_VALUES;
  rawBody: string | undefined = undefined;
  sessionId = '';
  userId = '';

  readonly matched: { last: NotedMatch | undefined; all: NotedMatch[] } = {
    last: undefined,
    all: [],
  };
  runningRule: Rule | undefined = undefined;
  highestSeverity: number = NO_SEVERITY;

  engine: EngineMode;
  auditEngine: AuditEngineMode;
  auditLogParts: string;
  requestBodyAccess: boolean;
  responseBodyAccess: boolean;
  requestBodyLimit: number;
  responseBodyLimit: number;
  parseXmlIntoArgs: XmlIntoArgs;
  readonly removals: Removals = new Removals();
  readonly allowed: AllowState = { phase: undefined, request: false, transaction: false };
  /** A skipAfter found no marker, and no rule runs any more (libmodsecurity, Coraza). */
  skipsRest = false;
  interruption: Interruption | null = null;
  readonly matches: RuleMatch[] = [];
  /** What each of `matches` was made of, link by link. */
  readonly trails: (readonly NotedMatch[])[] = [];
  readonly errors: EngineErrorRecord[] = [];
  collectionRequest: CollectionRequest | undefined = undefined;
  outsideRequest: OutsideRequest | undefined = undefined;
  /** How long answers of each kind were waited for; undefined before the first. */
  outsideWaitsMs: Record<OutsideQuestion['kind'], number> | undefined = undefined;
  /** Waits for the operator that asked. */
  outsideAnswer: { readonly answer: OutsideAnswer | undefined } | undefined = undefined;
  /** Paths of uploads that are on disk. */
  readonly savedUploads: string[] = [];
  /** Set when a multipart body without its files passed SecRequestBodyNoFilesLimit. */
  noFilesLimitPassed = false;

  readonly #selections: RuleSelections;
  readonly #outside: Outside | undefined;
  readonly #maskList = new MaskList();
  #taken: Set<TargetExclusion> | undefined = undefined;
  readonly #persistent = new Map<string, PersistentCollection>();
  /** What rules write to collections that nobody has opened, where that is possible. */
  readonly #unopened = new Map<string, KeyedValues>();

  constructor({
    id,
    startedMs,
    nowMs,
    settings,
    selections,
    environment = {},
    outside,
  }: StateOptions) {
    this.#outside = outside;
    this.id = id;
    this.startedMs = startedMs;
    this.nowMs = nowMs;
    this.settings = settings;
    this.#selections = selections;
    this.tx = new KeyedValues(settings.behaviour.counterFloor);
    for (const [name, value] of Object.entries(environment)) this.mutableEnv.set(name, value);
    if (settings.behaviour.capturesAtStart === 'empty') {
      for (let slot = 0; slot <= 10; slot++) this.tx.set(String(slot), '');
    }
    this.engine = settings.ruleEngine;
    this.auditEngine = settings.auditEngine;
    this.auditLogParts = settings.auditLogParts;
    this.requestBodyAccess = settings.requestBodyAccess;
    this.responseBodyAccess = settings.responseBodyAccess;
    this.requestBodyLimit = settings.requestBodyLimit;
    this.responseBodyLimit = settings.responseBodyLimit;
    this.parseXmlIntoArgs = settings.parseXmlIntoArgs;
  }

  connect({ client, server }: ConnectionFacts): void {
    if (client !== undefined) {
      this.clientAddress = client.address;
      this.clientPort = client.port;
    }
    if (server !== undefined) {
      this.serverAddress = server.address;
      this.serverPort = server.port;
    }
  }

  get env(): KeyedCollection {
    return this.mutableEnv;
  }

  get rule(): RuleView | undefined {
    const rule = this.runningRule;
    if (rule === undefined) return undefined;
    const { facts, msg, logdata } = rule;
    return {
      id: String(facts.id),
      rev: facts.rev,
      severity: severityText(facts.severity, this.settings.behaviour),
      msg: msg?.source ?? '',
      logdata: logdata?.source ?? '',
    };
  }

  persistent = (name: string): KeyedCollection =>
    this.#persistent.get(name) ?? this.#unopened.get(name) ?? NO_VALUES;

  mutable(collection: string): MutableCollection | undefined {
    return collection === 'TX'
      ? this.tx
      : (this.#persistent.get(collection) ?? this.#unopenedOf(collection));
  }

  /** libmodsecurity shares them among all who have no key; here they end with the transaction. */
  #unopenedOf(name: string): MutableCollection | undefined {
    if (this.settings.behaviour.unopenedCollections === 'nothing') return undefined;
    const known = this.#unopened.get(name);
    if (known !== undefined) return known;
    const values = new KeyedValues(this.settings.behaviour.counterFloor);
    this.#unopened.set(name, values);
    return values;
  }

  expiring(collection: string): ExpiringCollection | undefined {
    return this.#persistent.get(collection);
  }

  /** Nobody listens, except through a trace. */
  tell(): void {}

  setGeo(entries: readonly Pair[]): void {
    const geo = new KeyedValues();
    for (const { key, value } of entries) geo.set(key, value);
    this.geo = geo;
  }

  addPathArguments(args: readonly Pair[]): void {
    this.request.addPathArguments(args);
  }

  setRuleEngine(mode: EngineMode): void {
    this.engine = mode;
  }

  setAuditEngine(mode: AuditEngineMode): void {
    this.auditEngine = mode;
  }

  changeAuditLogParts(change: string): void {
    const parts = new Set(this.auditLogParts);
    const letters = change.replace(/^[+-]/, '');
    if (change.startsWith('-')) for (const letter of letters) parts.delete(letter);
    else if (change.startsWith('+')) for (const letter of letters) parts.add(letter);
    else {
      this.auditLogParts = letters;
      return;
    }
    this.auditLogParts = [...parts].sort().join('');
  }

  setRequestBodyAccess(on: boolean): void {
    this.requestBodyAccess = on;
  }

  setResponseBodyAccess(on: boolean): void {
    this.responseBodyAccess = on;
  }

  setRequestBodyLimit(bytes: number): void {
    this.requestBodyLimit = bytes;
  }

  setResponseBodyLimit(bytes: number): void {
    this.responseBodyLimit = bytes;
  }

  setRequestBodyProcessor(name: string): void {
    this.body.processor = name;
  }

  setForceRequestBodyVariable(on: boolean): void {
    this.body.forced = on;
  }

  setParseXmlIntoArgs(mode: XmlIntoArgs): void {
    this.parseXmlIntoArgs = mode;
  }

  mask(part: MaskedNames, name: string): void {
    this.#maskList.add(part, name);
  }

  maskMatched(mask: MatchedMask): void {
    this.#maskList.addMatched(mask);
  }

  /** What the audit log must not show. */
  get masks(): Masks {
    return this.#maskList.masks;
  }

  removeRules(selector: RuleSelector): void {
    this.removals.removeRules(this.#selections.select(selector));
  }

  /** Once for each: a rule that matches a thousand times would make as many of one. */
  removeTargets(selector: RuleSelector, exclusion: TargetExclusion): void {
    if (this.#taken?.has(exclusion)) return;
    this.#taken ??= new Set();
    this.#taken.add(exclusion);
    this.removals.removeTargets(this.#selections.select(selector), exclusion);
  }

  setSessionId(id: string): void {
    this.sessionId = id;
  }

  setUserId(id: string): void {
    this.userId = id;
  }

  openCollection(name: string, key: string): void {
    if (key === '' || this.#persistent.has(name)) return;
    const space = OWN_TO_APPLICATION.includes(name) ? `${this.settings.webAppId}_` : '';
    this.collectionRequest = {
      kind: 'collection',
      name,
      key,
      id: { name: space + name, key: storeKey(key) },
    };
  }

  /** Answers the collection request with what the store had; the next action sees the collection. */
  collectionOpened(stored: StoredCollection | undefined): void {
    const request = this.collectionRequest;
    if (request === undefined) return;
    const { collectionTimeoutSeconds: timeoutSeconds } = this.settings;
    const nowMs = this.nowMs();
    const collection = new PersistentCollection({ ...request, stored, nowMs, timeoutSeconds });
    this.#persistent.set(request.name, collection);
    this.collectionRequest = undefined;
  }

  /** Undefined: nobody answers. */
  answered(answer: OutsideAnswer | undefined): void {
    if (this.outsideRequest === undefined) return;
    this.outsideRequest = undefined;
    this.outsideAnswer = { answer };
  }

  startProgram(call: ProgramCall): void {
    if (this.#outside === undefined) this.fail('program-failed', NOBODY_RUNS_PROGRAMS);
    else this.#outside.start(call);
  }

  get openedCollections(): readonly PersistentCollection[] {
    return [...this.#persistent.values()];
  }

  /** Records something the engine could not do; CRS's and ModSecurity's guard rules look at TX:MSC_*. */
  fail(code: string, message: string): void {
    this.errors.push({ code, ruleId: this.runningRule?.facts.id, phase: this.phase, message });
    if (code === 'match-limit') this.tx.set('MSC_PCRE_LIMITS_EXCEEDED', '1');
  }
}
