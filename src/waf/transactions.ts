// The public faces of a transaction core: ModSecurity's steps, and the same with decisions.

import { driveAsync, driveSync, persistAsync, persistSync } from '../engine/drive.ts';
import type { Step, TransactionCore } from '../engine/transaction.ts';
import type { Decision } from '../model/decision.ts';
import type { Interruption } from '../model/interruption.ts';
import type {
  Answer,
  ExchangeOf,
  ExchangeOutcome,
  Mode,
  TransactionOf,
} from '../model/transaction.ts';
import type { Verdict } from '../model/verdict.ts';
import { type DecisionOptions, decide } from '../policy/decide.ts';
import type { AsyncStore, SyncStore } from '../state/store.ts';

/** Runs steps to their end, in the store's way. */
export interface Driver<M extends Mode> {
  readonly drive: <Result>(core: TransactionCore, step: Step<Result>) => Answer<M, Result>;
  /** The last step; hands what the rules changed to the store. */
  readonly finish: (core: TransactionCore) => Answer<M, Verdict>;
  readonly after: <A, B>(answer: Answer<M, A>, next: (value: A) => B) => Answer<M, B>;
}

export function syncDriver(store: SyncStore): Driver<'sync'> {
  return {
    drive: (core, step) => driveSync(step, core.state, store),
    finish: (core) => {
      const isFirst = !core.finished;
      const verdict = driveSync(core.finish(), core.state, store);
      // The verdict holds the live list of errors, so a store that fails here is in it.
      if (isFirst) persistSync(core.state, store);
      return verdict;
    },
    after: (answer, next) => next(answer),
  };
}

export function asyncDriver(store: AsyncStore): Driver<'async'> {
  return {
    drive: (core, step) => driveAsync(step, core.state, store),
    finish: async (core) => {
      const isFirst = !core.finished;
      const verdict = await driveAsync(core.finish(), core.state, store);
      if (isFirst) await persistAsync(core.state, store);
      return verdict;
    },
    after: (answer, next) => answer.then(next),
  };
}

/** A transaction that has begun, and who wants to know when it has finished. */
export interface Opened {
  readonly core: TransactionCore;
  readonly finished: (() => void) | undefined;
}

export function createTransaction<M extends Mode>(
  { core, finished }: Opened,
  driver: Driver<M>,
): TransactionOf<M> {
  // Logs are told once, and of what the store could not do at the end as well.
  let isTold = finished === undefined;
  const tell = (verdict: Verdict): Verdict => {
    if (!isTold) {
      isTold = true;
      finished?.();
    }
    return verdict;
  };
  const transaction: TransactionOf<M> = {
    id: core.state.id,
    connection(facts) {
      core.connection(facts);
      return this;
    },
    requestHead: (head) => driver.drive<Interruption | null>(core, core.requestHead(head)),
    requestBody: (chunk) => core.requestBody(chunk),
    endRequest: () => driver.drive<Interruption | null>(core, core.endRequest()),
    responseHead: (head) => driver.drive<Interruption | null>(core, core.responseHead(head)),
    responseBody: (chunk) => core.responseBody(chunk),
    endResponse: () => driver.drive<Interruption | null>(core, core.endResponse()),
    finish: () => (isTold ? driver.finish(core) : driver.after(driver.finish(core), tell)),
    get wantsRequestBody() {
      return core.wantsRequestBody;
    },
    get wantsResponseBody() {
      return core.wantsResponseBody;
    },
  };
  return transaction;
}

export function createExchange<M extends Mode>(
  opened: Opened,
  driver: Driver<M>,
  options: DecisionOptions,
  finished: ((outcome: ExchangeOutcome) => void) | undefined,
): ExchangeOf<M> {
  const { core } = opened;
  const transaction = createTransaction(opened, driver);
  const decision = (): Decision =>
    decide(
      {
        interruption: core.state.interruption,
        errors: core.state.errors,
        enforcing: core.state.engine === 'On',
      },
      options,
    );
  const exchange: ExchangeOf<M> = {
    id: transaction.id,
    connection(facts) {
      core.connection(facts);
      return this;
    },
    requestHead: (head) => driver.after(transaction.requestHead(head), decision),
    requestBody: (chunk) => {
      transaction.requestBody(chunk);
      return decision();
    },
    endRequest: () => driver.after(transaction.endRequest(), decision),
    responseHead: (head) => driver.after(transaction.responseHead(head), decision),
    responseBody: (chunk) => {
      transaction.responseBody(chunk);
      return decision();
    },
    endResponse: () => driver.after(transaction.endResponse(), decision),
    finish: () =>
      driver.after(transaction.finish(), (verdict) => {
        const outcome = { verdict, decision: decision() };
        finished?.(outcome);
        return outcome;
      }),
    get wantsRequestBody() {
      return transaction.wantsRequestBody;
    },
    get wantsResponseBody() {
      return transaction.wantsResponseBody;
    },
  };
  return exchange;
}
