// What rules have found in one exchange so far: rows that apply, rows that were passed over and why, header
// fields to add, and events.

import type { DecisionRow, InjectedHeaders } from '../../model/decision.ts';
import type { Header } from '../../model/exchange.ts';
import type { PolicyEvent } from '../../model/policy-event.ts';
import type { PolicyFindings, RowFinding } from '../decide.ts';
import type { Injection } from '../document/common.ts';

/** An event while the exchange goes on: who and when are added at its end. */
export type DraftEvent = Pick<
  PolicyEvent,
  'kind' | 'rule' | 'row' | 'severity' | 'status' | 'evidence' | 'action'
>;

/** Reasons kept for one row; a document may have thousands of rules. */
const MAX_REASONS = 3;

export class Findings implements PolicyFindings {
  readonly events: DraftEvent[] = [];
  readonly #rows = new Map<DecisionRow, RowFinding>();
  readonly #passedOver = new Map<DecisionRow, (() => string)[]>();
  readonly #request: Header[] = [];
  readonly #response: Header[] = [];

  /** The first finding of a row stays: rules are asked in the order of the document. */
  add(row: DecisionRow, finding: RowFinding): void {
    if (!this.#rows.has(row)) this.#rows.set(row, finding);
  }

  passOver(row: DecisionRow, reason: () => string): void {
    const reasons = this.#passedOver.get(row);
    if (reasons === undefined) this.#passedOver.set(row, [reason]);
    else if (reasons.length < MAX_REASONS) reasons.push(reason);
  }

  tell(event: DraftEvent): void {
    this.events.push(event);
  }

  injectAll({ request, response }: Injection): void {
    for (const { name, value } of request) this.#request.push([name, value]);
    for (const { name, value } of response) this.#response.push([name, value]);
  }

  of(row: DecisionRow): RowFinding | undefined {
    return this.#rows.get(row);
  }

  passedOver(row: DecisionRow): string | undefined {
    const reasons = this.#passedOver.get(row);
    return reasons?.map((reason) => reason()).join('; ');
  }

  get inject(): InjectedHeaders | undefined {
    if (this.#request.length + this.#response.length === 0) return undefined;
    return { request: this.#request, response: this.#response };
  }
}
