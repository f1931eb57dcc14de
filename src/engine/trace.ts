// Tells a trace what the machine does, in the machine's own terms.
//
// Everything that only a trace needs is computed here, so that the machine holds a check and a call at
// most, and a waf without a trace pays for neither names nor intermediate values.

import type { RuleSelector, TransactionControl } from '../model/control.ts';
import type { Phase } from '../model/phase.ts';
import type { EngineMode } from '../model/settings.ts';
import type { SkipReason, Trace } from '../model/trace.ts';
import type { MutableCollection } from '../model/view.ts';
import { pipelineStages } from '../program/pipeline.ts';
import type { Instruction, Program, ProgramLink } from '../program/program.ts';
import { selectsRule } from '../program/selections.ts';
import type { RemovedRule, Rule, RuleLink } from '../ruleset/ruleset.ts';
import type { TransactionState } from './state.ts';
import { type Element, elementName } from './targets.ts';
import { targetsText } from './targets-text.ts';
import type { Values } from './values.ts';

export class Tracer {
  /** What actions are given instead of the state. */
  readonly control: TransactionControl;
  readonly #trace: Trace;
  readonly #state: TransactionState;
  readonly #program: Program;
  readonly #removedBy = new Map<number, SkipReason>();
  /** Rules of the phase that are not loaded and not told of yet. */
  #unloaded: readonly RemovedRule[] = [];

  constructor(trace: Trace, program: Program, state: TransactionState) {
    this.#trace = trace;
    this.#program = program;
    this.#state = state;
    this.control = this.#watched();
    if (state.engine === 'Off') trace.engineIsOff();
  }

  phaseBegins(phase: Phase): void {
    this.#unloaded = this.#program.ruleset.removed.filter((rule) => rule.phase === phase);
    const rules = this.#program.phases[phase].length + this.#unloaded.length;
    this.#trace.phaseBegins(phase, rules);
  }

  phaseEnds(phase: Phase): void {
    if (this.#state.interruption === null) this.#reached(Number.POSITIVE_INFINITY);
    this.#trace.phaseEnds(phase);
  }

  /** Tells of the rules that would have stood before the rule of that index. */
  #reached(index: number): void {
    for (let next = this.#unloaded[0]; next !== undefined && next.before <= index; ) {
      const { id, file, line, hasOperator, by } = next;
      this.#trace.ruleSkipped({ ruleId: id, file, line, hasOperator }, `not-loaded-by-${by}`);
      this.#unloaded = this.#unloaded.slice(1);
      next = this.#unloaded[0];
    }
  }

  skipped({ facts, index, links }: Rule, reason: SkipReason | 'removed'): void {
    this.#reached(index);
    const why = reason === 'removed' ? (this.#removedBy.get(index) ?? 'removed-by-id') : reason;
    const { id: ruleId, file, line } = facts;
    const hasOperator = links[0]?.operator !== undefined;
    this.#trace.ruleSkipped({ ruleId, file, line, hasOperator }, why);
  }

  /** `allow` has ended the phase before these. */
  allowed(instructions: readonly Instruction[], from: number): void {
    for (const { rule } of instructions.slice(from)) this.skipped(rule, 'allow');
  }

  linkBegins(rule: Rule, at: number, link: RuleLink, argument: string): void {
    const { operator } = link;
    this.#reached(rule.index);
    this.#trace.linkBegins({
      ruleId: rule.facts.id,
      at,
      operator: operator?.definition.name,
      negated: operator?.negated ?? false,
      argument: operator === undefined ? '' : argument,
      writtenArgument: operator?.argument ?? '',
      targets: targetsText(link),
      namespaces: link.xmlns,
    });
  }

  transformed({ pipeline, source }: ProgramLink, value: string, values: Values): void {
    pipelineStages(pipeline).forEach((stage, at) => {
      const { transformation } = stage;
      if (transformation === undefined) return;
      const name = source.writtenTransformations[at - 1] ?? transformation.name;
      this.#trace.transformed(at - 1, name, values.at(stage, value));
    });
  }

  testing(element: Element, value: string): void {
    const { target } = element;
    // A count is named after what is counted; the ampersand is the rule's, not the variable's.
    const name = target.count
      ? targetsText({ targets: [{ ...target, count: false }] })
      : elementName(element, this.#state);
    this.#trace.testing(name, value);
  }

  tested(matched: boolean): void {
    this.#trace.tested(matched);
  }

  captured(captures: readonly string[], operator: string): void {
    captures.slice(0, 10).forEach((value, slot) => {
      this.#trace.captured(slot, value, operator);
    });
  }

  effect(action: string): void {
    this.#trace.effect(action);
  }

  linkEnds(matched: boolean, isLast: boolean): void {
    this.#trace.linkEnds(matched, isLast);
  }

  ruleMatched({ disruptive }: Rule): void {
    const match = this.#state.matches.at(-1);
    if (match !== undefined) this.#trace.ruleMatched(match, disruptive.kind);
  }

  /** The state, with the calls that a trace is told of replaced. */
  #watched(): TransactionControl {
    const state = this.#state;
    const trace = this.#trace;
    const replaced: Partial<TransactionControl> = {
      mutable: (name: string) => {
        const collection = state.mutable(name);
        return (
          collection &&
          watchedCollection(collection, (key, value) => trace.variableSet(name, key, value))
        );
      },
      setRuleEngine: (mode: EngineMode) => {
        trace.ruleEngineSet(mode);
        state.setRuleEngine(mode);
      },
      setRequestBodyAccess: (on: boolean) => {
        trace.requestBodyAccessSet(on);
        state.setRequestBodyAccess(on);
      },
      removeRules: (selector: RuleSelector) => {
        for (const rule of this.#program.rules) {
          if (selectsRule(selector, rule)) {
            this.#removedBy.set(rule.index, `removed-by-${selector.by}`);
          }
        }
        state.removeRules(selector);
      },
      tell: (level: number, text: string) => trace.told?.(level, text),
      mutableEnv: watchedCollection(state.mutableEnv, (key, value) =>
        trace.environmentSet(key, value),
      ),
    };
    // The state's methods use private fields, so they have to be called on the state itself.
    return new Proxy<TransactionControl>(state, {
      get(_, name) {
        const own: unknown = Reflect.get(replaced, name);
        if (own !== undefined) return own;
        const value: unknown = Reflect.get(state, name, state);
        return typeof value === 'function' ? value.bind(state) : value;
      },
    });
  }
}

function watchedCollection(
  collection: MutableCollection,
  told: (key: string, value: string | undefined) => void,
): MutableCollection {
  return {
    get entries() {
      return collection.entries;
    },
    get: (key) => collection.get(key),
    find: (key) => collection.find(key),
    add: (key, amount) => {
      collection.add(key, amount);
      told(key, collection.get(key));
    },
    set: (key, value) => {
      collection.set(key, value);
      told(key, value);
    },
    unset: (key) => {
      collection.unset(key);
      told(key, undefined);
    },
  };
}
