// What is known of the values of one transaction: their transformed forms, and which rules could match them.
//
// The same header or argument is put through the same pipelines by hundreds of rules. All that is kept here
// follows from the bytes of a value and the settings, so it can be kept; nothing can be told from it that the
// rules would not find out.

import type { Phase } from '../model/phase.ts';
import type { Settings } from '../model/settings.ts';
import type { TransformationEnvironment } from '../model/transformation.ts';
import { classesOf } from '../program/byte-classes.ts';
import type { PipelineNode, Program } from '../program/program.ts';

export function environmentOf(settings: Settings): TransformationEnvironment {
  const { unicodeMap, behaviour } = settings;
  return { unicodeMap, htmlEntities: behaviour.htmlEntities, behaviour };
}

/** A value, raw or transformed; values of the same bytes are one. */
export class Value {
  readonly text: string;
  /** The kinds of its bytes (program/byte-classes.ts); -1 when not looked at yet. */
  classes = -1;
  /** By pipeline node. Most pipelines leave most values as they are, and then it is the value itself. */
  readonly forms: (Value | undefined)[] = [];
  /** By phase: the rules whose starters may match the value; fewer as they are tried. */
  readonly candidates: (number[] | undefined)[] = [];

  constructor(text: string) {
    this.text = text;
  }
}

export class Values {
  readonly #program: Program;
  readonly #environment: TransformationEnvironment;
  readonly #known = new Map<string, Value>();

  constructor(program: Program) {
    this.#program = program;
    this.#environment = environmentOf(program.settings);
  }

  of(text: string): Value {
    let value = this.#known.get(text);
    if (value === undefined) {
      value = new Value(text);
      this.#known.set(text, value);
    }
    return value;
  }

  /** The text after all steps up to `node`. */
  at(node: PipelineNode, text: string): string {
    return node.parent === undefined ? text : this.form(this.of(text), node).text;
  }

  /** The value after all steps up to `node`. */
  form(value: Value, node: PipelineNode): Value {
    const { parent, transformation } = node;
    if (parent === undefined || transformation === undefined) return value;
    return value.forms[node.id] ?? this.#transform(value, node);
  }

  #transform(value: Value, { id, parent, transformation, alters }: PipelineNode): Value {
    const before = this.form(value, parent as PipelineNode);
    let form = before;
    if ((this.#classesOf(before) & alters) !== 0 || alters === -1) {
      const text = (transformation as NonNullable<typeof transformation>).apply(
        before.text,
        this.#environment,
      );
      if (text !== before.text) form = this.of(text);
    }
    value.forms[id] = form;
    return form;
  }

  #classesOf(value: Value): number {
    if (value.classes === -1) value.classes = classesOf(value.text);
    return value.classes;
  }

  /** The rules of the phase that may match the value, as bits; needs a phase with a filter. */
  candidates(value: Value, phase: Phase): number[] {
    return value.candidates[phase] ?? this.#read(value, phase);
  }

  #read(value: Value, phase: Phase): number[] {
    const rules: number[] = [];
    value.classes = this.#program.filters[phase]?.read(value.text, rules) ?? value.classes;
    value.candidates[phase] = rules;
    return rules;
  }
}
