// What rules have found in one exchange so far: rows that apply, rows that were passed over and why, header
// fields to add, data to redact, and events.
//
// What is found does not depend on the order in which rules were asked: of several findings for a row the
// one of the first name stays.

import type { DecisionRow, InjectedHeaders } from '../../model/decision.ts';
import type { Header } from '../../model/exchange.ts';
import type { PolicyEvent } from '../../model/policy-event.ts';
import type { EngineErrorRecord } from '../../model/verdict.ts';
import type { ListedStanding } from '../actors/listed-actors.ts';
import type { PolicyFindings, RowFinding } from '../decide.ts';
import type { Injection, PolicySeverity } from '../document/common.ts';
import type { ActorState } from '../facts/actor.ts';
import type { Gap } from '../facts/seen.ts';
import type { CompiledDataRule } from './data-rules.ts';

/** An event while the exchange goes on: who and when are added at its end. */
export type DraftEvent = Pick<
  PolicyEvent,
  'kind' | 'rule' | 'row' | 'severity' | 'status' | 'evidence' | 'action'
>;

/** Reasons kept for one row; a document may have thousands of rules. */
const MAX_REASONS = 3;

/** Rows that a source rule with `action: allow` overrides; blocks by hand and by signatures stay in force. */
const COVERED: ReadonlySet<DecisionRow> = new Set([
  'ip-block-all-except',
  'ip-block',
  'email-domain-block',
  'ip-type-block',
  'email-domain-block-all-except',
  'region-block-all-except',
  'region-block',
  'threshold-block',
]);

const COVERED_KINDS: ReadonlySet<PolicyEvent['kind']> = new Set([
  'source',
  'rate-limit',
  'enumeration',
  'data-loss',
]);

/** Stands for a rule where what is remembered of an actor decides. */
const ACTORS = 'actors';

const ACTOR_SEVERITY: PolicySeverity = 'medium';

export class Findings implements PolicyFindings {
  /** Rules that replace data in the response. */
  readonly redacting: CompiledDataRule[] = [];
  readonly errors: EngineErrorRecord[] = [];
  readonly #notes: EngineErrorRecord[] = [];
  readonly #events: DraftEvent[] = [];
  readonly #rows = new Map<DecisionRow, RowFinding>();
  readonly #passedOver = new Map<DecisionRow, (() => string)[]>();
  readonly #request: Header[] = [];
  readonly #response: Header[] = [];
  #coveredBy: string | undefined;

  add(row: DecisionRow, finding: RowFinding): void {
    const before = this.#rows.get(row);
    if (before === undefined || finding.rule < before.rule) this.#rows.set(row, finding);
  }

  passOver(row: DecisionRow, reason: () => string): void {
    const reasons = this.#passedOver.get(row);
    if (reasons === undefined) this.#passedOver.set(row, [reason]);
    else if (reasons.length < MAX_REASONS) reasons.push(reason);
  }

  /** A source rule lets this source do what sources are blocked for. */
  cover(rule: string): void {
    if (this.#coveredBy === undefined || rule < this.#coveredBy) this.#coveredBy = rule;
  }

  get isCovered(): boolean {
    return this.#coveredBy !== undefined;
  }

  tell(event: DraftEvent): void {
    this.#events.push(event);
  }

  /** A request that claims to come from somebody and does not. */
  tellAttribution(evidence: string): void {
    this.tell({
      kind: 'attribution',
      rule: 'attribution',
      row: undefined,
      severity: ACTOR_SEVERITY,
      status: 'active',
      evidence,
      action: 'monitor',
    });
  }

  addActorState({ allowed, blocked }: ActorState, mayBlock: boolean, address: string): void {
    if (allowed !== undefined) this.add('actor-allow', { rule: ACTORS, reason: allowed });
    if (blocked === undefined) return;
    if (!mayBlock) {
      this.passOver('actor-block', () => `${blocked}; ${address} is internal`);
      return;
    }
    this.add('actor-block', { rule: ACTORS, reason: blocked });
  }

  /** The address is one that a user of the document's lists has used. */
  addListed({ allowed, blocked }: ListedStanding, mayBlock: boolean, address: string): void {
    const reason = 'a user of the list uses the address';
    if (allowed) this.add('actor-allow', { rule: 'allow.actors', reason });
    if (!blocked) return;
    if (mayBlock) this.add('actor-block', { rule: 'block.actors', reason });
    else this.passOver('actor-block', () => `${reason}; ${address} is internal`);
  }

  /** For the log; rules of the policy said themselves what it means. */
  note(code: string, message: string): void {
    this.#notes.push({ code, ruleId: undefined, phase: 2, message });
  }

  /** The policy could not judge: a row of its own. */
  fail(code: string, message: string): void {
    this.errors.push({ code, ruleId: undefined, phase: 2, message });
  }

  /** A rule that blocks could not see what it looks for: the exchange is not let through as if it were absent. */
  unseen(row: DecisionRow, rule: string, gap: Gap): void {
    this.fail(gap, `"${rule}" could not judge the exchange: ${gap}`);
    this.passOver(row, () => `"${rule}": ${gap}`);
  }

  /** All that went wrong, for the record of the exchange. */
  get failures(): readonly EngineErrorRecord[] {
    if (this.errors.length + this.#notes.length === 0) return this.errors;
    // A rule that is asked at several stages says the same at each.
    const byMessage = [...this.errors, ...this.#notes].map((one) => [one.message, one] as const);
    return [...new Map(byMessage).values()];
  }

  injectAll({ request, response }: Injection): void {
    for (const { name, value } of request) this.#request.push([name, value]);
    for (const { name, value } of response) this.#response.push([name, value]);
  }

  of(row: DecisionRow): RowFinding | undefined {
    return this.#isOverridden(row) ? undefined : this.#rows.get(row);
  }

  passedOver(row: DecisionRow): string | undefined {
    const found = this.#rows.get(row);
    if (found !== undefined && this.#isOverridden(row)) {
      return `"${found.rule}" is overridden by "${this.#coveredBy}"`;
    }
    return this.#passedOver
      .get(row)
      ?.map((reason) => reason())
      .join('; ');
  }

  #isOverridden(row: DecisionRow): boolean {
    return this.#coveredBy !== undefined && COVERED.has(row);
  }

  get inject(): InjectedHeaders | undefined {
    if (this.#request.length + this.#response.length === 0) return undefined;
    return { request: this.#request, response: this.#response };
  }

  /** Nothing to tell. */
  get isQuiet(): boolean {
    return this.#events.length === 0;
  }

  /** Without those of rules that a source rule overrides: they neither block nor alert. */
  shownEvents(): readonly DraftEvent[] {
    if (this.#coveredBy === undefined) return this.#events;
    return this.#events.filter(({ kind }) => !COVERED_KINDS.has(kind));
  }
}
