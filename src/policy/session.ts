// The policy on one exchange: who is asking, which rules hold, what the store says; stage by stage, as the
// exchange arrives.
//
// Rules are asked in the order of their names, so that the order of the document changes nothing. A stage
// costs the store one batch, and the first one a second where rules ask for an actor's score.

import type { Decision } from '../model/decision.ts';
import type { PolicyEvent } from '../model/policy-event.ts';
import type { BodyRedaction } from '../model/transaction.ts';
import type { EngineErrorRecord } from '../model/verdict.ts';
import type { TransactionView } from '../model/view.ts';
import type { PolicyFindings } from './decide.ts';
import type { DataType } from './entities/data-type.ts';
import type { Actor } from './facts/actor.ts';
import type { ExchangeFacts } from './facts/exchange.ts';
import type { Place } from './facts/places.ts';
import { type Gap, gapIn, mayHoldData, type Needs } from './facts/seen.ts';
import type { SourceFacts } from './facts/source.ts';
import type { Stage } from './facts/stage.ts';
import type { CompiledPolicy } from './policy.ts';
import { Batch } from './rules/batch.ts';
import { Findings } from './rules/findings.ts';
import { judgeData, tellRedactions } from './rules/judge-data.ts';
import { judgeSignatures } from './rules/judge-signatures.ts';
import { judgeSources } from './rules/judge-sources.ts';
import { judgeThresholds } from './rules/judge-thresholds.ts';
import type { PolicyStep } from './step.ts';

const NONE: ReadonlySet<number> = new Set();
const NO_EVENTS: readonly PolicyEvent[] = Object.freeze([]);

/** The score is looked up while rules are asked, so it may change. */
class StageFacts implements ExchangeFacts {
  readonly stage: Stage;
  readonly view: TransactionView;
  readonly source: SourceFacts;
  readonly place: Place;
  readonly matchedRules: ReadonlySet<number>;
  readonly #isCut: boolean;
  abuseScore: number | undefined;

  constructor(
    stage: Stage,
    view: TransactionView,
    source: SourceFacts,
    place: Place,
    matchedRules: ReadonlySet<number>,
    abuseScore: number | undefined,
    isCut: boolean,
  ) {
    this.stage = stage;
    this.view = view;
    this.source = source;
    this.place = place;
    this.matchedRules = matchedRules;
    this.abuseScore = abuseScore;
    this.#isCut = isCut;
  }

  unseen(needs: Needs): Gap | undefined {
    return gapIn(this.view, needs, this.#isCut);
  }
}

export class PolicySession {
  readonly #policy: CompiledPolicy;
  #view: TransactionView;
  readonly #findings = new Findings();
  readonly #nowMs: number;
  readonly #allowedData = new Set<DataType>();
  /** How many values of each type were replaced in the response. */
  readonly #replaced = new Map<string, number>();
  #source: SourceFacts | undefined;
  #place: Place | undefined;
  #actorFound: Actor | undefined;
  #abuseScore: number | undefined;
  #knowsUser = false;

  /** `view` shows the exchange as it arrives. */
  constructor(policy: CompiledPolicy, view: TransactionView) {
    this.#policy = policy;
    this.#view = view;
    this.#nowMs = view.startedMs;
  }

  /** From now on another transaction shows the exchange. Before the first stage only. */
  watch(view: TransactionView): void {
    this.#view = view;
  }

  /** What could not be judged, for the record of the exchange. */
  get failures(): readonly EngineErrorRecord[] {
    return this.#findings.failures;
  }

  get findings(): PolicyFindings {
    return this.#findings;
  }

  /** How the response's body has to be changed on its way; a new one at each call. */
  redaction(): BodyRedaction | undefined {
    const types = new Set(this.#findings.redacting.flatMap(({ data }) => data.types));
    for (const type of this.#allowedData) types.delete(type);
    if (types.size === 0 || !mayHoldData(this.#view)) return undefined;
    const replaced = this.#replaced;
    replaced.clear();
    return this.#policy.redactionOf([...types], (type) => {
      replaced.set(type, (replaced.get(type) ?? 0) + 1);
    });
  }

  /**
   * `matchedRules`: Sec Rules of signatures that have matched by now. `isCut`: the body that ends here goes on
   * and its rest will not be shown.
   */
  *run(stage: Stage, matchedRules: ReadonlySet<number> = NONE, isCut = false): PolicyStep {
    const policy = this.#policy;
    const findings = this.#findings;
    const { source, place } = this.#look(stage);
    const nowMs = this.#nowMs;
    const mayBlockSource = !source.isInternal || policy.blocksInternal;
    const facts = new StageFacts(
      stage,
      this.#view,
      source,
      place,
      matchedRules,
      this.#abuseScore,
      isCut,
    );
    const context = { facts, findings, nowMs, mayBlockSource };
    if (stage === 'head') policy.handLists.onAddress(source, findings);
    const knowsUser = stage === policy.userStage;
    if (knowsUser) {
      policy.handLists.onUser(source, findings, mayBlockSource);
      this.#knowsUser = true;
      for (const text of source.evidence) findings.tellAttribution(text);
    }
    judgeSources(policy.sourceRules[stage], context);
    const batch = new Batch();
    const actor = (): Actor | undefined => this.#actor();
    if (knowsUser && policy.looksUpActors) {
      batch.add(policy.actors.look(this.#actorOf(source), source.address, nowMs), {
        done: (state) => {
          this.#abuseScore = state.score;
          facts.abuseScore = state.score;
          findings.addActorState(state, mayBlockSource, source.address);
        },
        failed: (problem) => findings.fail('store-unavailable', problem),
      });
      if (policy.usesScores) yield* batch.run();
    }
    if (knowsUser && policy.listedActors !== undefined) {
      const { blocks, look } = policy.listedActors;
      batch.add(look(this.#actorOf(source), nowMs), {
        done: (listed) => findings.addListed(listed, mayBlockSource, source.address),
        failed: (problem) =>
          blocks
            ? findings.fail('store-unavailable', problem)
            : findings.note('store-unavailable', problem),
      });
    }
    judgeSignatures(policy.signatures[stage], context, actor, policy.actors, batch);
    if (!findings.isCovered) {
      judgeData(policy.dataRules, context, this.#allowedData);
      const limits = policy.thresholdRules[stage];
      const looks = limits.length > 0 || (knowsUser && policy.blocksByThreshold);
      if (this.#knowsUser && looks) {
        judgeThresholds(limits, context, this.#actorOf(source), policy, batch);
      }
    }
    yield* batch.run();
  }

  /** The last step: what happened counts for the actor's score. */
  *finish(): PolicyStep {
    tellRedactions(this.#findings, this.#replaced);
    const { actors, keepsScores } = this.#policy;
    if (!keepsScores || this.#findings.isQuiet) return;
    const actor = this.#actor();
    if (actor === undefined) return;
    const batch = new Batch();
    for (const { severity, status } of this.#findings.shownEvents()) {
      if (status === 'active') batch.add(actors.score(actor, severity, this.#nowMs), IGNORED);
    }
    yield* batch.run();
  }

  /** The events of this exchange, with the decision it came to. */
  events(decision: Decision): readonly PolicyEvent[] {
    if (this.#findings.isQuiet) return NO_EVENTS;
    const { id } = this.#view;
    return this.#findings.shownEvents().map((event) => ({
      time: this.#nowMs,
      id,
      ...event,
      actor: this.#actor()?.pseudonym,
      source: this.#source?.address ?? this.#view.clientAddress,
      endpoint: this.#place?.endpointKey ?? '',
      effect: decision.effect,
    }));
  }

  /** Hashes cost more than most rules: an actor is made when somebody asks for it. */
  #actorOf(source: SourceFacts): Actor {
    this.#actorFound ??= this.#policy.actors.actorOf(source);
    return this.#actorFound;
  }

  /** Undefined before it is known who the user is. */
  #actor(): Actor | undefined {
    if (!this.#knowsUser || this.#source === undefined) return undefined;
    return this.#actorOf(this.#source);
  }

  #look(stage: Stage): { readonly source: SourceFacts; readonly place: Place } {
    const policy = this.#policy;
    const place = this.#place ?? policy.placeOf(this.#view.request);
    // A user that stands in the body is not known before the body is.
    const isNew = this.#source === undefined || (stage === 'request' && policy.userStage === stage);
    const source =
      isNew || this.#source === undefined
        ? policy.sources.read(this.#view, this.#nowMs)
        : this.#source;
    this.#place = place;
    this.#source = source;
    return { source, place };
  }
}

const IGNORED = Object.freeze({ done: (): void => {}, failed: (): void => {} });
