// What is known of the values of one transaction: their transformed forms, and which rules could match them.
//
// The same header or argument is put through the same pipelines by hundreds of rules. All that is kept here
// follows from the bytes of a value and the settings, so it can be kept; nothing can be told from it that the
// rules would not find out.

import type { Settings } from '../model/settings.ts';
import type { TransformationEnvironment } from '../model/transformation.ts';
import { classesOf, inAnyCase } from '../program/byte-classes.ts';
import type { PipelineNode, Program, ValueFilter } from '../program/program.ts';
import type { Shortcut } from '../program/shortcuts.ts';
import { Derivations, Value } from './value.ts';
import type { ValueCache } from './value-cache.ts';

/** What literals such values hold is remembered: it is the same in another case. */
const LONG = 128;

export function environmentOf(settings: Settings): TransformationEnvironment {
  const { unicodeMap, behaviour } = settings;
  return { unicodeMap, htmlEntities: behaviour.htmlEntities, behaviour };
}

export class Values {
  readonly #program: Program;
  readonly #environment: TransformationEnvironment;
  readonly #known = new Map<string, Value>();

  readonly #cache: ValueCache | undefined;
  /** Written anew for each value. */
  readonly #found: Int32Array;

  constructor(program: Program, cache: ValueCache | undefined) {
    this.#program = program;
    this.#cache = cache;
    this.#found = new Int32Array(program.filterWords);
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
    return value.forms?.get(node.id) ?? this.#transform(value, node);
  }

  #transform(value: Value, node: PipelineNode): Value {
    const { id, parent, transformation, alters } = node;
    if (parent === undefined || transformation === undefined) return value;
    const before = this.form(value, parent);
    const form =
      alters === -1 || (alters & before.classes) !== 0 ? this.#step(before, node) : before;
    value.forms ??= new Derivations();
    value.forms.set(id, form);
    return form;
  }

  /** Different pipelines come to the same value and go on with the same step. */
  #step(before: Value, { step, transformation }: PipelineNode): Value {
    const known = before.steps?.get(step);
    if (known !== undefined || transformation === undefined) return known ?? before;
    const text = transformation.apply(before.text, this.#environment);
    let after = before;
    if (text !== before.text) {
      const kept = before.isKept ? this.#cache : undefined;
      after = kept?.formOf(text) ?? this.of(text);
      if (before.found !== undefined && transformation.isCaseOnly?.(this.#environment) === true) {
        after.inOtherCase = before;
        after.classes = inAnyCase(before.classes);
      }
    }
    before.steps ??= new Derivations();
    before.steps.set(step, after);
    return after;
  }

  /** Values of the same kinds of bytes have the same answer, by identity. */
  shortcut(value: Value): Shortcut {
    if (value.shortcut !== undefined) return value.shortcut;
    if (value.classes === -1) value.classes = classesOf(value.text);
    const shortcut = this.#program.shortcuts(value.classes);
    // What outlives the transaction must not keep what the program has forgotten.
    if (!value.isKept) value.shortcut = shortcut;
    return shortcut;
  }

  /** The rules that may match the value, as bits. */
  candidates(value: Value, filter: ValueFilter): number[] {
    return value.candidates[filter.id] ?? this.#read(value, filter);
  }

  #read(value: Value, filter: ValueFilter): number[] {
    const { words } = filter;
    const found = value.inOtherCase?.found?.[filter.id] ?? this.#find(value, filter);
    const possible = this.shortcut(value).possible(filter);
    const rules = new Array<number>(words);
    for (let word = 0; word < words; word++) rules[word] = found[word]! & possible[word]!;
    value.candidates[filter.id] = rules;
    return rules;
  }

  #find(value: Value, filter: ValueFilter): Int32Array {
    const { words, always } = filter;
    const found = this.#found;
    for (let word = 0; word < words; word++) found[word] = always[word]!;
    value.classes = filter.read(value.text, found);
    if (value.text.length >= LONG && !value.isKept) {
      value.found ??= [];
      value.found[filter.id] = found.slice(0, words);
    }
    return found;
  }
}
