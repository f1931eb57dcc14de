// The public faces of a transaction core: ModSecurity's steps, and the same with decisions.

import { driveAsync, driveSync, persistAsync, persistSync } from '../engine/drive.ts';
import type { Step, TransactionCore } from '../engine/transaction.ts';
import type { Decision, DecisionRow } from '../model/decision.ts';
import type { Interruption } from '../model/interruption.ts';
import type { Answer, ExchangeOf, Mode, TransactionOf } from '../model/transaction.ts';
import type { Verdict } from '../model/verdict.ts';
import { type DecisionOptions, decide } from '../policy/decide.ts';
import type { Stage } from '../policy/facts/stage.ts';
import type { PolicySession } from '../policy/session.ts';
import type { PolicyStep } from '../policy/step.ts';
import type { AsyncStore, SyncStore } from '../state/store.ts';
import type { WafEvents } from './options.ts';

/** Runs steps to their end, in the store's way. */
export interface Driver<M extends Mode> {
  readonly drive: <Result>(core: TransactionCore, step: Step<Result>) => Answer<M, Result>;
  /** The last step; hands what the rules changed to the store. */
  readonly finish: (core: TransactionCore) => Answer<M, Verdict>;
  readonly after: <A, B>(answer: Answer<M, A>, next: (value: A) => B) => Answer<M, B>;
  readonly andThen: <A, B>(answer: Answer<M, A>, next: (value: A) => Answer<M, B>) => Answer<M, B>;
  readonly given: <A>(value: A) => Answer<M, A>;
  /** Runs a step of the policy; a store that fails is an answer, too. */
  readonly ask: (step: PolicyStep, nowMs: number) => Answer<M, void>;
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
    andThen: (answer, next) => next(answer),
    given: (value) => value,
    ask: (step, nowMs) => {
      let turn = step.next();
      while (!turn.done) {
        let answer: Parameters<typeof step.next>[0];
        try {
          answer = { results: store.run(turn.value, nowMs) };
        } catch (error) {
          answer = { failure: messageOf(error) };
        }
        turn = step.next(answer);
      }
    },
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
    andThen: (answer, next) => answer.then(next),
    given: (value) => Promise.resolve(value),
    ask: async (step, nowMs) => {
      let turn = step.next();
      while (!turn.done) {
        let answer: Parameters<typeof step.next>[0];
        try {
          answer = { results: await store.run(turn.value, nowMs) };
        } catch (error) {
          answer = { failure: messageOf(error) };
        }
        turn = step.next(answer);
      }
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

/** The policy beside an exchange, and the transaction that shows it what the loaded rules do not read. */
export interface ExchangePolicy {
  readonly session: PolicySession;
  readonly table: readonly DecisionRow[] | undefined;
  readonly onEngineError: 'block' | 'allow' | undefined;
  readonly shadow: TransactionCore | undefined;
}

export interface ExchangeParts {
  readonly opened: Opened;
  readonly options: DecisionOptions;
  readonly policy: ExchangePolicy | undefined;
  readonly events: WafEvents | undefined;
}

export function createExchange<M extends Mode>(
  { opened, options, policy, events }: ExchangeParts,
  driver: Driver<M>,
): ExchangeOf<M> {
  const { core } = opened;
  const transaction = createTransaction(opened, driver);
  const session = policy?.session;
  const shadow = policy?.shadow;
  const { onEngineError = policy?.onEngineError ?? 'block' } = options;
  const decisionOptions = { onEngineError, table: policy?.table };
  let last: Decision | undefined;
  let judgedOf: Interruption | null = null;
  const decision = (): Decision => {
    last = decide(
      {
        interruption: core.state.interruption,
        errors: core.state.errors,
        enforcing: core.state.engine === 'On',
        policy: session?.findings,
      },
      decisionOptions,
    );
    judgedOf = core.state.interruption;
    return last;
  };
  // Chunks of a body change nothing but where a limit is passed: the table is walked again only then.
  const decisionOnChunk = (): Decision => {
    const { interruption } = core.state;
    if (last === undefined || interruption !== judgedOf) last = decision();
    judgedOf = interruption;
    return last;
  };
  /** The rules' step, the same step of the shadow, then the policy on what is known by then. */
  const judged = (
    answer: Answer<M, Interruption | null>,
    stage: Stage,
    shadowStep: (shadow: TransactionCore) => Step<unknown>,
  ): Answer<M, Decision> => {
    if (session === undefined) return driver.after(answer, decision);
    return driver.andThen(answer, () => {
      const matched = new Set<number>();
      const asked =
        shadow === undefined
          ? driver.given(null)
          : driver.drive<unknown>(shadow, shadowStep(shadow));
      return driver.andThen(asked, () => {
        for (const { rule } of shadow?.state.matches ?? []) matched.add(rule.id);
        const ran = driver.ask(session.run(stage, matched), core.state.nowMs());
        return driver.after(ran, decision);
      });
    });
  };
  const exchange: ExchangeOf<M> = {
    id: transaction.id,
    connection(facts) {
      core.connection(facts);
      shadow?.connection(facts);
      return this;
    },
    requestHead: (head) =>
      judged(transaction.requestHead(head), 'head', (other) => other.requestHead(head)),
    requestBody: (chunk) => {
      transaction.requestBody(chunk);
      shadow?.requestBody(chunk);
      return decisionOnChunk();
    },
    endRequest: () => judged(transaction.endRequest(), 'request', (other) => other.endRequest()),
    responseHead: (head) =>
      judged(transaction.responseHead(head), 'responseHead', (other) => other.responseHead(head)),
    responseBody: (chunk) => {
      transaction.responseBody(chunk);
      shadow?.responseBody(chunk);
      return decisionOnChunk();
    },
    endResponse: () =>
      judged(transaction.endResponse(), 'response', (other) => other.endResponse()),
    finish: () =>
      driver.andThen(transaction.finish(), (verdict) => {
        const ended =
          session === undefined
            ? driver.given(undefined)
            : driver.ask(session.finish(), core.state.nowMs());
        return driver.after(ended, () => {
          const last = decision();
          const told = session?.events(last) ?? [];
          const outcome = { verdict, decision: last, events: told };
          for (const event of told) events?.policy?.(event);
          events?.finished?.(outcome);
          return outcome;
        });
      }),
    get wantsRequestBody() {
      return transaction.wantsRequestBody || shadow?.wantsRequestBody === true;
    },
    get wantsResponseBody() {
      return transaction.wantsResponseBody || shadow?.wantsResponseBody === true;
    },
    get redaction() {
      return session?.redaction();
    },
  };
  return exchange;
}
