// The pool's end of one thread: what was sent, what was answered, and the thread's end.
//
// Two batches may be on their way, so that the thread has the next one while the answers of the last travel.

import { Worker } from 'node:worker_threads';
import type { ExchangeOutcome } from '../model/transaction.ts';
import { PolicyError } from './policy.ts';
import type { FromPoolThread, PoolThreadData, PoolVersion, ToPoolThread } from './pool-messages.ts';
import { OutcomeUnpacker, type PackedOutcome } from './pool-outcomes.ts';
import type { PoolJob } from './pool-queue.ts';
import { RulesetError } from './ruleset-error.ts';
import { threadEntry } from './thread-entry.ts';

export const BATCH = 16;
const BATCHES = 2;
/** A thread that does not end by itself is ended. */
const CLOSE_MS = 5000;

export type Loaded = FromPoolThread & { readonly kind: 'loaded' };

/** The thread ended before it had loaded. */
export class PoolWorkerError extends Error {
  override readonly name: string = 'PoolWorkerError';
}

export interface PoolWorkerListener {
  /** A text: why the thread could not judge it. */
  readonly judged: (job: PoolJob, outcome: ExchangeOutcome | string) => void;
  /** There is room again. */
  readonly relieved: () => void;
  /** The thread has ended, with these exchanges unanswered. */
  readonly ended: (jobs: readonly PoolJob[], reason: string) => void;
}

interface Load {
  readonly number: number;
  readonly resolve: (loaded: Loaded) => void;
  readonly reject: (error: Error) => void;
}

interface Batch {
  /** Stays with the batch when its version is dropped. */
  readonly unpacker: OutcomeUnpacker;
  readonly jobs: readonly PoolJob[];
  answered: number;
}

export class PoolWorker {
  readonly #worker: Worker;
  readonly #listener: PoolWorkerListener;
  readonly #batches: Batch[] = [];
  readonly #unpackers = new Map<number, OutcomeUnpacker>();
  #load: Load | undefined;
  #reason: string | undefined;
  /** When the thread was last heard, or given work while it had none. */
  #heardMs = 0;

  constructor(data: PoolThreadData, listener: PoolWorkerListener) {
    this.#listener = listener;
    this.#worker = new Worker(threadEntry('pool-thread'), { workerData: data });
    this.#worker.on('message', (message: FromPoolThread) => this.#hear(message));
    this.#worker.on('messageerror', (error) => this.end(error.message));
    this.#worker.on('error', (error: Error) => {
      this.#reason ??= error.message;
    });
    this.#worker.on('exit', (code) => this.#exit(code));
    this.#worker.unref();
  }

  /** Exchanges sent and not answered. */
  get load(): number {
    return this.#batches.reduce((sum, { jobs, answered }) => sum + jobs.length - answered, 0);
  }

  /** When it was last heard of; Infinity while nothing is asked of it. */
  get heardMs(): number {
    return this.#batches.length === 0 ? Infinity : this.#heardMs;
  }

  has(version: number): boolean {
    return this.#unpackers.has(version);
  }

  /** Whether a batch for this version can be sent. A thread that loads could not begin with it. */
  takes(version: number): boolean {
    return this.has(version) && this.#load === undefined && this.#batches.length < BATCHES;
  }

  judge(version: number, jobs: readonly PoolJob[]): void {
    const unpacker = this.#unpackers.get(version);
    if (unpacker === undefined) throw new TypeError('the worker has not loaded this version');
    if (this.#batches.length === 0) this.#heardMs = performance.now();
    this.#batches.push({ unpacker, jobs, answered: 0 });
    this.#post({ kind: 'judge', version, records: jobs.map(({ record }) => record) });
  }

  /** One at a time. Rejects with `RulesetError`, `PolicyError` or `PoolWorkerError`. */
  loadVersion(version: PoolVersion): Promise<Loaded> {
    return new Promise((resolve, reject) => {
      if (this.#load !== undefined || this.#reason !== undefined) {
        reject(new PoolWorkerError(this.#reason ?? 'the worker is loading another version'));
        return;
      }
      // Throws when something in it cannot be handed over; the promise rejects and nothing is loading.
      this.#worker.postMessage({ kind: 'load', version } satisfies ToPoolThread);
      this.#load = { number: version.number, resolve, reject };
      this.#refer();
    });
  }

  /** No batch for this version will follow. */
  drop(version: number): void {
    this.#unpackers.delete(version);
    this.#post({ kind: 'drop', version });
  }

  /** Ends the thread, whatever it does. */
  end(reason: string): void {
    this.#reason ??= reason;
    void this.#worker.terminate();
  }

  /** Resolves when the thread has ended in order. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end('it did not close'), CLOSE_MS);
      this.#worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#worker.ref();
      this.#worker.postMessage({ kind: 'close' } satisfies ToPoolThread);
    });
  }

  #post(message: ToPoolThread): void {
    this.#worker.postMessage(message);
    this.#refer();
  }

  /** Keeps the process alive while something is asked, and only then. */
  #refer(): void {
    if (this.#load === undefined && this.#batches.length === 0) this.#worker.unref();
    else this.#worker.ref();
  }

  #hear(message: FromPoolThread): void {
    if (message.kind === 'judged') {
      this.#heardMs = performance.now();
      for (const packed of message.outcomes) this.#answer(packed);
      this.#refer();
      this.#listener.relieved();
      return;
    }
    const load = this.#load;
    this.#load = undefined;
    this.#refer();
    if (message.kind === 'loaded') {
      if (load !== undefined) this.#unpackers.set(load.number, new OutcomeUnpacker());
      load?.resolve(message);
    } else {
      load?.reject(refusal(message));
    }
    this.#listener.relieved();
  }

  #answer(packed: PackedOutcome | string): void {
    const batch = this.#batches[0];
    const job = batch?.jobs[batch.answered];
    if (batch === undefined || job === undefined) return;
    batch.answered++;
    if (batch.answered === batch.jobs.length) this.#batches.shift();
    if (typeof packed === 'string') {
      this.#listener.judged(job, packed);
      return;
    }
    this.#listener.judged(job, unpacked(batch.unpacker, packed));
  }

  #exit(code: number): void {
    this.#reason ??= `it ended with status ${code}`;
    const reason = this.#reason;
    const jobs = this.#batches.flatMap((batch) => batch.jobs.slice(batch.answered));
    this.#batches.length = 0;
    this.#unpackers.clear();
    this.#load?.reject(new PoolWorkerError(`the worker ended while it loaded: ${reason}`));
    this.#load = undefined;
    this.#listener.ended(jobs, reason);
  }
}

/** What cannot be understood has not been judged. */
function unpacked(unpacker: OutcomeUnpacker, packed: PackedOutcome): ExchangeOutcome | string {
  try {
    return unpacker.unpack(packed);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function refusal({
  of,
  diagnostics,
  message,
}: FromPoolThread & { readonly kind: 'refused' }): Error {
  if (of === 'rules') return new RulesetError(diagnostics);
  return of === 'policy' ? new PolicyError(diagnostics) : new PoolWorkerError(message);
}
