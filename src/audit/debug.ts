// A debug log in the words of libmodsecurity: `[unique id] [uri] [level] message`, one event a line.
//
// Promise: an event is one line of printable ASCII, whatever the request holds (libmodsecurity writes some
// values raw). Levels are libmodsecurity's: 4 for phases, operators and outcomes, 9 for every value.

import { PHASES, type Phase } from '../model/phase.ts';
import type { EngineMode } from '../model/settings.ts';
import type { SkipReason, Trace, TracedLink, TracedRule } from '../model/trace.ts';
import type { RuleMatch } from '../model/verdict.ts';
import type { TransactionView } from '../model/view.ts';
import { auditLines, type DebugLine, factLines } from './debug-facts.ts';
import { operatorTitle } from './operator-title.ts';
import { hexEscaped, limited } from './text.ts';

export interface DebugSink {
  /** Whole lines. */
  readonly append: (text: string) => void;
}

const PHASE_TITLES: Readonly<Record<Phase, string>> = Object.freeze({
  1: 'REQUEST_HEADERS. ',
  2: 'REQUEST_BODY.',
  3: 'RESPONSE_HEADERS.',
  4: 'RESPONSE_BODY.',
  5: 'LOGGING.',
});

/** Behind `Skipped rule id '1'`. Spelling and articles are libmodsecurity's. */
const SKIPS: Readonly<Record<Exclude<SkipReason, 'removed-by-id'>, string>> = Object.freeze({
  skip: " due to a `skip' action.",
  'skip-after': ' due to a SecMarker.',
  allow: " as request trough the utilization of an `allow' action.",
  'removed-by-tag': '. Skipped due to a ruleRemoveByTag action.',
  'removed-by-msg': '. Skipped due to a ruleRemoveByMsg action.',
  'not-loaded-by-id': '. Removed by an SecRuleRemove directive.',
  'not-loaded-by-tag': '. Removed by a SecRuleRemoveByTag directive.',
  'not-loaded-by-msg': '. Removed by a SecRuleRemoveByMsg directive.',
});

/** SecAction goes by the place where it stands. */
function skipText({ ruleId, file, line, hasOperator }: TracedRule, reason: SkipReason): string {
  if (reason === 'removed-by-id') {
    return `Rule id: ${ruleId} was skipped due to a ruleRemoveById action...`;
  }
  const name = hasOperator ? String(ruleId) : `${file}:${line}`;
  return `Skipped rule id '${name}'${SKIPS[reason]}`;
}

const ENGINE_STATES: Readonly<Record<EngineMode, string>> = Object.freeze({
  On: 'Enabled',
  Off: 'Disabled',
  DetectionOnly: 'DetectionOnly',
});

const MAX_VALUE = 80;
const MAX_LINE = 4096;
// Lines are handed on in blocks: a system call for each would be most of the cost.
const BLOCK_CHARS = 65_536;

export class DebugLog implements Trace {
  readonly #transaction: TransactionView;
  readonly #level: number;
  readonly #sink: DebugSink;
  #held = '';
  /** The last phase before which the facts of the exchange were told. */
  #toldPhase = 0;
  #bodyAccessTaken = false;
  #isChain = false;
  #hasAuditedMatch = false;

  /** `level` 1 to 9. */
  constructor(transaction: TransactionView, level: number, sink: DebugSink) {
    this.#transaction = transaction;
    this.#level = level;
    this.#sink = sink;
  }

  #line(level: number, message: string): void {
    if (level > this.#level) return;
    const { id, request } = this.#transaction;
    const text = `[${id}] [${limited(request.uriRaw, MAX_VALUE)}] [${level}] ${message}`;
    this.#held += `${hexEscaped(limited(text, MAX_LINE))}\n`;
    if (this.#held.length > BLOCK_CHARS) this.#flush();
  }

  #lines(lines: readonly DebugLine[]): void {
    for (const [level, message] of lines) this.#line(level, message);
  }

  #flush(): void {
    if (this.#held === '') return;
    this.#sink.append(this.#held);
    this.#held = '';
  }

  engineIsOff(): void {
    this.#line(4, 'Rule engine disabled, returning...');
    this.#flush();
  }

  phaseBegins(phase: Phase, ruleCount: number): void {
    if (this.#toldPhase === 0) this.#line(4, 'Initializing transaction');
    // A phase may be left out, by an interruption or without its body; its facts are told all the same.
    while (this.#toldPhase < phase) {
      this.#toldPhase++;
      if (this.#toldPhase === 2 && this.#bodyAccessTaken) {
        this.#line(
          4,
          'Request body processing is enabled, but disabled to this transaction due to ctl:requestBodyAccess action',
        );
      }
      this.#lines(factLines(this.#transaction, this.#toldPhase));
    }
    this.#line(4, `Starting phase ${PHASE_TITLES[phase]} (SecRules ${PHASES.indexOf(phase) + 1})`);
    this.#line(9, `This phase consists of ${ruleCount} rule(s).`);
  }

  phaseEnds(phase: Phase): void {
    if (phase === 5) this.#lines(auditLines(this.#transaction, this.#hasAuditedMatch));
    this.#flush();
  }

  ruleSkipped(rule: TracedRule, reason: SkipReason): void {
    this.#line(9, skipText(rule, reason));
  }

  linkBegins(link: TracedLink): void {
    const rule = `(Rule: ${link.ruleId})`;
    if (this.#isChain) this.#line(4, 'Executing chained rule.');
    if (link.operator === undefined) {
      this.#line(4, `${rule} Executing unconditional rule...`);
      return;
    }
    for (const [prefix, uri] of link.namespaces) {
      this.#line(4, `Registered XML namespace href "${uri}" prefix "${prefix}"`);
    }
    // libmodsecurity does not say whether the test is negated.
    const title = operatorTitle(link.operator);
    const was = link.argument === link.writtenArgument ? '' : ` Was: "${link.writtenArgument}"`;
    this.#line(
      4,
      `${rule} Executing operator "${title}" with param "${link.argument}"${was} against ${link.targets}.`,
    );
  }

  told(level: number, text: string): void {
    this.#line(level, text);
  }

  transformed(at: number, transformation: string, value: string): void {
    if (this.#level < 9) return;
    this.#line(9, ` T (${at}) t:${transformation}: "${shown(value)}"`);
  }

  testing(variable: string, value: string): void {
    if (this.#level < 9) return;
    this.#line(9, `Target value: "${shown(value)}" (Variable: ${variable})`);
  }

  tested(matched: boolean): void {
    if (matched) this.#line(9, 'Matched vars updated.');
  }

  captured(slot: number, value: string, operator: string): void {
    const what =
      operator === 'rx' || operator === 'rxGlobal'
        ? 'regex subexpression'
        : `${operatorTitle(operator)} match`;
    this.#line(7, `Added ${what} TX.${slot}: ${value}`);
  }

  effect(action: string): void {
    if (action === 'setvar') this.#line(4, 'Running [independent] (non-disruptive) action: setvar');
    else this.#line(9, `Running action: ${action}`);
  }

  variableSet(collection: string, key: string, value: string | undefined): void {
    const name = `${collection}:${key}`;
    if (value === undefined) this.#line(8, `Removing variable: ${name}`);
    else this.#line(8, `Saving variable: ${name} with value: ${value}`);
  }

  environmentSet(key: string, value: string | undefined): void {
    this.#line(8, `Setting environment variable: ${key} to ${value ?? ''}`);
  }

  ruleEngineSet(mode: EngineMode): void {
    const state = ENGINE_STATES[mode];
    this.#line(8, `Setting SecRuleEngine to ${state} as requested by a ctl:ruleEngine action`);
  }

  requestBodyAccessSet(on: boolean): void {
    this.#bodyAccessTaken = !on && this.#transaction.settings.requestBodyAccess;
  }

  linkEnds(matched: boolean, isLast: boolean): void {
    this.#line(4, `Rule returned ${matched ? 1 : 0}.`);
    this.#isChain = matched && !isLast;
    if (!matched) this.#line(9, 'Matched vars cleaned.');
  }

  ruleMatched(match: RuleMatch, action: string): void {
    if (match.message !== '') this.#line(9, `Saving msg: ${match.message}`);
    for (const tag of match.tags) {
      this.#line(4, 'Running (non-disruptive) action: tag');
      this.#line(9, `Rule tag: ${tag}`);
    }
    if (match.logged) this.#line(9, 'Running action: log');
    if (match.audited) {
      this.#hasAuditedMatch = true;
      this.#line(9, 'Running action: auditlog');
    }
    if (action === 'pass') {
      this.#line(8, 'Running action pass');
      return;
    }
    if (match.disruptive === undefined) {
      this.#line(4, `Not running disruptive action: ${action}. SecRuleEngine is not On.`);
      return;
    }
    this.#line(4, `Running (disruptive)     action: ${action}.`);
    this.#line(8, `Running action ${action}`);
    if (action === 'allow') {
      this.#line(
        4,
        "Dropping the evaluation of upcoming rules in favor of an `allow' action of type: Phase",
      );
    }
  }
}

const shown = (value: string): string => limited(hexEscaped(value), MAX_VALUE);
