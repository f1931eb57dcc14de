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

  /**
   * The texts of a message that hold what people wrote: path, parameters, files, and the response's body. Of a
   * body that cannot be read as what it says it is, the bytes; of one that can, no value twice.
   */
  textsOf(where: DataPlace, { view }: ExchangeFacts): readonly string[] {
    const texts: string[] = [];
    if (where !== 'response') {
      const { request, body, rawBody } = view;
      texts.push(request.filename);
      for (const { value } of request.args.pairs) texts.push(value);
      const hasParts =
        body.files.length > 0 || request.args.pairs.length > request.argsGet.pairs.length;
      if (hasParts && !body.error) for (const { content } of body.files) texts.push(content);
      else if (rawBody !== undefined) texts.push(rawBody);
    }
    if (where !== 'request' && view.response.body !== undefined) texts.push(view.response.body);
    return texts;
  }
}
