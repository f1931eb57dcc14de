// The contract of an action: how it changes the draft of a rule while the rule set is checked.

import type { Behaviour } from './compatibility.ts';
import type { TransactionControl } from './control.ts';
import type { RunScript } from './script.ts';
import type { Severity } from './severity.ts';
import type { Transformation } from './transformation.ts';
import type { TransactionView } from './view.ts';

/** Text with `%{...}` resolved at load; `literal` is set when there is nothing to expand. */
export interface Macro {
  readonly source: string;
  readonly literal: string | undefined;
  readonly expand: (view: TransactionView) => string;
}

/** Lower-case keys of TX that something reads and writes; it reads and writes nothing else. */
export interface TxUse {
  readonly reads: readonly string[];
  /** 'any': the key is made of values of TX. */
  readonly writes: readonly string[] | 'any';
}

/** A variable of TX that something sets. */
export interface TxAssignment {
  /** Lower case. */
  readonly key: string;
  /** Undefined where what it will hold depends on what it held. */
  readonly value: Macro | undefined;
}

/** A non-disruptive action, run at each match of its link. */
export interface RuleEffect {
  readonly action: string;
  readonly run: (control: TransactionControl) => void;
  /** Left out: it may read and write anything. */
  readonly tx?: TxUse | undefined;
  /** Left out: it sets no variable of TX, or one whose key is made of values. */
  readonly assigns?: TxAssignment | undefined;
}

export type DisruptiveKind =
  | 'allow'
  | 'block'
  | 'deny'
  | 'drop'
  | 'pass'
  | 'pause'
  | 'proxy'
  | 'redirect';

export interface Disruptive {
  readonly kind: DisruptiveKind;
  /** For allow: the rest of this `phase`, of the `request`, or of the `transaction`. */
  readonly scope?: 'phase' | 'request' | 'transaction';
  /** For redirect and proxy. */
  readonly url?: Macro;
}

export interface TransformationStep {
  readonly transformation: Transformation;
  /** The name as the rule spells it. */
  readonly written: string;
}

/** A rule while its actions are read. Undefined: the action was not given. */
export interface RuleDraft {
  id: number | undefined;
  phase: number | undefined;
  msg: Macro | undefined;
  logdata: Macro | undefined;
  tags: Macro[];
  severity: Severity | undefined;
  rev: string | undefined;
  ver: string | undefined;
  maturity: number | undefined;
  accuracy: number | undefined;
  status: number | undefined;
  disruptive: Disruptive | undefined;
  log: boolean | undefined;
  auditlog: boolean | undefined;
  capture: boolean | undefined;
  multiMatch: boolean | undefined;
  chain: boolean;
  skip: number | undefined;
  skipAfter: string | undefined;
  /** `none` clears what was inherited or listed before. */
  transformations: (TransformationStep | 'none')[];
  effects: RuleEffect[];
  /** Namespace prefix -> URI, for XPath. */
  xmlns: Map<string, string>;
}

/** The value of an action is wrong; `offset` points into the value. */
export class ActionValueError extends Error {
  override readonly name: string = 'ActionValueError';
  readonly code: string;
  readonly offset: number | undefined;
  readonly length: number | undefined;
  readonly help: string | undefined;

  constructor(
    message: string,
    where: { code?: string; offset?: number; length?: number; help?: string } = {},
  ) {
    super(message);
    this.code = where.code ?? 'bad-action-value';
    this.offset = where.offset;
    this.length = where.length;
    this.help = where.help;
  }
}

/** What an action may ask for while it is checked. */
export interface ActionContext {
  /** Left out: our own ways. */
  readonly behaviour?: Behaviour;
  readonly macro: (text: string) => Macro;
  /** Reports something that is accepted but without effect, or surprising. */
  readonly warn: (code: string, message: string, help?: string) => void;
  /** Upper-case canonical name of a variable; throws `ActionValueError` with the nearest name. */
  readonly variableName: (name: string) => string;
  readonly transformation: (name: string) => Transformation;
  /** Reads and checks a script; undefined when it cannot be run, which has been reported then. */
  readonly loadScript?: (path: string) => RunScript | undefined;
  /** The absolute path of a program that may be run; undefined when it may not. */
  readonly allowedProgram?: (path: string) => string | undefined;
  /** A search over a pattern in the ruleset's dialect. */
  readonly pattern: (source: string) => (text: string) => boolean;
}

export type ActionGroup = 'metadata' | 'disruptive' | 'flow' | 'non-disruptive' | 'data';

export interface ActionDefinition {
  /** As SecLang spells it. Looked up case-insensitively. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly group: ActionGroup;
  readonly value: 'none' | 'optional' | 'required';
  /** Whether a chain's later links may have it. */
  readonly inLink: boolean;
  /** Whether SecDefaultAction may have it. */
  readonly inDefault: boolean;
  /** Throws `ActionValueError`. `value` is "" when none was given. */
  readonly apply: (draft: RuleDraft, value: string, context: ActionContext) => void;
}
