// The public names of Portcullis, one by one. What is not listed here may change without notice.

export {
  type ActorDesk,
  type ActorName,
  type ActorReport,
  actorDesk,
} from './adapters/admin/actor-desk.ts';
export type { AdminContext } from './adapters/admin/admin-context.ts';
export {
  type AdminServer,
  type AdminServerOptions,
  createAdminServer,
} from './adapters/admin/admin-server.ts';
export {
  type EventQuery,
  type EventRing,
  eventRing,
  type NumberedEvent,
} from './adapters/admin/event-ring.ts';
export type { EventSink, EventSinkCounters } from './adapters/events/event-sink.ts';
export {
  type EventSinksOptions,
  type OpenEventSinks,
  openEventSinks,
} from './adapters/events/event-sinks.ts';
export type { PublicEvent } from './adapters/events/public-event.ts';
export { type FetchOptions, protectFetch } from './adapters/fetch.ts';
export { type MetricFamily, renderMetrics, type Sample } from './adapters/metrics/metric.ts';
export {
  type WafMetrics,
  type WafMetricsSources,
  wafMetrics,
} from './adapters/metrics/waf-metrics.ts';
export { type NodeHttpOptions, protect } from './adapters/node-http.ts';
export type { ExchangeReport, ProxyCounters, ProxyEvents } from './adapters/proxy-report.ts';
export {
  createReverseProxy,
  type ReverseProxy,
  type ReverseProxyOptions,
} from './adapters/reverse-proxy.ts';
export {
  checkSubmission,
  checkSubmissions,
  type SubmissionOptions,
} from './authoring/submission.ts';
export type { Diagnostic, DiagnosticSeverity } from './diagnostics/diagnostic.ts';
export { type RenderOptions, renderDiagnostics } from './diagnostics/render.ts';
export type { Source } from './diagnostics/source.ts';
export type { Span } from './diagnostics/span.ts';
export type { ValueCacheReport } from './engine/value-cache.ts';
export { parseTrustedProxies, type TrustedProxies } from './http/forwarded.ts';
export {
  type Decision,
  type DecisionEffect,
  type DecisionRow,
  type DecisionTraceRow,
  type InjectedHeaders,
  ROWS as DECISION_ROWS,
} from './model/decision.ts';
export type {
  ConnectionFacts,
  Endpoint,
  ExchangeRecord,
  Header,
  RequestHead,
  ResponseHead,
} from './model/exchange.ts';
export type { FileAccess } from './model/files.ts';
export type { Interruption, InterruptionAction } from './model/interruption.ts';
export type { MultipartPeer, OwnMultipartReading } from './model/multipart-peer.ts';
export {
  type CompiledOperator,
  type Matcher,
  MatchLimitError,
  OperatorArgumentError,
  type OperatorContext,
  type OperatorDefinition,
  type OperatorRun,
} from './model/operator.ts';
export type {
  Outside,
  OutsideAnswer,
  OutsideQuestion,
  ProgramCall,
  UploadFile,
  UploadFiles,
} from './model/outside.ts';
export type { Pair } from './model/pair.ts';
export type { Phase } from './model/phase.ts';
export type { PolicyEvent, PolicyEventKind } from './model/policy-event.ts';
export type { EngineMode, Settings } from './model/settings.ts';
export type { Severity } from './model/severity.ts';
export type { Trace, TraceFactory } from './model/trace.ts';
export {
  type Answer,
  type BodyChunk,
  type BodyRedaction,
  type Exchange,
  type ExchangeOf,
  type ExchangeOutcome,
  type Mode,
  PhaseOrderError,
  type Transaction,
  type TransactionOf,
  type TransactionOptions,
} from './model/transaction.ts';
export type { TransactionListener, TransactionRecord } from './model/transaction-record.ts';
export type { Transformation, TransformationEnvironment } from './model/transformation.ts';
export type { VariableDefinition } from './model/variable.ts';
export type { EngineErrorRecord, RuleFacts, RuleMatch, Verdict } from './model/verdict.ts';
export type { TransactionView } from './model/view.ts';
export { policyJsonSchema } from './policy/document/json-schema.ts';
export type { PolicyText } from './policy/document/positions.ts';
export type { Assignment, PolicyChange } from './policy/edit/change.ts';
export { type EditCode, EditError } from './policy/edit/edit-error.ts';
export type { WrittenRule } from './policy/edit/rules.ts';
export { policyInWords, type RuleWords } from './policy/words.ts';
export type { LibraryExtension } from './ruleset/library.ts';
export type { Rule, Ruleset } from './ruleset/ruleset.ts';
export { type LmdbStoreOptions, lmdbStore } from './state/lmdb.ts';
export { type MemoryStoreOptions, memoryStore } from './state/memory.ts';
export type {
  ConsumeOperation,
  ConsumeResult,
  LearnOperation,
  LearnResult,
  ListAddOperation,
  ListedItem,
  ListItemResult,
  ListItemsResult,
  MarkOperation,
  MarkResult,
  ObserveOperation,
  ObserveResult,
  ScoreOperation,
  ScoreResult,
  SkippedResult,
  StateOperation,
  StateResult,
} from './state/operations.ts';
export type {
  AsyncStore,
  CollectionId,
  Mutation,
  StoredCollection,
  SyncStore,
} from './state/store.ts';
export {
  type BatchOperation,
  type BatchResult,
  type Tally,
  type TallyOperation,
  type TallyResult,
  tallyKey,
} from './state/tally.ts';
export { type AuditOptions, auditFromRules } from './waf/audit-from-rules.ts';
export { createWaf, type Waf } from './waf/create-waf.ts';
export {
  type CrsLayout,
  type CrsProblem,
  crsLoadOrder,
  resolveCrsDirectory,
} from './waf/crs-directory.ts';
export { debugLogFromRules, debugTrace } from './waf/debug-log.ts';
export { errorLogTo } from './waf/error-log.ts';
export {
  type CheckedRules,
  checkRuleset,
  type LoadRulesOptions,
  loadRuleset,
  type RuleSource,
} from './waf/load.ts';
export type { FoundAddress, ResolveAddresses } from './waf/name-servers.ts';
export type { WafEvents, WafOptions } from './waf/options.ts';
export { type NameServerOptions, type OutsideOptions, openOutside } from './waf/outside.ts';
export {
  type CheckedPolicy,
  checkPolicy,
  definePolicy,
  loadPolicy,
  type Policy,
  PolicyError,
  type PolicyOptions,
  readPolicyFiles,
} from './waf/policy.ts';
export {
  type BookChange,
  type ChangeBy,
  openPolicyBook,
  type PolicyBook,
  type PolicyBookOptions,
} from './waf/policy-book.ts';
export type { RevisedFile, Revision, RevisionKind } from './waf/policy-book-revisions.ts';
export { createWafPool } from './waf/pool.ts';
export type { WafPool, WafPoolOptions } from './waf/pool-options.ts';
export { PoolWorkerError } from './waf/pool-worker.ts';
export type { ProgramLimits } from './waf/programs.ts';
export {
  openRulesCache,
  type RulesCache,
  type RulesCacheOptions,
  rulesCacheHome,
} from './waf/rules-cache.ts';
export { RulesetError } from './waf/ruleset-error.ts';
export { type TemporaryUploads, temporaryUploads } from './waf/temporary-uploads.ts';
export { type UploadOptions, uploadsFromRules } from './waf/uploads-from-rules.ts';
