// All criteria of a rule as one: what it has to have seen, and whether it holds.

import type { Criteria } from '../document/criteria.ts';
import type { ExchangeFacts } from '../facts/exchange.ts';
import { later, type Stage } from '../facts/stage.ts';
import { compileAttribute } from './attribute.ts';
import type { Lists } from './condition.ts';
import { type Criterion, type CriterionResult, conjunction } from './criterion.ts';
import { compilePayload, compileTarget } from './message.ts';
import { compileSource } from './source.ts';

export interface CompiledCriteria {
  /** The earliest stage at which all of them can be judged. */
  readonly stage: Stage;
  readonly judge: (facts: ExchangeFacts) => CriterionResult;
}

export interface CriteriaContext {
  readonly lists: Lists;
  /** When the user is known: attribution may have to read the body. */
  readonly userStage: Stage;
}

export function compileCriteria(
  { source, payload = [], attributes = [], target }: Criteria,
  { lists, userStage }: CriteriaContext,
  extra: readonly Criterion[] = [],
): CompiledCriteria {
  // Where it goes is asked first: it is cheap, and usually what does not hold.
  const all = [
    ...(target === undefined ? [] : compileTarget(target)),
    ...(source === undefined ? [] : compileSource(source, userStage)),
    ...attributes.map((condition) => compileAttribute(condition, lists, userStage)),
    ...payload.map((condition) => compilePayload(condition, lists)),
    ...extra,
  ];
  let stage: Stage = 'head';
  for (const criterion of all) stage = later(stage, criterion.stage);
  return { stage, judge: conjunction(all) };
}
