// What is known of the values of one transaction: their transformed forms, and which rules could match them.
//
// The same header or argument is put through the same pipelines by hundreds of rules. All that is kept here
// follows from the bytes of a value and the settings, so it can be kept; nothing can be told from it that the
// rules would not find out.

import type { Settings } from '../model/settings.ts';
import type { TransformationEnvironment } from '../model/transformation.ts';
import { classesOf } from '../program/byte-classes.ts';
import type { PipelineNode, Program, ValueFilter } from '../program/program.ts';
import type { Shortcut } from '../program/shortcuts.ts';
import { Value } from './value.ts';
import type { ValueCache } from './value-cache.ts';

export function environmentOf(settings: Settings): TransformationEnvironment {
  const { unicodeMap, behaviour } = settings;
  return { unicodeMap, htmlEntities: behaviour.htmlEntities, behaviour };
}

export class Values {
  readonly #program: Program;
  readonly #environment: TransformationEnvironment;
  readonly #known = new Map<string, Value>();

  readonly #cache: ValueCache | undefined;

  constructor(program: Program, cache: ValueCache | undefined) {
    this.#program = program;
    this.#cache = cache;
    this.#environment = environmentOf(program.settings);
  }

  of(text: string): Value {
    let value = this.#known.get(text);
    if (value === undefined) {
      value = new Value(text, false);
      this.#known.set(text, value);
    }
    return value;
  }

  /** The same for what recurs from request to request. */
  ofRecurring(text: string): Value {
    return this.#cache?.of(text) ?? this.of(text);
  }

  /** The text after all steps up to `node`. */
  at(node: PipelineNode, text: string): string {
    return node.parent === undefined ? text : this.form(this.of(text), node).text;
  }

  /** The value after all steps up to `node`. */
  form(value: Value, node: PipelineNode): Value {
    if (this.shortcut(value).isSameAt(node)) return value;
    return value.forms?.[node.id] ?? this.#transform(value, node);
  }

  #transform(value: Value, { id, parent, transformation, alters }: PipelineNode): Value {
    if (parent === undefined || transformation === undefined) return value;
    const before = this.form(value, parent);
    let form = before;
    if (alters === -1 || (alters & before.classes) !== 0) {
      const text = transformation.apply(before.text, this.#environment);
      if (text !== before.text) {
        form = value.isKept && this.#cache !== undefined ? this.#cache.formOf(text) : this.of(text);
      }
    }
    value.forms ??= [];
    value.forms[id] = form;
    return form;
  }

  /** Values of the same kinds of bytes have the same answer, by identity. */
  shortcut(value: Value): Shortcut {
    if (value.shortcut === undefined) {
      if (value.classes === -1) value.classes = classesOf(value.text);
      value.shortcut = this.#program.shortcuts(value.classes);
    }
    return value.shortcut;
  }

  /** The rules that may match the value, as bits. */
  candidates(value: Value, filter: ValueFilter): number[] {
    return value.candidates[filter.id] ?? this.#read(value, filter);
  }

  #read(value: Value, filter: ValueFilter): number[] {
    const rules = new Array<number>(filter.words);
    value.classes = filter.read(value.text, rules);
    value.candidates[filter.id] = rules;
    return rules;
  }
}
