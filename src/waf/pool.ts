// Threads that judge whole exchanges, so that throughput grows with processors.
//
// Promises: every exchange taken is answered, by a worker or by an outcome with a name that fails closed. One
// exchange is judged by one version of the rules, and versions change for all workers at one moment: each
// loads the next beside the one in force, and the pool begins to ask for it when all have it. A worker that
// dies is replaced.

import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { ExchangeOutcome } from '../model/transaction.ts';
import { failedOutcome, type PoolFailure } from './pool-failure.ts';
import type { PoolThreadData, PoolVersion, PoolVersionFacts } from './pool-messages.ts';
import type { WafPool, WafPoolOptions } from './pool-options.ts';
import { type PoolJob, PoolQueue } from './pool-queue.ts';
import { bytesOf, sendable } from './pool-record.ts';
import { BATCH, PoolWorker, PoolWorkerError } from './pool-worker.ts';
import { createIdSource } from './unique-id.ts';

const MAX_PENDING = 1024;
const MAX_PENDING_BYTES = 64 << 20;
const TIMEOUT_MS = 30_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** A worker that lived this long was sound; its death starts the backoff anew. */
const SOUND_MS = 30_000;

/**
 * Resolves when all workers have loaded the rules. Rejects with `RulesetError` or `PolicyError` when they have
 * errors, and with `PoolWorkerError` when workers cannot start.
 */
export async function createWafPool(options: WafPoolOptions): Promise<WafPool> {
  const pool = new ThreadPool(options);
  await pool.start();
  return {
    inspect: (record) => pool.inspect(record),
    reload: (rules) => pool.change({ rules }),
    usePolicy: (policy) => pool.change({ policy }),
    close: () => pool.close(),
    get pending() {
      return pool.pending;
    },
    get ready() {
      return pool.ready;
    },
  };
}

function threadData(options: WafPoolOptions): PoolThreadData {
  const { policyName, policyPoint, state, compatibility, environment } = options;
  const { engine, onEngineError, cache, multipartPeer, rulesCacheDirectory } = options;
  return {
    policyName,
    policyPoint,
    state,
    compatibility,
    environment,
    engine,
    onEngineError,
    cache,
    multipartPeer,
    rulesCacheDirectory,
    processKey: randomBytes(32),
  };
}

function workerCount({ workers = availableParallelism() }: WafPoolOptions): number {
  if (Number.isInteger(workers) && workers >= 1) return workers;
  throw new TypeError(`workers is ${workers}, expected a whole number from 1`);
}

type Change = Partial<Pick<PoolVersion, 'rules' | 'policy'>>;

class ThreadPool {
  readonly #count: number;
  readonly #data: PoolThreadData;
  readonly #maxPending: number;
  readonly #maxBytes: number;
  readonly #timeoutMs: number;
  readonly #warn: (message: string) => void;
  readonly #nextId = createIdSource();
  readonly #queue = new PoolQueue();
  readonly #workers = new Set<PoolWorker>();
  #version: PoolVersion;
  #facts: PoolVersionFacts | undefined;
  #lastNumber = 0;
  #changing: Promise<void> = Promise.resolve();
  #pending = 0;
  #pendingBytes = 0;
  #delayMs = FIRST_DELAY_MS;
  #flushIsDue = false;
  #watch: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: WafPoolOptions) {
    this.#count = workerCount(options);
    this.#data = threadData(options);
    this.#maxPending = options.maxPending ?? MAX_PENDING;
    this.#maxBytes = options.maxPendingBytes ?? MAX_PENDING_BYTES;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#warn = options.onWarning ?? ((message) => process.emitWarning(message));
    const { rules, policy } = options;
    this.#version = { number: 0, rules, policy, files: undefined };
  }

  get pending(): number {
    return this.#pending;
  }

  get ready(): number {
    return [...this.#workers].filter((worker) => worker.has(this.#version.number)).length;
  }

  async start(): Promise<void> {
    try {
      const first = this.#spawn();
      const { facts, files } = await first.loadVersion(this.#version);
      this.#adopt({ ...this.#version, files }, facts);
      const others = Array.from({ length: this.#count - 1 }, () => this.#spawn());
      await Promise.all(others.map((worker) => worker.loadVersion(this.#version)));
    } catch (error) {
      this.#closed = Promise.resolve();
      for (const worker of this.#workers) worker.end('the pool could not start');
      throw error;
    }
  }

  #adopt(version: PoolVersion, facts: PoolVersionFacts): void {
    this.#version = version;
    this.#facts = facts;
    for (const warning of facts.warnings) this.#warn(warning);
    if (facts.counts && this.#data.state === undefined && this.#count > 1) {
      this.#warn(
        `the policy counts what actors do, and each of ${this.#count} workers counts for itself: limits let through up to ${this.#count} times as much; give the pool a \`state\` that all share`,
      );
    }
  }

  async inspect(given: ExchangeRecord): Promise<ExchangeOutcome> {
    const id = given.id ?? this.#nextId();
    const record = sendable(given, id);
    if (this.#closed !== undefined) return this.#failed(id, 'pool-closed', 'the pool is closed');
    const bytes = bytesOf(record);
    if (this.#pending >= this.#maxPending || this.#pendingBytes + bytes > this.#maxBytes) {
      const much = `${this.#pending} exchanges of ${this.#pendingBytes} bytes`;
      return this.#failed(id, 'pool-queue-full', `${much} are pending`);
    }
    return new Promise((settle) => {
      this.#pending++;
      this.#pendingBytes += bytes;
      this.#queue.push({ id, record, bytes, sinceMs: performance.now(), settle });
      this.#watch ??= setInterval(() => this.#expire(), this.#timeoutMs / 4);
      this.#flushSoon();
    });
  }

  #failed(id: string, code: PoolFailure, message: string): ExchangeOutcome {
    if (this.#facts === undefined)
      throw new TypeError('a pool that has not started is not handed out');
    return failedOutcome(id, this.#facts, code, message);
  }

  #fail({ id }: PoolJob, code: PoolFailure, message: string): ExchangeOutcome {
    return this.#failed(id, code, message);
  }

  #settle(job: PoolJob, outcome: ExchangeOutcome): void {
    this.#pending--;
    this.#pendingBytes -= job.bytes;
    if (this.#pending === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
      this.#onIdle?.();
    }
    job.settle(outcome);
  }

  /** After what runs now: exchanges that come together travel together. */
  #flushSoon(): void {
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    queueMicrotask(() => {
      this.#flushIsDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    const { number } = this.#version;
    while (this.#queue.length > 0) {
      const free = [...this.#workers].filter((worker) => worker.takes(number));
      const [first] = free.sort((a, b) => a.load - b.load);
      if (first === undefined) return;
      const share = Math.ceil(this.#queue.length / free.length);
      first.judge(number, this.#queue.take(Math.min(share, BATCH)));
    }
  }

  /** Nothing waits for ever: neither for a worker nor for one that is stuck. */
  #expire(): void {
    const before = performance.now() - this.#timeoutMs;
    for (const worker of this.#workers) {
      if (worker.heardMs < before) worker.end(`it was silent for ${this.#timeoutMs} ms`);
    }
    for (const job of this.#queue.takeOlder(before)) {
      const message = `no worker was free for ${this.#timeoutMs} ms`;
      this.#settle(job, this.#fail(job, 'pool-timeout', message));
    }
  }

  #spawn(): PoolWorker {
    const startedMs = performance.now();
    const worker: PoolWorker = new PoolWorker(this.#data, {
      relieved: () => this.#flush(),
      judged: (job, outcome) => {
        this.#settle(
          job,
          typeof outcome === 'string' ? this.#fail(job, 'pool-exchange-failed', outcome) : outcome,
        );
      },
      ended: (jobs, reason) => {
        this.#workers.delete(worker);
        for (const job of jobs) {
          const message = `the worker was lost: ${reason}`;
          this.#settle(job, this.#fail(job, 'pool-worker-lost', message));
        }
        if (performance.now() - startedMs > SOUND_MS) this.#delayMs = FIRST_DELAY_MS;
        this.#replaceLater();
      },
    });
    this.#workers.add(worker);
    return worker;
  }

  #replaceLater(): void {
    if (this.#closed !== undefined && this.#pending === 0) return;
    // What waits keeps the process alive by itself.
    setTimeout(() => {
      if (this.#closed === undefined || this.#pending > 0) void this.#replace();
    }, this.#delayMs).unref();
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }

  async #replace(): Promise<void> {
    let worker: PoolWorker;
    try {
      worker = this.#spawn();
    } catch {
      // The machine has no thread to give, for now.
      this.#replaceLater();
      return;
    }
    try {
      await this.#bring(worker);
    } catch (error) {
      // A worker that ended has its replacement on the way already.
      worker.end(error instanceof Error ? error.message : String(error));
    }
  }

  /** Loads the version in force, and again if it changed meanwhile. */
  async #bring(worker: PoolWorker): Promise<void> {
    for (;;) {
      const version = this.#version;
      await worker.loadVersion(version);
      if (version.number === this.#version.number) break;
      worker.drop(version.number);
    }
    this.#flush();
  }

  change(change: Change): Promise<void> {
    if (this.#closed !== undefined)
      return Promise.reject(new PoolWorkerError('the pool is closed'));
    const done = this.#changing.then(() => this.#change(change));
    this.#changing = done.catch(() => {});
    return done;
  }

  /** One worker after the other, so that the others judge meanwhile. */
  async #change(change: Change): Promise<void> {
    const before = this.#version.number;
    let next: PoolVersion = {
      ...this.#version,
      ...change,
      number: ++this.#lastNumber,
      files: undefined,
    };
    let facts: PoolVersionFacts | undefined;
    try {
      for (let worker = this.#without(next.number); worker; worker = this.#without(next.number)) {
        const loaded = await worker.loadVersion(next);
        next = { ...next, files: loaded.files };
        facts ??= loaded.facts;
      }
      if (facts === undefined) throw new PoolWorkerError('no worker is there to load it');
    } catch (error) {
      for (const worker of this.#workers) if (worker.has(next.number)) worker.drop(next.number);
      throw error;
    }
    this.#adopt(next, facts);
    for (const worker of this.#workers) if (worker.has(before)) worker.drop(before);
    this.#flush();
  }

  /** A worker that judges and has not loaded this version. */
  #without(number: number): PoolWorker | undefined {
    return [...this.#workers].find(
      (worker) => worker.has(this.#version.number) && !worker.has(number),
    );
  }

  close(): Promise<void> {
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  async #drain(): Promise<void> {
    // Marks the pool as closed before anything is awaited.
    await Promise.resolve();
    if (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await this.#changing;
    await Promise.all([...this.#workers].map((worker) => worker.close()));
  }
}
