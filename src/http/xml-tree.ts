// Builds the document tree: the checked events go through fast-xml-parser and come out as nodes.
//
// fast-xml-parser gets a text that cannot be misread: elements and attributes carry numbers instead of
// names (it keys objects by name, and takes some names for its own), long values too (it copies texts
// char by char), no entities, no comments, no CDATA, and the three bytes that would end a text or a
// value are control characters that XML forbids.
//
// Invariant: the value of every element is a slice of `text`, so no expression can multiply the
// document.

import { XMLParser } from 'fast-xml-parser';
import type { XmlSink } from './xml-wellformed.ts';

export interface XmlElement extends XmlName {
  readonly kind: 'element';
  readonly parent: XmlElement | undefined;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly (XmlElement | XmlTextNode)[];
  /** Rank in document order. */
  readonly order: number;
  /** The greatest rank within the element. */
  readonly lastOrder: number;
  readonly textStart: number;
  readonly textEnd: number;
}

export interface XmlTextNode {
  readonly kind: 'text';
  readonly parent: XmlElement;
  readonly order: number;
  readonly textStart: number;
  readonly textEnd: number;
}

/** Namespace declarations are none. */
export interface XmlAttribute extends XmlName {
  readonly kind: 'attribute';
  readonly parent: XmlElement;
  readonly order: number;
  readonly value: string;
}

interface XmlName {
  /** As written, prefix included. */
  readonly name: string;
  readonly local: string;
  /** Empty when there is none. An undeclared prefix has none and stays part of `local`. */
  readonly namespace: string;
}

export type XmlNode = XmlElement | XmlTextNode | XmlAttribute;

export interface XmlDocument {
  readonly root: XmlElement;
  /** All character data in document order; UTF-8. */
  readonly text: string;
}

const ESCAPED = /[<"\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '<': '\x01', '"': '\x02', '\r': '\x03' };
const UNESCAPED = /[\x01-\x03]|\x04([0-9]+)\x05/g;
const UNESCAPES: Readonly<Record<string, string>> = { '\x01': '<', '\x02': '"', '\x03': '\r' };
const LONG = 64;

const NONE: readonly never[] = Object.freeze([]);
const ATTRIBUTES = ':@';
const TEXT = '#text';
type OrderedNode = Readonly<Record<string, unknown>>;

export class XmlTreeBuilder implements XmlSink {
  readonly #pieces: string[] = [];
  readonly #open: number[] = [];
  readonly #names: string[] = [];
  /** Of each name, for elements without attributes. */
  readonly #tags: { readonly open: string; readonly close: string; readonly empty: string }[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #longValues: string[] = [];
  readonly #maxDepth: number;
  /** True while nothing stands behind the tag that was opened last. */
  #isEmpty = false;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    const number = this.#number(name);
    let tag = this.#tags[number]!.open;
    if (attributes.size > 0) {
      tag = tag.slice(0, -1);
      for (const [attribute, value] of attributes) {
        tag += ` n${this.#number(attribute)}="${this.#pack(value)}"`;
      }
      tag += '>';
    }
    this.#pieces.push(tag);
    this.#open.push(number);
    this.#isEmpty = true;
  }

  text(value: string): void {
    this.#pieces.push(this.#pack(value));
    this.#isEmpty = false;
  }

  close(): void {
    const number = this.#open.pop();
    if (number === undefined) return;
    const { open, close, empty } = this.#tags[number]!;
    if (this.#isEmpty) {
      const tag = this.#pieces.pop();
      this.#pieces.push(tag === undefined || tag === open ? empty : `${tag.slice(0, -1)}/>`);
    } else this.#pieces.push(close);
    this.#isEmpty = false;
  }

  /** Closes what is open; undefined when no element was ever opened. */
  build(): XmlDocument | undefined {
    while (this.#open.length > 0) this.close();
    if (this.#pieces.length === 0) return undefined;
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      textNodeName: TEXT,
      parseTagValue: false,
      parseAttributeValue: false,
      trimValues: false,
      processEntities: false,
      jPath: false,
      maxNestedTags: this.#maxDepth + 1,
    });
    const ordered = parser.parse(this.#pieces.join('')) as readonly OrderedNode[];
    return new NodeMaker(this.#names, this.#longValues).make(ordered);
  }

  #pack(value: string): string {
    if (value.length > LONG) return `\x04${this.#longValues.push(value) - 1}\x05`;
    return value.replace(ESCAPED, (char) => ESCAPES[char] ?? '');
  }

  #number(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.length;
      this.#names.push(name);
      this.#tags.push({ open: `<n${number}>`, close: `</n${number}>`, empty: `<n${number}/>` });
      this.#numbers.set(name, number);
    }
    return number;
  }
}

type Making<T> = { -readonly [K in keyof T]: T[K] };
interface OpenElement extends Making<Omit<XmlElement, 'children'>> {
  children: (XmlElement | XmlTextNode)[];
}

/** An element whose children are still to be visited. */
interface Visit {
  readonly element: OpenElement;
  readonly children: readonly OrderedNode[];
  next: number;
  /** Prefixes that the element declared, to be undone behind it. */
  readonly declared: readonly string[];
}

class NodeMaker {
  readonly #names: readonly string[];
  readonly #longValues: readonly string[];
  readonly #texts: string[] = [];
  #textLength = 0;
  #order = 0;
  /** For each prefix its namespaces, the innermost last. */
  readonly #scope = new Map<string, string[]>([['xml', ['http://www.w3.org/XML/1998/namespace']]]);

  constructor(names: readonly string[], longValues: readonly string[]) {
    this.#names = names;
    this.#longValues = longValues;
  }

  make(ordered: readonly OrderedNode[]): XmlDocument | undefined {
    const first = ordered[0];
    if (first === undefined) return undefined;
    const visits: Visit[] = [this.#enter(first, undefined)];
    const root = visits[0]!.element;
    let visit = visits.at(-1);
    while (visit !== undefined) {
      const child = visit.children[visit.next];
      visit.next += 1;
      if (child === undefined) {
        this.#leave(visit);
        visits.pop();
      } else if (TEXT in child) {
        this.#addText(visit.element, this.#unpack(child[TEXT]));
      } else {
        const entered = this.#enter(child, visit.element);
        visit.element.children.push(entered.element);
        if (entered.children.length > 0) visits.push(entered);
        else this.#leave(entered);
      }
      visit = visits.at(-1);
    }
    return { root, text: this.#texts.join('') };
  }

  #enter(node: OrderedNode, parent: OpenElement | undefined): Visit {
    let key = '';
    for (const name in node) if (name !== ATTRIBUTES) key = name;
    const written = node[ATTRIBUTES] as Readonly<Record<string, unknown>> | undefined;
    const declared = written === undefined ? NONE : this.#declareNamespaces(written);
    const { name, local, namespace } = this.#resolve(this.#nameOf(key), true);
    const element: OpenElement = {
      kind: 'element',
      name,
      local,
      namespace,
      parent,
      attributes: NONE,
      children: [],
      order: this.#order++,
      lastOrder: 0,
      textStart: this.#textLength,
      textEnd: this.#textLength,
    };
    if (written !== undefined) element.attributes = this.#attributesOf(element, written);
    return { element, children: node[key] as readonly OrderedNode[], next: 0, declared };
  }

  #declareNamespaces(written: Readonly<Record<string, unknown>>): readonly string[] {
    const declared: string[] = [];
    for (const number in written) {
      const prefix = declaredPrefix(this.#nameOf(number));
      if (prefix === undefined) continue;
      const namespaces = this.#scope.get(prefix) ?? [];
      namespaces.push(this.#unpack(written[number]));
      this.#scope.set(prefix, namespaces);
      declared.push(prefix);
    }
    return declared;
  }

  #attributesOf(
    element: OpenElement,
    written: Readonly<Record<string, unknown>>,
  ): readonly XmlAttribute[] {
    const attributes: XmlAttribute[] = [];
    for (const number in written) {
      const full = this.#nameOf(number);
      if (declaredPrefix(full) !== undefined) continue;
      const { name, local, namespace } = this.#resolve(full, false);
      const value = this.#unpack(written[number]);
      const order = this.#order++;
      attributes.push({
        kind: 'attribute',
        name,
        local,
        namespace,
        parent: element,
        order,
        value,
      });
    }
    return attributes;
  }

  #unpack(packed: unknown): string {
    return String(packed).replace(UNESCAPED, (char: string, index: string | undefined) =>
      index === undefined ? (UNESCAPES[char] ?? '') : (this.#longValues[Number(index)] ?? ''),
    );
  }

  #leave({ element, declared }: Visit): void {
    element.textEnd = this.#textLength;
    element.lastOrder = this.#order - 1;
    for (const prefix of declared) this.#scope.get(prefix)?.pop();
  }

  #addText(parent: OpenElement, value: string): void {
    const textStart = this.#textLength;
    this.#texts.push(value);
    this.#textLength += value.length;
    const order = this.#order++;
    parent.children.push({ kind: 'text', parent, order, textStart, textEnd: this.#textLength });
  }

  #nameOf(numbered: string): string {
    return this.#names[Number(numbered.slice(1))] ?? '';
  }

  /** Attributes without prefix have no namespace. */
  #resolve(name: string, isElement: boolean): XmlName {
    const colon = name.indexOf(':');
    if (colon === -1) {
      const namespace = isElement ? (this.#scope.get('')?.at(-1) ?? '') : '';
      return { name, local: name, namespace };
    }
    const namespace = this.#scope.get(name.slice(0, colon))?.at(-1);
    if (namespace === undefined) return { name, local: name, namespace: '' };
    return { name, local: name.slice(colon + 1), namespace };
  }
}

/** The prefix that `xmlns` (none, hence empty) or `xmlns:p` declares. */
function declaredPrefix(name: string): string | undefined {
  if (name === 'xmlns') return '';
  return name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : undefined;
}
