// The life of one transaction: which step may follow which, what each makes visible, when rules run.
//
// Steps are generators that yield a request when they need an answer from the state store or from outside;
// drive.ts answers in place or awaits. There is one body of code for both.

import { mediaEssence } from '../http/mime.ts';
import type { ConnectionFacts, RequestHead, ResponseHead } from '../model/exchange.ts';
import type { Interruption } from '../model/interruption.ts';
import type { MultipartPeer } from '../model/multipart-peer.ts';
import type { UploadFiles } from '../model/outside.ts';
import type { Phase } from '../model/phase.ts';
import { type BodyChunk, PhaseOrderError } from '../model/transaction.ts';
import type { Verdict } from '../model/verdict.ts';
import { readBody, selectProcessor } from './body.ts';
import { BodyBuffer } from './body-buffer.ts';
import type { FindXPath } from './body-facts.ts';
import { anomalyScores } from './scores.ts';
import type { EngineRequest, TransactionState } from './state.ts';
import { removeUploads, saveUploads } from './uploads.ts';

/** Runs the rules of a phase; the machine or the reference interpreter. */
export type RunPhase = (phase: Phase) => Step<void>;

/** Yields what it waits for, and goes on when the state has the answer. */
export type Step<Result> = Generator<EngineRequest, Result, void>;

const ORDER = [
  'connection',
  'requestHead',
  'requestBody',
  'endRequest',
  'responseHead',
  'responseBody',
  'endResponse',
  'finish',
] as const;
type StepName = (typeof ORDER)[number];

export interface CoreOptions {
  readonly state: TransactionState;
  readonly runPhase: RunPhase;
  readonly findXPath: FindXPath;
  readonly multipartPeer?: MultipartPeer | undefined;
  /** Takes the uploads of the request; left out: they stay in memory. */
  readonly uploads?: UploadFiles | undefined;
}

export class TransactionCore {
  readonly state: TransactionState;
  readonly #runPhase: RunPhase;
  readonly #peer: MultipartPeer | undefined;
  readonly #uploads: UploadFiles | undefined;
  readonly #requestBody = new BodyBuffer();
  readonly #responseBody = new BodyBuffer();
  #done = -1;
  #verdict: Verdict | undefined;

  constructor({ state, runPhase, findXPath, multipartPeer, uploads }: CoreOptions) {
    this.#uploads = uploads;
    this.state = state;
    this.#runPhase = runPhase;
    this.#peer = multipartPeer;
    state.body.findXPath = findXPath;
  }

  /** Checks the order of calls; false when an interruption makes the step pointless. */
  #enter(step: StepName, needs: StepName | undefined): boolean {
    const place = ORDER.indexOf(step);
    const repeatable = step === 'requestBody' || step === 'responseBody';
    if (this.#done > place || (this.#done === place && !repeatable)) {
      throw new PhaseOrderError(`${step} was called too late: ${ORDER[this.#done]} came before it`);
    }
    if (
      needs !== undefined &&
      this.#done < ORDER.indexOf(needs) &&
      this.state.interruption === null
    ) {
      throw new PhaseOrderError(`${step} was called too early: it needs ${needs} first`);
    }
    this.#done = place;
    return this.state.interruption === null;
  }

  connection(facts: ConnectionFacts): void {
    this.#enter('connection', undefined);
    this.state.connect(facts);
  }

  *requestHead(head: RequestHead): Step<Interruption | null> {
    this.#enter('requestHead', undefined);
    const { state } = this;
    state.request.readHead(head, state.settings);
    selectProcessor(state);
    yield* this.#run(1);
    return state.interruption;
  }

  requestBody(chunk: BodyChunk): Interruption | null {
    const { state } = this;
    if (!this.#enter('requestBody', 'requestHead') || !this.wantsRequestBody) {
      return state.interruption;
    }
    const { bodyAtLimit } = state.settings.behaviour;
    const fits = this.#requestBody.append(chunk, this.#requestLimit(), bodyAtLimit);
    if (!fits) this.#requestLimitPassed();
    return state.interruption;
  }

  // Bodies other than multipart hold no files, so the limit without files is theirs from the start.
  #requestLimit(): number {
    const { requestBodyLimit, settings, body } = this.state;
    return body.processor === 'MULTIPART' || settings.behaviour.noFilesLimit !== 'rejects'
      ? requestBodyLimit
      : Math.min(requestBodyLimit, settings.requestBodyNoFilesLimit);
  }

  #passesNoFilesLimit(body: string): boolean {
    const { body: facts, settings } = this.state;
    const passes =
      facts.processor !== 'MULTIPART' && body.length > settings.requestBodyNoFilesLimit;
    if (passes) facts.inboundDataError = true;
    return passes;
  }

  #requestLimitPassed(): void {
    const { state } = this;
    state.body.inboundDataError = true;
    const overAll = this.#requestBody.length >= state.requestBodyLimit;
    // v2 answers 413 to a body over SecRequestBodyNoFilesLimit whatever the limit action says.
    const { other, behaviour, requestBodyLimitAction } = state.settings;
    const rejects =
      requestBodyLimitAction === 'Reject' &&
      (behaviour.bodyOverLimit === 'beginning' || other.has('secrequestbodylimitaction'));
    const reject = !overAll || rejects;
    if (reject && state.engine === 'On')
      this.#interrupt(2, this.state.settings.behaviour.requestLimitStatus, 'request-body-limit');
    if (!overAll) state.body.failBody('the body without files passes SecRequestBodyNoFilesLimit');
  }

  #interrupt(phase: Phase, status: number, cause: string): void {
    this.state.interruption ??= { rule: null, phase, action: 'deny', status, cause };
  }

  *endRequest(): Step<Interruption | null> {
    const { state } = this;
    if (!this.#enter('endRequest', 'requestHead')) return state.interruption;
    const body = this.#requestBody.take();
    const { noFilesLimit, bodyOverLimit } = state.settings.behaviour;
    const dropped =
      bodyOverLimit === 'nothing' &&
      state.body.inboundDataError &&
      state.settings.requestBodyLimitAction === 'Reject';
    if (noFilesLimit === 'flags' && this.#passesNoFilesLimit(body)) {
      state.body.failBody('Request body excluding files is bigger than the maximum expected.');
    } else if (state.requestBodyAccess && (body.length > 0 || this.#readsEmpty) && !dropped) {
      readBody(body, state, this.#peer);
      if (this.#uploads !== undefined) saveUploads(state, this.#uploads);
    } else if (state.request.argumentsLimitPassed) {
      state.body.failBody('more arguments than SecArgumentsLimit allows');
    }
    if (state.noFilesLimitPassed && noFilesLimit === 'flags') {
      state.body.failBody('Request body excluding files is bigger than the maximum expected.');
    }
    if (state.noFilesLimitPassed && noFilesLimit === 'rejects') {
      state.body.inboundDataError = true;
      state.body.failBody('the body without files passes SecRequestBodyNoFilesLimit');
      if (state.engine === 'On')
        this.#interrupt(2, this.state.settings.behaviour.requestLimitStatus, 'request-body-limit');
    }
    if (state.interruption === null && (state.requestBodyAccess || this.#always)) {
      yield* this.#run(2);
    }
    return state.interruption;
  }

  *responseHead(head: ResponseHead): Step<Interruption | null> {
    const { state } = this;
    if (!this.#enter('responseHead', 'endRequest')) {
      // Logging rules of libmodsecurity see whatever it was told of the answer.
      if (state.settings.behaviour.statusInLogging === 'upstream') {
        state.response.readHead(head, state.request.protocol, state.settings.behaviour);
      }
      return state.interruption;
    }
    state.response.readHead(head, state.request.protocol, state.settings.behaviour);
    yield* this.#run(3);
    return state.interruption;
  }

  responseBody(chunk: BodyChunk): Interruption | null {
    const { state } = this;
    if (!this.#enter('responseBody', 'responseHead') || !this.wantsResponseBody) {
      return state.interruption;
    }
    const { bodyAtLimit } = state.settings.behaviour;
    const fits = this.#responseBody.append(chunk, state.responseBodyLimit, bodyAtLimit);
    if (!fits) {
      state.response.outboundDataError = true;
      if (state.settings.responseBodyLimitAction === 'Reject' && state.engine === 'On') {
        this.#interrupt(
          4,
          this.state.settings.behaviour.responseLimitStatus,
          'response-body-limit',
        );
      }
    }
    return state.interruption;
  }

  *endResponse(): Step<Interruption | null> {
    const { state } = this;
    if (!this.#enter('endResponse', 'responseHead')) return state.interruption;
    if (this.#inspectsResponseBody()) {
      state.response.contentLength = this.#responseBody.length;
      state.response.body = this.#responseBody.take();
    }
    if (this.#inspectsResponseBody() || this.#always) yield* this.#run(4);
    return state.interruption;
  }

  *finish(): Step<Verdict> {
    if (this.#verdict !== undefined) return this.#verdict;
    this.#done = ORDER.indexOf('finish');
    const { state } = this;
    // Logging rules see the answer that was given instead of the upstream's (ModSecurity v2).
    const { interruption } = state;
    const shown = state.settings.behaviour.statusInLogging === 'answered';
    if (shown && interruption !== null && interruption.status > 0)
      state.response.answer(interruption.status);
    yield* this.#run(5);
    if (this.#uploads !== undefined) removeUploads(state, this.#uploads);
    this.#verdict = Object.freeze({
      id: state.id,
      interruption: state.interruption,
      matches: state.matches,
      scores: anomalyScores(state.tx),
      errors: state.errors,
    });
    return this.#verdict;
  }

  get finished(): boolean {
    return this.#verdict !== undefined;
  }

  /** libmodsecurity starts its XML parser for no byte at all. */
  get #readsEmpty(): boolean {
    const { body, settings } = this.state;
    return body.processor === 'XML' && settings.behaviour.xmlEmptyBody === 'error';
  }

  *#run(phase: Phase): Step<void> {
    const { state } = this;
    state.phase = phase;
    if (state.engine === 'Off' || state.skipsRest) return;
    yield* this.#runPhase(phase);
  }

  /** Whether the phases of the bodies run although rules may not see them. */
  get #always(): boolean {
    return this.state.settings.behaviour.bodyPhases === 'always';
  }

  /** False once the body has been cut at its limit: the rest may stream past. */
  get wantsRequestBody(): boolean {
    const { requestBodyAccess, engine } = this.state;
    return requestBodyAccess && engine !== 'Off' && !this.#requestBody.limitPassed;
  }

  get wantsResponseBody(): boolean {
    const { settings, engine } = this.state;
    const counts = settings.behaviour.responseLimit === 'all' && engine !== 'Off';
    return (
      (this.#inspectsResponseBody() || (counts && this.#hasInspectedType())) &&
      !this.#responseBody.limitPassed
    );
  }

  #inspectsResponseBody(): boolean {
    const { state } = this;
    if (!state.responseBodyAccess || state.engine === 'Off') return false;
    return this.#hasInspectedType();
  }

  #hasInspectedType(): boolean {
    const { state } = this;
    const { responseBodyMimeTypes } = state.settings;
    return (
      responseBodyMimeTypes === undefined ||
      responseBodyMimeTypes.includes(mediaEssence(state.response.contentType))
    );
  }
}
