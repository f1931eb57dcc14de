// The data types that a rule names, ready to be looked for in messages.

import type { DataPlace } from '../document/data-loss-rule.ts';
import type { DataType } from '../entities/data-type.ts';
import { findSensitive } from '../entities/find.ts';
import { type DetectionPlan, planDetection } from '../entities/plan.ts';
import type { ExchangeFacts } from '../facts/exchange.ts';

/** More values than this in one exchange are as many as this. */
const MAX_VALUES = 1000;

export class SensitiveData {
  readonly types: readonly DataType[];
  readonly plan: DetectionPlan;

  constructor(types: readonly DataType[]) {
    this.types = types;
    this.plan = planDetection(types);
  }

  /** The values in one form for all their spellings. */
  valuesIn(text: string): readonly string[] {
    return findSensitive(text, this.plan, { maxFindings: MAX_VALUES }).findings.map(
      ({ canonical }) => canonical,
    );
  }

  /** How many values of each type; `complete` is false where the search ended early. */
  countIn(text: string): {
    readonly counts: ReadonlyMap<string, number>;
    readonly complete: boolean;
  } {
    const counts = new Map<string, number>();
    const { findings, complete } = findSensitive(text, this.plan, { maxFindings: MAX_VALUES });
    for (const { type } of findings) counts.set(type, (counts.get(type) ?? 0) + 1);
    return { counts, complete };
  }

  /** The texts of a message that hold what people wrote: parameters, and the response's body. */
  textsOf(where: DataPlace, { view }: ExchangeFacts): readonly string[] {
    const texts: string[] = [];
    if (where !== 'response') {
      for (const { value } of view.request.args.pairs) texts.push(value);
      if (view.request.args.pairs.length === view.request.argsGet.pairs.length) {
        if (view.body.text !== undefined) texts.push(view.body.text);
      }
    }
    if (where !== 'request' && view.response.body !== undefined) texts.push(view.response.body);
    return texts;
  }
}
