// A policy ready to run: the document's rules compiled and sorted by the stage at which they can be judged.
// Immutable, shared by all exchanges.

import type { DecisionRow } from '../model/decision.ts';
import type { BodyRedaction } from '../model/transaction.ts';
import type { RequestView } from '../model/view.ts';
import type { ListedActors } from './actors/listed-actors.ts';
import type { CriteriaContext } from './criteria/compile.ts';
import type { PolicySections } from './document/document.ts';
import type { SignatureRule } from './document/signature-rule.ts';
import type { DataType } from './entities/data-type.ts';
import type { Actors } from './facts/actor.ts';
import { compilePlaces, type Place } from './facts/places.ts';
import type { SourceReader } from './facts/source.ts';
import { later, STAGES, type Stage } from './facts/stage.ts';
import type { Thresholds } from './facts/threshold.ts';
import { activeRules, type RulePlace } from './rules/active.ts';
import { compileHandLists, type HandLists } from './rules/by-hand.ts';
import { type CompiledDataRule, compileDataRule } from './rules/data-rules.ts';
import { SensitiveData } from './rules/sensitive-data.ts';
import {
  type CompiledSignature,
  compileSignature,
  type LoadedSecRule,
} from './rules/signature-rules.ts';
import { type CompiledSourceRule, compileSourceRule } from './rules/source-rules.ts';
import {
  type CompiledThreshold,
  compileDataUser,
  compileEnumeration,
  compileRateLimit,
} from './rules/threshold-rules.ts';

export type RedactionOf = (
  types: readonly DataType[],
  found: (type: string) => void,
) => BodyRedaction;

/** Rules by the stage at which they are asked. */
export type ByStage<T> = Readonly<Record<Stage, readonly T[]>>;

export interface CompiledPolicy {
  readonly document: PolicySections;
  readonly table: readonly DecisionRow[] | undefined;
  /** The stage at which the user is known. */
  readonly userStage: Stage;
  readonly blocksInternal: boolean;
  readonly placeOf: (request: RequestView) => Place;
  readonly sources: SourceReader;
  readonly actors: Actors;
  readonly thresholds: Thresholds;
  /** Threshold rules, by the ids of their thresholds. */
  readonly thresholdsById: ReadonlyMap<string, CompiledThreshold>;
  readonly handLists: HandLists;
  readonly listedActors: ListedActors | undefined;
  readonly sourceRules: ByStage<CompiledSourceRule>;
  readonly signatures: ByStage<CompiledSignature>;
  readonly thresholdRules: ByStage<CompiledThreshold>;
  readonly dataRules: readonly CompiledDataRule[];
  /** Whether anything may have blocked or allowed an actor before. */
  readonly looksUpActors: boolean;
  /** Whether rules ask for an actor's score, which costs one more call of the store. */
  readonly usesScores: boolean;
  /** Whether thresholds may have blocked an actor before. */
  readonly blocksByThreshold: boolean;
  readonly keepsScores: boolean;
  /** What has to be read of messages. */
  readonly reads: { readonly requestBodies: boolean; readonly responseBodies: boolean };
  /** `found` is told the type of each value that is replaced. */
  readonly redactionOf: RedactionOf;
}

/** What compiling needs besides the document. */
export interface PolicyParts extends RulePlace {
  /** Where this process stands: rules for another point are not its business. */
  readonly point?: 'inline' | 'edge' | undefined;
  readonly sources: SourceReader;
  readonly actors: Actors;
  /** Users that the document names, with the addresses they use; default: none. */
  readonly listedActors?: ListedActors | undefined;
  readonly thresholds: Thresholds;
  readonly dataTypes: (names: readonly string[]) => readonly DataType[];
  readonly secRules: ReadonlyMap<SignatureRule, LoadedSecRule>;
  readonly redactionOf: RedactionOf;
  /** Somebody may block or allow actors by hand, so that each request has to look. Default false. */
  readonly marksByHand?: boolean | undefined;
}

/** The document has been checked without errors. */
export function compilePolicy(document: PolicySections, parts: PolicyParts): CompiledPolicy {
  const { sources, actors, thresholds, dataTypes, secRules, point = 'inline' } = parts;
  const { userStage } = sources;
  const context: CriteriaContext = { lists: document.lists, userStage };
  const active = <R extends Parameters<typeof activeRules>[0][number]>(rules: readonly R[]) =>
    [...activeRules(rules, parts)].sort((a, b) => (a.name < b.name ? -1 : 1));
  const signatures = active(document.signatures)
    .filter(({ at }) => at === point)
    .map((rule) => {
      const compiled = compileSignature(rule, context, secRules.get(rule));
      // A user is marked only once it is known who that is.
      return rule.for === undefined
        ? compiled
        : { ...compiled, stage: later(compiled.stage, userStage) };
    });
  const limits = active(document.rateLimits).map((rule) => compileRateLimit(rule, context));
  const enumerations = active(document.enumeration).map((rule) =>
    compileEnumeration(
      rule,
      context,
      rule.of === 'sensitive' ? new SensitiveData(dataTypes(rule.data ?? [])) : undefined,
    ),
  );
  const dataLoss = active(document.dataLossPrevention);
  const dataUsers = dataLoss.flatMap((rule) =>
    rule.kind === 'user'
      ? [compileDataUser(rule, context, new SensitiveData(dataTypes(rule.data)))]
      : [],
  );
  const dataRules = dataLoss.flatMap((rule) =>
    rule.kind === 'request' ? [compileDataRule(rule, context, dataTypes(rule.data))] : [],
  );
  const thresholdRules = [...limits, ...enumerations, ...dataUsers];
  const score = document.actors?.score;
  const asksForScores = [
    ...document.signatures,
    ...document.rateLimits,
    ...document.enumeration,
    ...document.dataLossPrevention,
  ].some(({ source }) => source?.abuseVelocity !== undefined);
  const stages = new Set<Stage>([
    ...signatures.map(({ stage }) => stage),
    ...thresholdRules.map(({ stage }) => stage),
    ...dataRules.flatMap(({ looksAt }) => looksAt),
    userStage,
  ]);
  return {
    document,
    table: document.table,
    userStage,
    blocksInternal: document.internalAddresses?.blockSources ?? false,
    placeOf: compilePlaces(document.services, document.endpoints),
    sources,
    actors,
    thresholds,
    thresholdsById: new Map(thresholdRules.map((rule) => [rule.threshold.spec.id, rule])),
    handLists: compileHandLists(document.allow, document.block),
    listedActors: parts.listedActors,
    sourceRules: byStage(
      active(document.sources).map((rule) => compileSourceRule(rule, userStage)),
    ),
    signatures: byStage(signatures),
    thresholdRules: byStage(thresholdRules),
    dataRules,
    looksUpActors:
      parts.marksByHand === true ||
      score?.blockAbove !== undefined ||
      asksForScores ||
      signatures.some(({ rule }) => rule.for !== undefined),
    usesScores: asksForScores,
    blocksByThreshold: thresholdRules.some(({ rule }) => rule.action === 'block'),
    keepsScores: score !== undefined,
    reads: {
      requestBodies: stages.has('request'),
      responseBodies: stages.has('response'),
    },
    redactionOf: parts.redactionOf,
  };
}

function byStage<T extends { readonly stage: Stage }>(rules: readonly T[]): ByStage<T> {
  const at = (stage: Stage): readonly T[] => rules.filter((rule) => rule.stage === stage);
  const [head, request, responseHead, response] = STAGES.map(at);
  return { head, request, responseHead, response } as ByStage<T>;
}
