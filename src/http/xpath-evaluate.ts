// Runs an XPath expression over a document: node sets in document order, each node once.
//
// The cost of one location path is linear in the document, whatever the document looks like; only
// positional predicates and comparisons of two node sets can cost more.

import type { XmlDocument, XmlElement, XmlNode, XmlTextNode } from './xml-tree.ts';
import type { XPath } from './xpath.ts';
import type { XPathAxis, XPathExpression, XPathStep, XPathTest } from './xpath-ast.ts';

/** The root node above the root element. */
const DOCUMENT: unique symbol = Symbol('document');
type Node = XmlNode | typeof DOCUMENT;
type Value = readonly Node[] | string | number | boolean;

interface Context {
  readonly node: Node;
  readonly position: number;
  readonly size: number;
}

/**
 * The string value of every node that the expression selects, in document order, untouched, as UTF-8.
 *
 * An expression that gives no nodes but a number or a text has no values, as in ModSecurity.
 */
export function evaluateXPath(document: XmlDocument, xpath: XPath): readonly string[] {
  return new XPathEvaluation(document).values(xpath.root);
}

class XPathEvaluation {
  readonly #document: XmlDocument;

  constructor(document: XmlDocument) {
    this.#document = document;
  }

  values(expression: XPathExpression): readonly string[] {
    const value = this.#evaluate(expression, { node: DOCUMENT, position: 1, size: 1 });
    return typeof value === 'object' ? value.map((node) => this.#stringOf(node)) : [];
  }

  #evaluate(expression: XPathExpression, context: Context): Value {
    switch (expression.kind) {
      case 'path':
        return this.#path(expression.steps, expression.absolute ? DOCUMENT : context.node);
      case 'union': {
        const nodes = expression.parts.flatMap((part) => this.#evaluate(part, context) as Node[]);
        return inDocumentOrder(nodes);
      }
      case 'literal':
        return expression.value;
      case 'binary':
        return this.#binary(expression, context);
      case 'call':
        return this.#call(expression, context);
    }
  }

  #path(steps: readonly XPathStep[], start: Node): readonly Node[] {
    let nodes: readonly Node[] = [start];
    for (const step of steps) {
      if (step.axis.startsWith('ancestor') && step.predicates.length === 0) {
        nodes = this.#above(step, nodes);
        continue;
      }
      const found: Node[] = [];
      let coveredTo = -1;
      for (const node of nodes) {
        // Below a node that was walked already nothing new can be found.
        const walks = step.axis === 'descendant' || step.axis === 'descendant-or-self';
        if (walks && !step.positional) {
          if (node !== DOCUMENT && orderOf(node) <= coveredTo) continue;
          coveredTo = this.#lastOrder(node);
        }
        if (step.predicates.length === 0) this.#collect(step, node, found);
        else for (const hit of this.#step(step, node)) found.push(hit);
      }
      nodes = nodes.length === 1 && isForward(step.axis) ? found : inDocumentOrder(found);
    }
    return nodes;
  }

  /** What `#step` gives, for steps without predicates; the axes that lead far without a generator. */
  #collect(step: XPathStep, from: Node, found: Node[]): void {
    const { axis, test } = step;
    if (axis === 'attribute') {
      if (from === DOCUMENT || from.kind !== 'element') return;
      for (const node of from.attributes) if (passes(test, node)) found.push(node);
    } else if (axis === 'child') {
      for (const node of this.#children(from)) if (passes(test, node)) found.push(node);
    } else if (axis === 'descendant' || axis === 'descendant-or-self') {
      if (axis === 'descendant-or-self' && passes(test, from)) found.push(from);
      this.#collectBelow(test, from, found);
    } else for (const node of this.#select(step, from)) found.push(node);
  }

  #collectBelow(test: XPathTest, from: Node, found: Node[]): void {
    for (const node of this.#descendants(from)) if (passes(test, node)) found.push(node);
  }

  /** Each ancestor once, however many nodes share it. */
  #above(step: XPathStep, nodes: readonly Node[]): readonly Node[] {
    const seen = new Set<Node>();
    for (const node of nodes) {
      if (step.axis === 'ancestor-or-self') seen.add(node);
      for (const ancestor of ancestors(node)) {
        if (seen.has(ancestor) && step.axis === 'ancestor') break;
        seen.add(ancestor);
      }
    }
    return inDocumentOrder([...seen].filter((node) => passes(step.test, node)));
  }

  #step(step: XPathStep, from: Node): Iterable<Node> {
    let nodes: Iterable<Node> = this.#select(step, from);
    for (const predicate of step.predicates) {
      const candidates = [...nodes];
      nodes = candidates.filter((node, index) => {
        const context: Context = { node, position: index + 1, size: candidates.length };
        const value = this.#evaluate(predicate, context);
        return typeof value === 'number' ? value === index + 1 : this.#boolean(value);
      });
    }
    return nodes;
  }

  *#select(step: XPathStep, from: Node): Iterable<Node> {
    for (const node of this.#axis(step.axis, from)) {
      if (passes(step.test, node)) yield node;
    }
  }

  /** Reverse axes give the nearest node first, as positions count. */
  *#axis(axis: XPathAxis, from: Node): Iterable<Node> {
    switch (axis) {
      case 'self':
        yield from;
        return;
      case 'child':
        yield* this.#children(from);
        return;
      case 'attribute':
        if (from !== DOCUMENT && from.kind === 'element') yield* from.attributes;
        return;
      case 'descendant-or-self':
        yield from;
        yield* this.#descendants(from);
        return;
      case 'descendant':
        yield* this.#descendants(from);
        return;
      case 'ancestor-or-self':
        yield from;
        yield* ancestors(from);
        return;
      case 'ancestor':
        yield* ancestors(from);
        return;
      case 'parent':
        for (const node of ancestors(from)) {
          yield node;
          return;
        }
        return;
    }
  }

  #children(node: Node): readonly (XmlElement | XmlTextNode)[] {
    if (node === DOCUMENT) return [this.#document.root];
    return node.kind === 'element' ? node.children : [];
  }

  /** Without recursion, nor a generator, which takes longer than the walk; attributes are not descendants. */
  #descendants(from: Node): readonly (XmlElement | XmlTextNode)[] {
    const found: (XmlElement | XmlTextNode)[] = [];
    const open = [{ children: this.#children(from), next: 0 }];
    let top = open.at(-1);
    while (top !== undefined) {
      const node = top.children[top.next];
      top.next += 1;
      if (node === undefined) {
        open.pop();
      } else {
        found.push(node);
        if (node.kind === 'element' && node.children.length > 0) {
          open.push({ children: node.children, next: 0 });
        }
      }
      top = open.at(-1);
    }
    return found;
  }

  #lastOrder(node: Node): number {
    if (node === DOCUMENT) return Number.POSITIVE_INFINITY;
    return node.kind === 'element' ? node.lastOrder : node.order;
  }

  #stringOf(node: Node): string {
    if (node === DOCUMENT) return this.#document.text;
    return node.kind === 'attribute'
      ? node.value
      : this.#document.text.slice(node.textStart, node.textEnd);
  }

  #binary(
    { operator, left, right }: Extract<XPathExpression, { kind: 'binary' }>,
    context: Context,
  ): boolean {
    const first = this.#evaluate(left, context);
    if (operator === 'and' && !this.#boolean(first)) return false;
    if (operator === 'or' && this.#boolean(first)) return true;
    const second = this.#evaluate(right, context);
    if (operator === 'and' || operator === 'or') return this.#boolean(second);
    // A node set compares true when any of its nodes does.
    const firsts = typeof first === 'object' ? first.map((node) => this.#stringOf(node)) : [first];
    const seconds =
      typeof second === 'object' ? second.map((node) => this.#stringOf(node)) : [second];
    if (typeof first === 'boolean' || typeof second === 'boolean') {
      return compare(operator, this.#boolean(first), this.#boolean(second));
    }
    if (operator === '=' && typeof first === 'object' && typeof second === 'object') {
      const known = new Set(firsts);
      return seconds.some((value) => known.has(value));
    }
    return firsts.some((one) => seconds.some((other) => compare(operator, one, other)));
  }

  #call({ name, args }: Extract<XPathExpression, { kind: 'call' }>, context: Context): Value {
    const value = (index: number): Value =>
      args[index] === undefined ? [context.node] : this.#evaluate(args[index], context);
    switch (name) {
      case 'position':
        return context.position;
      case 'last':
        return context.size;
      case 'true':
        return true;
      case 'false':
        return false;
      case 'not':
        return !this.#boolean(value(0));
      case 'count': {
        const nodes = value(0);
        return typeof nodes === 'object' ? nodes.length : 0;
      }
      case 'number':
        return toNumber(this.#string(value(0)));
      case 'string':
        return this.#string(value(0));
      case 'string-length':
        return this.#string(value(0)).length;
      case 'normalize-space':
        return this.#string(value(0))
          .split(/[ \t\r\n]+/)
          .filter((word) => word !== '')
          .join(' ');
      case 'contains':
        return this.#string(value(0)).includes(this.#string(value(1)));
      case 'starts-with':
        return this.#string(value(0)).startsWith(this.#string(value(1)));
      case 'local-name':
      case 'name':
      case 'namespace-uri':
        return nameOf(value(0), name);
    }
  }

  #string(value: Value): string {
    if (typeof value !== 'object') return String(value);
    return value[0] === undefined ? '' : this.#stringOf(value[0]);
  }

  #boolean(value: Value): boolean {
    if (typeof value === 'object' || typeof value === 'string') return value.length > 0;
    return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : value;
  }
}

function nameOf(value: Value, part: 'local-name' | 'name' | 'namespace-uri'): string {
  const node = typeof value === 'object' ? value[0] : undefined;
  if (node === undefined || node === DOCUMENT || node.kind === 'text') return '';
  if (part === 'name') return node.name;
  return part === 'local-name' ? node.local : node.namespace;
}

function passes(test: XPathTest, node: Node): boolean {
  if (test.kind === 'node') return true;
  if (node === DOCUMENT) return false;
  if (test.kind === 'nothing') return false;
  if (test.kind === 'text') return node.kind === 'text';
  if (node.kind === 'text') return false;
  if (test.namespace !== undefined && node.namespace !== test.namespace) return false;
  return test.kind === 'any-name' || node.local === test.local;
}

function* ancestors(from: Node): Iterable<Node> {
  if (from === DOCUMENT) return;
  let node: XmlElement | undefined = from.parent;
  while (node !== undefined) {
    yield node;
    node = node.parent;
  }
  yield DOCUMENT;
}

function orderOf(node: Node): number {
  return node === DOCUMENT ? -1 : node.order;
}

function isForward(axis: XPathAxis): boolean {
  return axis !== 'ancestor' && axis !== 'ancestor-or-self';
}

function inDocumentOrder(nodes: readonly Node[]): readonly Node[] {
  let sorted = true;
  for (let at = 1; at < nodes.length && sorted; at++) {
    sorted = orderOf(nodes[at - 1]!) < orderOf(nodes[at]!);
  }
  if (sorted) return nodes;
  return [...new Set(nodes)].sort((one, other) => orderOf(one) - orderOf(other));
}

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

function compare(operator: Comparison, left: Value, right: Value): boolean {
  if (operator === '=' || operator === '!=') {
    const numeric = typeof left === 'number' || typeof right === 'number';
    const equal = numeric ? toNumber(left) === toNumber(right) : left === right;
    return equal === (operator === '=');
  }
  const one = toNumber(left);
  const other = toNumber(right);
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  return operator === '>' ? one > other : one >= other;
}

/** As XPath 1.0: no exponent, no sign but minus; anything else is NaN. */
function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const digits = /^[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*$/.exec(String(value));
  return digits === null ? Number.NaN : Number(digits[1]);
}
