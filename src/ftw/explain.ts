// Why a rule did or did not match: sends the request of a failed stage through the engine again, traced.
//
// Only for reports about failures. A stage is run again once, however many rules are asked about; state
// that earlier stages left behind is not there.

import type { SkipReason, Trace, TracedLink, TracedRule, TraceFactory } from '../model/trace.ts';
import type { Transaction } from '../model/transaction.ts';
import type { RuleMatch } from '../model/verdict.ts';
import { replayStage } from './in-process.ts';
import { type ExplainRule, showBytes } from './report.ts';
import type { FailedStage } from './runner.ts';

/** Begins a transaction on the rules under test, with a trace. */
export type BeginTraced = (trace: TraceFactory) => Transaction;

export function createExplain(
  begin: BeginTraced,
  isLoaded: (ruleId: number) => boolean,
): ExplainRule {
  const known = new WeakMap<FailedStage, RuleHistory>();
  return (ruleId, stage) => {
    if (!isLoaded(ruleId)) return ['is not loaded'];
    let history = known.get(stage);
    if (history === undefined) {
      history = new RuleHistory();
      known.set(stage, history);
      const { input, observation } = stage;
      if (input !== undefined) {
        const trace = history;
        const prepared = { label: 'explain', request: observation.request, input };
        replayStage(prepared, () => begin(() => trace));
      }
    }
    return history.of(ruleId);
  };
}

const SKIPS: Readonly<Record<SkipReason, string>> = Object.freeze({
  skip: 'passed over by skip',
  'skip-after': 'passed over by skipAfter',
  allow: 'passed over by allow',
  'removed-by-id': 'removed by ctl:ruleRemoveById',
  'removed-by-tag': 'removed by ctl:ruleRemoveByTag',
  'removed-by-msg': 'removed by ctl:ruleRemoveByMsg',
  'not-loaded-by-id': 'removed by SecRuleRemoveById',
  'not-loaded-by-tag': 'removed by SecRuleRemoveByTag',
  'not-loaded-by-msg': 'removed by SecRuleRemoveByMsg',
});

/** A rule that looks at a thousand arguments does not become clearer by the last nine hundred. */
const MAX_LINES = 40;
const MAX_VALUE = 200;

class RuleHistory implements Trace {
  readonly #lines = new Map<number, string[]>();
  #current: string[] = [];
  #left = 0;
  #steps: string[] = [];
  #element = '';
  #sawElement = false;

  of(ruleId: number): readonly string[] {
    return this.#lines.get(ruleId) ?? ['was not reached'];
  }

  #linesOf(ruleId: number): string[] {
    let lines = this.#lines.get(ruleId);
    if (lines === undefined) {
      lines = [];
      this.#lines.set(ruleId, lines);
    }
    return lines;
  }

  #add(line: string): void {
    if (this.#current.length < MAX_LINES) this.#current.push(line);
    else this.#left++;
  }

  ruleSkipped({ ruleId }: TracedRule, reason: SkipReason): void {
    this.#linesOf(ruleId).push(SKIPS[reason]);
  }

  linkBegins({ ruleId, at, operator, negated, argument, targets }: TracedLink): void {
    this.#current = this.#linesOf(ruleId);
    this.#sawElement = false;
    this.#steps = [];
    if (operator === undefined) return;
    const link = at === 0 ? '' : `link ${at + 1}: `;
    this.#add(`${link}${targets} ${negated ? '!' : ''}@${operator} ${showBytes(argument)}`);
  }

  transformed(at: number, transformation: string): void {
    if (at === 0) this.#steps = [];
    this.#steps.push(`t:${transformation}`);
  }

  testing(variable: string, value: string): void {
    this.#sawElement = true;
    const steps = this.#steps.length === 0 ? '' : `  ${this.#steps.join(',')}`;
    const shown = showBytes(value.slice(0, MAX_VALUE));
    const left = value.length > MAX_VALUE ? ` (${value.length - MAX_VALUE} more)` : '';
    this.#element = `  ${showBytes(variable)}${steps} -> "${shown}"${left}`;
  }

  tested(matched: boolean): void {
    this.#add(`${this.#element}  ${matched ? 'match' : 'no match'}`);
  }

  linkEnds(matched: boolean): void {
    if (!this.#sawElement && !matched) this.#add('  no such target in the request');
    if (this.#left === 0) return;
    this.#current.push(`  ... ${this.#left} more values`);
    this.#left = 0;
  }

  ruleMatched({ logged }: RuleMatch): void {
    this.#current.push(logged ? 'matched' : 'matched; it does not log');
  }

  engineIsOff(): void {}
  phaseBegins(): void {}
  phaseEnds(): void {}
  captured(): void {}
  effect(): void {}
  variableSet(): void {}
  environmentSet(): void {}
  ruleEngineSet(): void {}
  requestBodyAccessSet(): void {}
}
