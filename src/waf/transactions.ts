// The public faces of a transaction core: ModSecurity's steps, and the same with decisions.

import { driveAsync, driveSync, persistAsync, persistSync } from '../engine/drive.ts';
import type { Step, TransactionCore } from '../engine/transaction.ts';
import type { Decision, DecisionRow } from '../model/decision.ts';
import type { ConnectionFacts, RequestHead, ResponseHead } from '../model/exchange.ts';
import type { Interruption } from '../model/interruption.ts';
import type { Outside } from '../model/outside.ts';
import type {
  Answer,
  BodyChunk,
  BodyRedaction,
  ExchangeOf,
  Mode,
  TransactionOf,
} from '../model/transaction.ts';
import type { EngineErrorRecord, Verdict } from '../model/verdict.ts';
import { type DecisionOptions, decide } from '../policy/decide.ts';
import type { Stage } from '../policy/facts/stage.ts';
import type { PolicySession } from '../policy/session.ts';
import type { PolicyStep } from '../policy/step.ts';
import { runBatch, runBatchLater } from '../state/run-batch.ts';
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
          answer = { results: runBatch(store, turn.value, nowMs) };
        } catch (error) {
          answer = { failure: messageOf(error) };
        }
        turn = step.next(answer);
      }
    },
  };
}

export function asyncDriver(store: AsyncStore, outside?: Outside): Driver<'async'> {
  return {
    drive: (core, step) => driveAsync(step, core.state, store, outside),
    finish: async (core) => {
      const isFirst = !core.finished;
      const verdict = await driveAsync(core.finish(), core.state, store, outside);
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
          answer = { results: await runBatchLater(store, turn.value, nowMs) };
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
  opened: Opened,
  driver: Driver<M>,
): TransactionOf<M> {
  return new TransactionFace(opened, driver);
}

// Classes and not literals: V8 keeps the getters of a literal in the shape that it makes for each, and with them
// all that they refer to, until old space is collected. Every transaction would live that long.
class TransactionFace<M extends Mode> implements TransactionOf<M> {
  readonly id: string;
  readonly #core: TransactionCore;
  readonly #driver: Driver<M>;
  /** Logs are told once, and of what the store could not do at the end as well. */
  #toTell: (() => void) | undefined;

  constructor({ core, finished }: Opened, driver: Driver<M>) {
    this.id = core.state.id;
    this.#core = core;
    this.#driver = driver;
    this.#toTell = finished;
  }

  connection(facts: ConnectionFacts): this {
    this.#core.connection(facts);
    return this;
  }

  requestHead(head: RequestHead): Answer<M, Interruption | null> {
    return this.#driver.drive<Interruption | null>(this.#core, this.#core.requestHead(head));
  }

  requestBody(chunk: BodyChunk): Interruption | null {
    return this.#core.requestBody(chunk);
  }

  endRequest(): Answer<M, Interruption | null> {
    return this.#driver.drive<Interruption | null>(this.#core, this.#core.endRequest());
  }

  responseHead(head: ResponseHead): Answer<M, Interruption | null> {
    return this.#driver.drive<Interruption | null>(this.#core, this.#core.responseHead(head));
  }

  responseBody(chunk: BodyChunk): Interruption | null {
    return this.#core.responseBody(chunk);
  }

  endResponse(): Answer<M, Interruption | null> {
    return this.#driver.drive<Interruption | null>(this.#core, this.#core.endResponse());
  }

  finish(): Answer<M, Verdict> {
    const verdict = this.#driver.finish(this.#core);
    if (this.#toTell === undefined) return verdict;
    return this.#driver.after(verdict, (told) => {
      const tell = this.#toTell;
      this.#toTell = undefined;
      tell?.();
      return told;
    });
  }

  get wantsRequestBody(): boolean {
    return this.#core.wantsRequestBody;
  }

  get wantsResponseBody(): boolean {
    return this.#core.wantsResponseBody;
  }
}

/** The policy beside an exchange, and the transaction that shows it what the loaded rules do not read. */
export interface ExchangePolicy {
  readonly session: PolicySession;
  readonly table: readonly DecisionRow[] | undefined;
  readonly onEngineError: 'block' | 'allow' | undefined;
  /** Asked once, when the loaded rules have seen the head. */
  readonly shadowAfterHead: () => TransactionCore | undefined;
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
  const beside: Beside = { shadow: undefined };
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
    isCut = false,
  ): Answer<M, Decision> => {
    if (session === undefined) return driver.after(answer, decision);
    return driver.andThen(answer, () => {
      if (stage === 'head') beside.shadow = policy?.shadowAfterHead();
      const { shadow } = beside;
      const matched = new Set<number>();
      const asked =
        shadow === undefined
          ? driver.given(null)
          : driver.drive<unknown>(shadow, shadowStep(shadow));
      return driver.andThen(asked, () => {
        for (const { rule } of shadow?.state.matches ?? []) matched.add(rule.id);
        const ran = driver.ask(session.run(stage, matched, isCut), core.state.startedMs);
        return driver.after(ran, decision);
      });
    });
  };
  return new ExchangeFace<M>(transaction, session, beside, {
    requestHead: (head) =>
      judged(transaction.requestHead(head), 'head', (other) => other.requestHead(head)),
    requestBody: (chunk) => {
      transaction.requestBody(chunk);
      beside.shadow?.requestBody(chunk);
      return decisionOnChunk();
    },
    endRequest: ({ isCut } = {}) =>
      judged(transaction.endRequest(), 'request', (other) => other.endRequest(), isCut),
    responseHead: (head) =>
      judged(transaction.responseHead(head), 'responseHead', (other) => other.responseHead(head)),
    responseBody: (chunk) => {
      transaction.responseBody(chunk);
      beside.shadow?.responseBody(chunk);
      return decisionOnChunk();
    },
    endResponse: ({ isCut } = {}) =>
      judged(transaction.endResponse(), 'response', (other) => other.endResponse(), isCut),
    finish: () =>
      driver.andThen(transaction.finish(), (verdict) => {
        const ended =
          session === undefined
            ? driver.given(undefined)
            : driver.ask(session.finish(), core.state.startedMs);
        return driver.after(ended, () => {
          const last = decision();
          const told = session?.events(last) ?? [];
          const failures = session?.failures ?? [];
          const outcome = { verdict: withErrors(verdict, failures), decision: last, events: told };
          for (const event of told) events?.policy?.(event);
          events?.finished?.(outcome);
          return outcome;
        });
      }),
  });
}

/** What the policy could not judge is told with what the rules could not. */
function withErrors(verdict: Verdict, errors: readonly EngineErrorRecord[]): Verdict {
  return errors.length === 0 ? verdict : { ...verdict, errors: [...verdict.errors, ...errors] };
}

/** The transaction beside the loaded rules' one, where there is one. */
interface Beside {
  shadow: TransactionCore | undefined;
}

type ExchangeSteps<M extends Mode> = Pick<
  ExchangeOf<M>,
  | 'requestHead'
  | 'requestBody'
  | 'endRequest'
  | 'responseHead'
  | 'responseBody'
  | 'endResponse'
  | 'finish'
>;

class ExchangeFace<M extends Mode> implements ExchangeOf<M> {
  readonly id: string;
  readonly requestHead: ExchangeSteps<M>['requestHead'];
  readonly requestBody: ExchangeSteps<M>['requestBody'];
  readonly endRequest: ExchangeSteps<M>['endRequest'];
  readonly responseHead: ExchangeSteps<M>['responseHead'];
  readonly responseBody: ExchangeSteps<M>['responseBody'];
  readonly endResponse: ExchangeSteps<M>['endResponse'];
  readonly finish: ExchangeSteps<M>['finish'];
  readonly #transaction: TransactionOf<M>;
  readonly #session: PolicySession | undefined;
  readonly #beside: Beside;

  constructor(
    transaction: TransactionOf<M>,
    session: PolicySession | undefined,
    beside: Beside,
    steps: ExchangeSteps<M>,
  ) {
    this.id = transaction.id;
    this.#transaction = transaction;
    this.#session = session;
    this.#beside = beside;
    this.requestHead = steps.requestHead;
    this.requestBody = steps.requestBody;
    this.endRequest = steps.endRequest;
    this.responseHead = steps.responseHead;
    this.responseBody = steps.responseBody;
    this.endResponse = steps.endResponse;
    this.finish = steps.finish;
  }

  connection(facts: ConnectionFacts): this {
    this.#transaction.connection(facts);
    return this;
  }

  get wantsRequestBody(): boolean {
    return this.#transaction.wantsRequestBody || this.#beside.shadow?.wantsRequestBody === true;
  }

  get wantsResponseBody(): boolean {
    return this.#transaction.wantsResponseBody || this.#beside.shadow?.wantsResponseBody === true;
  }

  get redaction(): BodyRedaction | undefined {
    return this.#session?.redaction();
  }
}
