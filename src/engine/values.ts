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
import { Sparse, Value } from './value.ts';
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
    if (this.#cache === undefined) return this.of(text);
    let value = this.#known.get(text);
    if (value === undefined) {
      value = this.#cache.of(text) ?? new Value(text, false);
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
    if (this.shortcut(value).isSameAt(node)) return value;
    return value.forms?.get(node.id) ?? this.#transform(value, node);
  }

  #transform(value: Value, node: PipelineNode): Value {
    const { id, parent, transformation, alters } = node;
    if (parent === undefined || transformation === undefined) return value;
    const before = this.form(value, parent);
    const form =
      alters === -1 || (alters & before.classes) !== 0 ? this.#step(before, node) : before;
    value.forms ??= new Sparse();
    value.forms.set(id, form);
    return form;
  }

  /** Different pipelines come to the same value and go on with the same step. */
  #step(before: Value, { step, transformation, altersMore }: PipelineNode): Value {
    const known = before.steps?.get(step);
    if (known !== undefined || transformation === undefined) return known ?? before;
    const text = transformation.apply(before.text, this.#environment);
    let after = before;
    if (text !== before.text) {
      const kept = before.isKept ? this.#cache : undefined;
      after = kept?.formOf(text) ?? this.of(text);
      if (altersMore !== -1 && before.classes !== -1 && (altersMore & before.classes) === 0) {
        recased(after, before);
      }
    }
    before.steps ??= new Sparse();
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

  /** The rules whose literals the value holds, in any case, or that have none, as bits. */
  found(value: Value, filter: ValueFilter): readonly number[] {
    return value.foundFor(filter) ?? this.#find(value, filter);
  }

  #find(value: Value, filter: ValueFilter): readonly number[] {
    const found = filter.always.slice();
    value.classes = filter.read(value.text, found);
    value.setFound(filter, found);
    return found;
  }

  /** Whether the starter of the rule with this bit may match the value as it is. */
  mayMatch(value: Value, filter: ValueFilter, bit: number): boolean {
    const word = bit >> 5;
    const mask = 1 << (bit & 31);
    if ((this.shortcut(value).possible(filter)[word]! & mask) === 0) return false;
    if (((value.ruledOutFor(filter)?.[word] ?? 0) & mask) !== 0) return false;
    // Most rules that come so far have no literals, and then the value need not be read.
    return (filter.always[word]! & mask) !== 0 || (this.found(value, filter)[word]! & mask) !== 0;
  }
}

function recased(after: Value, before: Value): void {
  after.shareFound(before);
  if (after.classes === -1) after.classes = inAnyCase(before.classes);
}
