// Runs the rules of one phase. Resumable: when an action needs an answer from outside (a persistent
// collection), the machine stops with its place kept in a frame and goes on when it is resumed.
//
// The algorithm is ModSecurity v2's: every element of a link is tested even after a match, because each
// match runs the link's actions; a chain matches when each link has matched at least once; what actions of
// earlier links did stays done when a later link fails.

import type { RuleEffect } from '../model/action.ts';
import type { TransactionControl } from '../model/control.ts';
import type { CompiledOperator, OperatorRun } from '../model/operator.ts';
import type { Phase } from '../model/phase.ts';
import type { Instruction, Program, ProgramLink } from '../program/program.ts';
import type { Rule, RuleOperator } from '../ruleset/ruleset.ts';
import { Candidates } from './candidates.ts';
import { Captures } from './captures.ts';
import { completeRule } from './complete.ts';
import { phaseIsAllowed, willInterrupt } from './disrupt.ts';
import { failureCode } from './failure-code.ts';
import { elementMatch, type NotedMatch, SECACTION_NAME } from './match-source.ts';
import { Recorder } from './recorder.ts';
import type { Replays } from './replays.ts';
import type { EngineRequest, TransactionState } from './state.ts';
import {
  type Element,
  elementName,
  expandTargets,
  remainingElements,
  soleElementOf,
} from './targets.ts';
import type { Tracer } from './trace.ts';
import type { Value } from './value.ts';
import type { ValueCache } from './value-cache.ts';
import { Values } from './values.ts';

export type PhaseOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'needs'; readonly request: EngineRequest };

const DONE: PhaseOutcome = Object.freeze({ kind: 'done' });

/** Where the machine stands inside a link. */
interface Frame {
  elements: readonly Element[];
  elementAt: number;
  /** The value of the element at the stages under test; one of them without multiMatch. */
  forms: string[];
  /** What is known of the forms, where anything is. */
  known: (Value | undefined)[];
  /** Lists keep their length: to shrink and grow them for every value costs more than the values. */
  formCount: number;
  formAt: number;
  /** The next action to run for the match at hand; -1 between matches. */
  effectAt: number;
  matched: boolean;
  detail: string;
}

const NO_ELEMENTS: readonly Element[] = Object.freeze([]);

export interface MachineOptions {
  readonly tracer?: Tracer | undefined;
  readonly cache?: ValueCache | undefined;
  readonly replays?: Replays | undefined;
}

export class Machine {
  readonly #program: Program;
  readonly #state: TransactionState;
  readonly #values: Values;
  readonly #candidates: Candidates;
  readonly #run: OperatorRun;
  readonly #frame: Frame = {
    elements: NO_ELEMENTS,
    elementAt: 0,
    forms: [],
    known: [],
    formCount: 0,
    formAt: 0,
    effectAt: -1,
    matched: false,
    detail: '',
  };
  #instructions: readonly Instruction[] = [];
  #pc = 0;
  #linkAt = 0;
  /** True while a link is being evaluated, so that resuming does not begin it anew. */
  #inLink = false;
  #skip = 0;
  #resumeAt = 0;
  readonly #deferred: RuleEffect[] = [];
  readonly #tracer: Tracer | undefined;
  readonly #captures: Captures;
  /** The starter's only element, when it is known to match; the run says how. */
  #proven: Element | undefined = undefined;
  readonly #control: TransactionControl;
  /** A trace wants to see every rule run. */
  readonly #recorder: Recorder | undefined;

  constructor(program: Program, state: TransactionState, options: MachineOptions = {}) {
    const { tracer } = options;
    this.#program = program;
    this.#state = state;
    this.#tracer = tracer;
    this.#control = tracer?.control ?? state;
    const { replays } = options;
    this.#recorder =
      replays === undefined || tracer !== undefined ? undefined : new Recorder(replays, state);
    this.#captures = new Captures(state.tx, state.settings.behaviour);
    this.#run = {
      capturing: false,
      captures: [],
      argument: '',
      detail: '',
      transaction: this.#control,
      // A trace shows captures as they are taken.
      ...(tracer === undefined && {
        captureLater: (finder, value): void => this.#captures.storeLater(finder, value),
      }),
    };
    this.#values = new Values(program, options.cache);
    this.#candidates = new Candidates(program, state, this.#values);
  }

  start(phase: Phase): PhaseOutcome {
    this.#state.phase = phase;
    this.#instructions = this.#program.phases[phase];
    this.#candidates.start(phase);
    this.#pc = 0;
    this.#linkAt = 0;
    this.#inLink = false;
    this.#skip = 0;
    this.#resumeAt = 0;
    return this.resume();
  }

  /** Goes on from where `needs` was answered; the state holds the answer. */
  resume(): PhaseOutcome {
    const state = this.#state;
    for (; this.#pc < this.#instructions.length; this.#pc++) {
      const instruction = this.#instructions[this.#pc] as Instruction;
      if (!this.#inLink && this.#linkAt === 0) {
        if (state.engine === 'Off' && state.settings.behaviour.engineOff === 'after-rule') break;
        if (phaseIsAllowed(state)) {
          this.#tracer?.allowed(this.#instructions, this.#pc);
          break;
        }
        const { index } = instruction.rule;
        if (index < this.#resumeAt) {
          if (this.#tracer === undefined) this.#pc = this.#lastBefore(this.#resumeAt);
          else this.#tracer.skipped(instruction.rule, 'skip-after');
          continue;
        }
        // A rule that ctl has removed counts as well.
        if (this.#skip > 0) {
          this.#skip--;
          this.#tracer?.skipped(instruction.rule, 'skip');
          continue;
        }
        if (state.removals.isRemoved(index)) {
          this.#recorder?.drop();
          this.#tracer?.skipped(instruction.rule, 'removed');
          continue;
        }
        if (this.#isRepeated(instruction)) continue;
        state.runningRule = instruction.rule;
        if (state.matched.all.length > 0) state.matched.all = [];
        if (state.settings.behaviour.matchedVar === 'cleared') state.matched.last = undefined;
        // A trace wants to see every rule tested.
        if (this.#tracer === undefined && this.#isHopeless(instruction)) {
          // A recording ends at the next rule that is not closed, whether that may match or not.
          if (this.#recorder?.isRecording !== true) {
            this.#pc = this.#candidates.next(this.#pc + 1) - 1;
          }
          continue;
        }
        if (this.#deferred.length > 0) this.#deferred.length = 0;
      }
      if (!this.#evaluate(instruction)) {
        const request = state.outsideRequest ?? state.collectionRequest;
        return { kind: 'needs', request: request as EngineRequest };
      }
      this.#linkAt = 0;
      if (state.interruption !== null && state.phase !== 5) break;
      if (instruction.closed === undefined && this.#skip === 0 && this.#tracer === undefined) {
        this.#pc = this.#candidates.next(this.#pc + 1) - 1;
      }
    }
    this.#recorder?.end(this.#pc, this.#resumeAt);
    this.#pc = this.#instructions.length;
    state.runningRule = undefined;
    return DONE;
  }

  /** True when the closed rules from here on were run before with the same values: the last of them is reached. */
  #isRepeated(instruction: Instruction): boolean {
    const recorder = this.#recorder;
    if (recorder === undefined) return false;
    if (instruction.closed === undefined) {
      recorder.end(this.#pc, this.#resumeAt);
      return false;
    }
    let replay = recorder.enter(instruction, this.#pc, this.#resumeAt);
    if (replay === undefined) return false;
    let pc: number;
    do {
      this.#resumeAt = replay.resumeAt;
      pc = this.#candidates.next(replay.exit);
      replay = recorder.next(pc);
    } while (replay !== undefined);
    this.#pc = pc - 1;
    return true;
  }

  /** Where the last of the instructions stands whose rule comes before the one with this index. */
  #lastBefore(index: number): number {
    let low = this.#pc;
    let high = this.#instructions.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#instructions[middle] as Instruction).rule.index < index) low = middle;
      else high = middle;
    }
    return low;
  }

  /** True when the rule is sure not to match. */
  #isHopeless(instruction: Instruction): boolean {
    const { probe, rule } = instruction;
    this.#proven = undefined;
    if (this.#candidates.excludes(instruction)) return true;
    if (probe === undefined) return false;
    // What ctl took from its target may change a count.
    if (this.#state.removals.targetsOf(rule.index) !== undefined) return false;
    const element = soleElementOf(probe.target, this.#state);
    if (element === undefined) return true;
    const { operator, pipeline } = probe;
    const value = this.#values.at(pipeline, element.value);
    const run = this.#run;
    run.capturing = false;
    run.argument = operator.argument;
    run.detail = '';
    try {
      if (operator.compiled.evaluate(value, run) === operator.negated) return true;
    } catch {
      // It will fail again where failures are recorded.
      return false;
    }
    if (!(instruction.links[0] as ProgramLink).source.capture) this.#proven = element;
    return false;
  }

  /** Evaluates the instruction from the current link on; false when it has to wait. */
  #evaluate(instruction: Instruction): boolean {
    const { rule, links } = instruction;
    for (; this.#linkAt < links.length; this.#linkAt++) {
      const link = links[this.#linkAt] as ProgramLink;
      if (!this.#inLink) {
        this.#enterLink(link, instruction);
        this.#tracer?.linkBegins(rule, this.#linkAt, link.source, this.#run.argument);
      }
      const isLast = this.#linkAt === links.length - 1;
      if (!this.#testElements(link, isLast ? rule : undefined)) return false;
      this.#inLink = false;
      this.#tracer?.linkEnds(this.#frame.matched, isLast);
      if (!this.#frame.matched) return true;
    }
    const last = links[links.length - 1] as ProgramLink;
    for (const effect of this.#deferred) effect.run(this.#control);
    this.#recorder?.noteMatch(instruction);
    completeRule(rule, last.source, this.#frame.detail, this.#state);
    this.#tracer?.ruleMatched(rule);
    if (rule.skip > 0) this.#skip = rule.skip;
    if (rule.resumeAt !== undefined) this.#resumeAt = rule.resumeAt;
    if (rule.resumeAt === Number.POSITIVE_INFINITY) this.#state.skipsRest = true;
    return true;
  }

  #enterLink({ source, facts }: ProgramLink, instruction: Instruction): void {
    if (this.#linkAt > 0) this.#recorder?.noteFacts(facts);
    const frame = this.#frame;
    frame.elements = NO_ELEMENTS;
    frame.elementAt = 0;
    frame.formAt = 0;
    frame.formCount = 0;
    frame.effectAt = -1;
    frame.matched = false;
    frame.detail = '';
    this.#inLink = true;
    if (source.operator === undefined) return;
    // Removals by ctl reach the starter alone (ModSecurity v2, v3).
    const isStarter = this.#linkAt === 0;
    const removed = isStarter ? this.#state.removals.targetsOf(instruction.rule.index) : undefined;
    const { group } = instruction;
    if (this.#proven !== undefined) frame.elements = [this.#proven];
    else if (isStarter && group !== undefined && this.#tracer === undefined) {
      const elements = this.#candidates.collect(instruction, group);
      frame.elements =
        removed === undefined ? elements : remainingElements(elements, removed, this.#state);
    } else frame.elements = expandTargets(source, removed, this.#state);
    const { operator } = source;
    this.#run.capturing = source.capture;
    this.#run.argument =
      operator.macro === undefined ? operator.argument : operator.macro.expand(this.#state);
  }

  /** `ends` is the rule whose last link this is: if it interrupts, its first match is enough. */
  #testElements(link: ProgramLink, ends: Rule | undefined): boolean {
    const frame = this.#frame;
    if (link.source.operator === undefined) return this.#matchUnconditionally(link);
    const { asks } = link.source.operator.compiled;
    while (frame.elementAt < frame.elements.length) {
      const element = frame.elements[frame.elementAt] as Element;
      if (frame.formCount === 0) {
        this.#readForms(link, element);
        this.#tracer?.transformed(link, element.value, this.#values);
      }
      while (frame.formAt < frame.formCount) {
        const value = frame.forms[frame.formAt] as string;
        if (asks !== undefined && frame.effectAt < 0 && !this.#hasAnswer(asks, value)) return false;
        if (frame.effectAt < 0 && this.#asks(link, element, value)) {
          const { argument } = this.#run;
          this.#noteMatch(elementMatch(element, value, link.source, argument, this.#state));
          frame.effectAt = 0;
        }
        if (frame.effectAt >= 0) {
          if (!this.#runEffects(link)) return false;
          if (ends !== undefined && willInterrupt(ends, this.#state)) return true;
        }
        frame.formAt++;
      }
      frame.formAt = 0;
      frame.formCount = 0;
      frame.elementAt++;
    }
    return true;
  }

  /** False when the operator has to wait for an answer from outside. */
  #hasAnswer(asks: NonNullable<CompiledOperator['asks']>, value: string): boolean {
    const { outsideAnswer } = this.#state;
    this.#state.outsideAnswer = undefined;
    this.#run.answer = outsideAnswer?.answer;
    if (outsideAnswer !== undefined) return true;
    const { elements, elementAt } = this.#frame;
    this.#run.target = elementName(elements[elementAt] as Element, this.#state);
    const question = asks(value, this.#run);
    if (question === undefined) return true;
    this.#state.outsideRequest = { kind: 'outside', question };
    return false;
  }

  /** False for a form that the rule's starter is known not to match. */
  #mayMatch(): boolean {
    const form = this.#frame.known[this.#frame.formAt];
    if (form === undefined) return true;
    return this.#candidates.mayMatch(this.#instructions[this.#pc] as Instruction, form);
  }

  #isDenied(): boolean {
    const form = this.#frame.known[this.#frame.formAt];
    if (form === undefined || this.#linkAt > 0) return false;
    return this.#candidates.isDenied(this.#instructions[this.#pc] as Instruction, form);
  }

  #matchUnconditionally(link: ProgramLink): boolean {
    const frame = this.#frame;
    if (!frame.matched) {
      if (this.#state.settings.behaviour.actionMatches === 'nothing') frame.matched = true;
      // v2 implements SecAction as a rule over REMOTE_ADDR, and shows it in MATCHED_VAR.
      else this.#noteMatch({ name: SECACTION_NAME, value: this.#state.clientAddress });
      frame.effectAt = 0;
    }
    return this.#runEffects(link);
  }

  #readForms({ pipeline, stages }: ProgramLink, { value, known }: Element): void {
    if (stages === undefined) {
      if (known === undefined) this.#pushForm(this.#values.at(pipeline, value), undefined);
      else {
        const form = this.#values.form(known, pipeline);
        this.#pushForm(form.text, form);
      }
      return;
    }
    if (stages.length === 1 && this.#state.settings.behaviour.multiMatchWithoutSteps === 'never') {
      return;
    }
    // multiMatch: the raw value, then every stage that altered it; "altered" is decided by bytes.
    const raw = known ?? this.#values.of(value);
    let before: Value | undefined;
    for (const stage of stages) {
      const form = this.#values.form(raw, stage);
      if (form.text !== before?.text) {
        this.#pushForm(form.text, known === undefined ? undefined : form);
      }
      before = form;
    }
  }

  #pushForm(text: string, known: Value | undefined): void {
    const frame = this.#frame;
    frame.forms[frame.formCount] = text;
    frame.known[frame.formCount] = known;
    frame.formCount++;
  }

  #asks(link: ProgramLink, element: Element, value: string): boolean {
    if (this.#proven !== undefined) {
      this.#proven = undefined;
      return true;
    }
    if (!this.#mayMatch()) return false;
    if (this.#tracer === undefined) return this.#matches(link, value);
    this.#tracer.testing(element, value);
    const matched = this.#matches(link, value);
    this.#tracer.tested(matched);
    return matched;
  }

  #matches({ source }: ProgramLink, value: string): boolean {
    const { operator } = source;
    if (operator === undefined) return true;
    const run = this.#run;
    if (run.captures.length > 0) run.captures.length = 0;
    run.detail = '';
    if (operator.negated && this.#isDenied()) return true;
    let hit: boolean;
    try {
      hit = operator.compiled.evaluate(value, run);
    } catch (error) {
      this.#operatorFailed(error);
      return false;
    }
    if (hit && source.capture) this.#storeCaptures(operator);
    if (hit !== operator.negated) return true;
    const form = this.#frame.known[this.#frame.formAt];
    if (form !== undefined)
      this.#candidates.ruleOut(this.#instructions[this.#pc] as Instruction, form);
    return false;
  }

  #storeCaptures({ definition }: RuleOperator): void {
    this.#recorder?.noteCaptures();
    const { captures } = this.#run;
    if (captures.length === 0) return;
    this.#captures.store(captures);
    this.#tracer?.captured(captures, definition.name);
  }

  /** A failure is an outcome with a name: the policy decides what it means, by default to block. */
  #operatorFailed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#state.fail(failureCode(error), message);
  }

  #noteMatch(match: NotedMatch): void {
    const { matched } = this.#state;
    matched.last = match;
    if (matched.all.length === 0) matched.all = [match];
    else matched.all.push(match);
    this.#frame.matched = true;
    if (this.#run.detail !== '') this.#frame.detail = this.#run.detail;
  }

  /** libmodsecurity carries out the ctl of a chain's earlier links only when the chain matches. */
  #waits({ action }: RuleEffect): boolean {
    const { behaviour } = this.#state.settings;
    const { links } = this.#instructions[this.#pc] as Instruction;
    return (
      behaviour.ctlOfFailedChain === 'dropped' &&
      action === 'ctl' &&
      this.#linkAt < links.length - 1
    );
  }

  #runEffects({ source }: ProgramLink): boolean {
    const frame = this.#frame;
    const { effects } = source;
    while (frame.effectAt < effects.length) {
      const effect = effects[frame.effectAt] as RuleEffect;
      if (this.#waits(effect)) this.#deferred.push(effect);
      else {
        this.#tracer?.effect(effect.action);
        effect.run(this.#control);
      }
      frame.effectAt++;
      if (this.#state.collectionRequest !== undefined) return false;
    }
    frame.effectAt = -1;
    return true;
  }
}
