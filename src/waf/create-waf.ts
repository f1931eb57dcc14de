// The waf: a program, a store and a clock, joined into transactions and exchanges.
//
// Reloading swaps the program; exchanges that run keep the one they started with.

import { Replays } from '../engine/replays.ts';
import { runOnMachine, runOnReference } from '../engine/run-phase.ts';
import { TransactionState } from '../engine/state.ts';
import { TransactionCore } from '../engine/transaction.ts';
import { ValueCache, type ValueCacheReport } from '../engine/value-cache.ts';
import { comparedWithBusboy } from '../http/busboy-reading.ts';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { Outside } from '../model/outside.ts';
import type {
  Answer,
  ExchangeOf,
  ExchangeOutcome,
  Mode,
  TransactionOf,
  TransactionOptions,
} from '../model/transaction.ts';
import { compileProgram } from '../program/compile.ts';
import type { Program } from '../program/program.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { withDeadline } from '../state/deadline.ts';
import { answersLater } from '../state/later.ts';
import { memoryStore } from '../state/memory.ts';
import type { AsyncStore, SyncStore } from '../state/store.ts';
import { inspectAsync, inspectSync } from './inspect.ts';
import { listen } from './listening.ts';
import { loadRuleset, type RuleSource } from './load.ts';
import type { WafOptions } from './options.ts';
import type { Policy } from './policy.ts';
import {
  asyncDriver,
  createExchange,
  createTransaction,
  type Driver,
  type Opened,
  syncDriver,
} from './transactions.ts';
import { createIdSource } from './unique-id.ts';
import { uploadsOf } from './uploads-on-disk.ts';

export interface Waf<M extends Mode> {
  /** Rules and policy: what proxies embed; answers are decisions. */
  exchange(options?: TransactionOptions): ExchangeOf<M>;
  /** Rules alone, ModSecurity's shape; answers are interruptions. */
  transaction(options?: TransactionOptions): TransactionOf<M>;
  /** A whole exchange in hand. */
  inspect(record: ExchangeRecord): Answer<M, ExchangeOutcome>;
  /** Puts other rules in force for the exchanges that begin from now on. */
  reload(rules: WafOptions['rules']): void;
  /** Puts another policy in force for the exchanges that begin from now on; undefined: none. */
  usePolicy(policy: Policy | undefined): void;
  close(): Answer<M, void>;
  /** The rules in force. */
  readonly ruleset: Ruleset;
  /** How the cache of names and header values does with these rules; undefined when it is off. */
  readonly cache: ValueCacheReport | undefined;
}

/** Long for a store, short for a client that waits. */
const STORE_TIMEOUT_MS = 2000;
const CACHE_BYTES = 4 << 20;

function cacheOf({ cache, reference }: WafOptions): ValueCache | undefined {
  if (cache === false || reference === true) return undefined;
  return new ValueCache(cache?.maxBytes ?? CACHE_BYTES);
}

function isRuleset(rules: WafOptions['rules']): rules is Ruleset {
  return typeof rules === 'object' && 'phases' in rules;
}

function programOf(rules: WafOptions['rules'], options: WafOptions): Program {
  const ruleset = isRuleset(rules)
    ? rules
    : loadRuleset(rules as RuleSource | readonly RuleSource[], {
        rulesCache: options.rulesCache,
        ...(options.compatibility !== undefined && { compatibility: options.compatibility }),
        ...(options.outside !== undefined && { programs: options.outside.programs }),
      });
  const { engine } = options;
  const program = compileProgram(
    engine === undefined
      ? ruleset
      : { ...ruleset, settings: { ...ruleset.settings, ruleEngine: engine } },
  );
  ruleset.declared.memo.settle();
  return program;
}

/** Throws `RulesetError` when the rules have errors. */
export function createWaf(
  options: WafOptions & { readonly state?: SyncStore; readonly outside?: undefined },
): Waf<'sync'>;
export function createWaf(options: WafOptions & { readonly state: AsyncStore }): Waf<'async'>;
export function createWaf(
  options: WafOptions & { readonly state?: SyncStore | AsyncStore; readonly outside: Outside },
): Waf<'async'>;
export function createWaf(
  options: WafOptions & { readonly state?: SyncStore | AsyncStore },
): Waf<'sync'> | Waf<'async'> {
  const store = options.state ?? memoryStore();
  const { outside } = options;
  if (store.mode === 'async') {
    const limited = withDeadline(store, options.storeTimeoutMs ?? STORE_TIMEOUT_MS);
    return build(options, asyncDriver(limited, outside), store.close, inspectAsync);
  }
  if (outside !== undefined) {
    const later = answersLater(store);
    return build(options, asyncDriver(later, outside), later.close, inspectAsync);
  }
  return build(options, syncDriver(store), store.close, inspectSync);
}

/** The driver, with a stopwatch around the policy when somebody wants to know. */
function timedDriver<M extends Mode>(
  driver: Driver<M>,
  told: ((ms: number) => void) | undefined,
): Driver<M> {
  if (told === undefined) return driver;
  return {
    ...driver,
    ask: (step, nowMs) => {
      const before = performance.now();
      return driver.after(driver.ask(step, nowMs), () => told(performance.now() - before));
    },
  };
}

function build<M extends Mode>(
  options: WafOptions,
  driver: Driver<M>,
  close: () => Answer<M, void>,
  inspect: (exchange: ExchangeOf<M>, record: ExchangeRecord) => Answer<M, ExchangeOutcome>,
): Waf<M> {
  const clock = options.clock ?? Date.now;
  const timed = timedDriver(driver, options.events?.policyStage);
  const nextId = createIdSource();
  const peer =
    options.multipartPeer === 'none' ? undefined : (options.multipartPeer ?? comparedWithBusboy);
  const listeners = [options.audit ?? []].flat();
  let program = programOf(options.rules, options);
  let cache = cacheOf(options);
  let replays = new Replays();
  let uploads = uploadsOf(program.ruleset, options);
  let policy = options.policy?.program();

  function stateOf(of: Program, id: string, timeMs: number): TransactionState {
    const offset = timeMs - clock();
    return new TransactionState({
      id,
      startedMs: timeMs,
      nowMs: () => clock() + offset,
      settings: of.settings,
      selections: of.selections,
      environment: options.environment,
      outside: options.outside,
    });
  }

  function open({ id = nextId(), timeMs = clock() }: TransactionOptions): Opened {
    const current = program;
    const state = stateOf(current, id, timeMs);
    const runPhase =
      options.reference === true
        ? runOnReference(current.ruleset, state)
        : runOnMachine(current, state, { trace: options.trace?.(state), cache, replays });
    const listening = listeners.length === 0 ? undefined : listen(listeners, state, current.rules);
    const core = new TransactionCore({
      state,
      runPhase: listening?.timed(runPhase) ?? runPhase,
      findXPath: (expression) => current.ruleset.xpaths.get(expression),
      multipartPeer: peer,
      uploads,
    });
    return { core, finished: listening?.finished };
  }

  const decisionOptions =
    options.onEngineError === undefined ? {} : { onEngineError: options.onEngineError };
  const exchange = (transactionOptions: TransactionOptions = {}): ExchangeOf<M> => {
    const opened = open(transactionOptions);
    const { state } = opened.core;
    const beside = policy?.open(state, (watching) => stateOf(watching, state.id, state.startedMs));
    return createExchange(
      { opened, options: decisionOptions, policy: beside, events: options.events },
      timed,
    );
  };

  return {
    exchange,
    transaction: (transactionOptions = {}) => createTransaction(open(transactionOptions), driver),
    inspect: (record) => inspect(exchange({ id: record.id, timeMs: record.timeMs }), record),
    reload: (rules) => {
      program = programOf(rules, options);
      uploads = uploadsOf(program.ruleset, options);
      // What is kept is known of the values under these rules.
      cache = cacheOf(options);
      replays = new Replays();
    },
    usePolicy: (next) => {
      policy = next?.program();
    },
    close,
    get ruleset() {
      return program.ruleset;
    },
    get cache() {
      return cache?.report;
    },
  };
}
