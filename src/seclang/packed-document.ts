// A document as numbers and texts, for files: read back many times faster than its source is parsed.
//
// Promise: `unpackDocument` gives for the same text, whatever the source is called, the tree that was packed. Only
// trees of one source can be packed, and diagnostics not at all: who has some parses again.

import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';
import type {
  ActionNode,
  Directive,
  Document,
  OperatorNode,
  Selector,
  TargetNode,
  Word,
} from './ast.ts';
import type { DirectiveParts } from './directive-shapes.ts';

export interface PackedDocument {
  /** Each text once, in the order of first use. */
  readonly texts: readonly string[];
  /** What the tree holds in the order in which `Packer` writes it; texts by their place. */
  readonly numbers: Int32Array;
}

const QUOTES: readonly Word['quote'][] = ['', '"', "'", '`'];
const SELECTORS: readonly Selector['kind'][] = ['literal', 'regex', 'xpath'];
const SELECTED_BY = ['id', 'tag', 'msg'] as const;
const TYPES: readonly Directive['type'][] = [
  'rule',
  'action',
  'default-action',
  'script',
  'marker',
  'include',
  'remove',
  'update-target',
  'update-action',
  'setting',
];
/** Stands for what is left out. */
const NONE = -1;

export function packDocument(document: Document): PackedDocument {
  const packer = new Packer();
  packer.list(document.directives, packer.directive);
  packer.list(document.trailingComments, packer.text);
  return packer.packed();
}

export function unpackDocument(packed: PackedDocument, source: Source): Document {
  const reader = new Unpacker(packed, source);
  const directives = reader.list(reader.directive);
  return { source, directives, trailingComments: reader.list(reader.text) };
}

class Packer {
  readonly #places = new Map<string, number>();
  readonly #numbers: number[] = [];

  packed(): PackedDocument {
    return { texts: [...this.#places.keys()], numbers: Int32Array.from(this.#numbers) };
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.#numbers.push(items.length);
    for (const item of items) write(item);
  }

  readonly #optional = <T>(item: T | undefined, write: (item: T) => void): void => {
    this.#numbers.push(item === undefined ? NONE : 1);
    if (item !== undefined) write(item);
  };

  readonly text = (text: string): void => {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(text, place);
    }
    this.#numbers.push(place);
  };

  #flag(flag: boolean): void {
    this.#numbers.push(flag ? 1 : 0);
  }

  readonly #span = ({ start, end }: Span): void => {
    this.#numbers.push(start, end);
  };

  readonly directive = (directive: Directive): void => {
    this.#numbers.push(TYPES.indexOf(directive.type));
    this.text(directive.name);
    this.#span(directive.nameSpan);
    this.#span(directive.span);
    this.list(directive.comments, this.text);
    this.list(directive.detachedComments, (block) => this.list(block, this.text));
    this.#parts(directive);
  };

  #parts(directive: Directive): void {
    switch (directive.type) {
      case 'rule':
        this.list(directive.targets, this.#target);
        this.#operator(directive.operator);
        this.#optional(directive.actions, this.#actions);
        break;
      case 'action':
      case 'default-action':
        this.#actions(directive.actions);
        break;
      case 'script':
        this.#word(directive.path);
        this.#optional(directive.actions, this.#actions);
        break;
      case 'marker':
        this.#word(directive.marker);
        break;
      case 'include':
        this.#flag(directive.optional);
        this.#word(directive.path);
        break;
      case 'remove':
        this.#numbers.push(SELECTED_BY.indexOf(directive.by));
        this.list(directive.selectors, this.#word);
        break;
      case 'update-target':
        this.#numbers.push(SELECTED_BY.indexOf(directive.by));
        this.#word(directive.selector);
        this.list(directive.targets, this.#target);
        this.#optional(directive.replaced, (targets) => this.list(targets, this.#target));
        break;
      case 'update-action':
        this.#word(directive.selector);
        this.#actions(directive.actions);
        break;
      case 'setting':
        this.list(directive.arguments, this.#word);
        break;
    }
  }

  readonly #word = (word: Word): void => {
    this.text(word.text);
    this.#numbers.push(QUOTES.indexOf(word.quote), word.contentStart);
    this.#span(word.span);
    this.#optional(word.offsets, this.#offsets);
  };

  /** How many, and stretches in which they are consecutive: the length and first offset of each. */
  readonly #offsets = (offsets: Int32Array): void => {
    this.#numbers.push(offsets.length);
    for (let start = 0; start < offsets.length; ) {
      let end = start + 1;
      while (end < offsets.length && offsets[end] === offsets[end - 1]! + 1) end++;
      this.#numbers.push(end - start, offsets[start]!);
      start = end;
    }
  };

  readonly #target = (target: TargetNode): void => {
    this.#flag(target.count);
    this.#flag(target.exclude);
    this.text(target.name);
    this.#optional(target.selector, this.#selector);
    this.#span(target.nameSpan);
    this.#span(target.span);
  };

  readonly #selector = ({ kind, value, span }: Selector): void => {
    this.#numbers.push(SELECTORS.indexOf(kind));
    this.text(value);
    this.#span(span);
  };

  #operator(operator: OperatorNode): void {
    this.#flag(operator.negated);
    this.text(operator.name);
    this.#flag(operator.implicit);
    this.text(operator.argument);
    this.#span(operator.nameSpan);
    this.#span(operator.argumentSpan);
    this.#span(operator.span);
    this.#word(operator.word);
    this.#numbers.push(operator.argumentStart);
  }

  readonly #actions = (actions: readonly ActionNode[]): void => {
    this.list(actions, this.#action);
  };

  readonly #action = (action: ActionNode): void => {
    this.text(action.name);
    this.#optional(action.value, this.text);
    this.#flag(action.quoted);
    this.#span(action.nameSpan);
    this.#optional(action.valueSpan, this.#span);
    this.#span(action.span);
  };
}

/** Reads what `Packer` writes, in the same order. */
class Unpacker {
  readonly #texts: readonly string[];
  readonly #numbers: Int32Array;
  readonly #source: Source;
  #at = 0;

  constructor({ texts, numbers }: PackedDocument, source: Source) {
    this.#texts = texts;
    this.#numbers = numbers;
    this.#source = source;
  }

  #number(): number {
    return this.#numbers[this.#at++]!;
  }

  list<T>(read: () => T): readonly T[] {
    const items: T[] = [];
    for (let left = this.#number(); left > 0; left--) items.push(read());
    return items;
  }

  #optional<T>(read: () => T): T | undefined {
    return this.#number() === NONE ? undefined : read();
  }

  readonly text = (): string => this.#texts[this.#number()]!;

  #flag(): boolean {
    return this.#number() === 1;
  }

  readonly #span = (): Span => {
    const start = this.#number();
    return { source: this.#source, start, end: this.#number() };
  };

  readonly directive = (): Directive => {
    const type = TYPES[this.#number()]!;
    const base = {
      name: this.text(),
      nameSpan: this.#span(),
      span: this.#span(),
      comments: this.list(this.text),
      detachedComments: this.list(() => this.list(this.text)),
    };
    return { ...base, ...this.#parts(type) };
  };

  #parts(type: Directive['type']): DirectiveParts {
    switch (type) {
      case 'rule': {
        const targets = this.list(this.#target);
        const operator = this.#operator();
        return { type, targets, operator, actions: this.#optional(this.#actions) };
      }
      case 'action':
      case 'default-action':
        return { type, actions: this.#actions() };
      case 'script':
        return { type, path: this.#word(), actions: this.#optional(this.#actions) };
      case 'marker':
        return { type, marker: this.#word() };
      case 'include':
        return { type, optional: this.#flag(), path: this.#word() };
      case 'remove':
        return { type, by: this.#selectedBy(), selectors: this.list(this.#word) };
      case 'update-target': {
        const by = this.#selectedBy();
        const selector = this.#word();
        const targets = this.list(this.#target);
        const replaced = this.#optional(() => this.list(this.#target));
        return { type, by, selector, targets, replaced };
      }
      case 'update-action':
        return { type, selector: this.#word(), actions: this.#actions() };
      case 'setting':
        return { type, arguments: this.list(this.#word) };
    }
  }

  #selectedBy(): (typeof SELECTED_BY)[number] {
    return SELECTED_BY[this.#number()]!;
  }

  readonly #word = (): Word => {
    const text = this.text();
    const quote = QUOTES[this.#number()]!;
    const contentStart = this.#number();
    const span = this.#span();
    const offsets = this.#optional(this.#offsets);
    return { text, quote, span, offsets, contentStart };
  };

  readonly #offsets = (): Int32Array => {
    const offsets = new Int32Array(this.#number());
    for (let start = 0; start < offsets.length; ) {
      const end = start + this.#number();
      const shift = this.#number() - start;
      for (let at = start; at < end; at++) offsets[at] = at + shift;
      start = end;
    }
    return offsets;
  };

  readonly #target = (): TargetNode => ({
    count: this.#flag(),
    exclude: this.#flag(),
    name: this.text(),
    selector: this.#optional(this.#selector),
    nameSpan: this.#span(),
    span: this.#span(),
  });

  readonly #selector = (): Selector => ({
    kind: SELECTORS[this.#number()]!,
    value: this.text(),
    span: this.#span(),
  });

  #operator(): OperatorNode {
    return {
      negated: this.#flag(),
      name: this.text(),
      implicit: this.#flag(),
      argument: this.text(),
      nameSpan: this.#span(),
      argumentSpan: this.#span(),
      span: this.#span(),
      word: this.#word(),
      argumentStart: this.#number(),
    };
  }

  readonly #actions = (): readonly ActionNode[] => this.list(this.#action);

  readonly #action = (): ActionNode => ({
    name: this.text(),
    value: this.#optional(this.text),
    quoted: this.#flag(),
    nameSpan: this.#span(),
    valueSpan: this.#optional(this.#span),
    span: this.#span(),
  });
}
