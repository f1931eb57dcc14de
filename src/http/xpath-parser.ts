// Reads XPath expressions, with the place of the first thing that is not supported.

import type {
  XPathAxis,
  XPathExpression,
  XPathFunction,
  XPathOperator,
  XPathStep,
  XPathTest,
} from './xpath-ast.ts';

/** Thrown by the parser, caught by compileXPath. */
export class XPathFault extends Error {
  override readonly name: string = 'XPathFault';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const AXES: ReadonlySet<string> = new Set<XPathAxis>([
  'ancestor',
  'ancestor-or-self',
  'attribute',
  'child',
  'descendant',
  'descendant-or-self',
  'parent',
  'self',
]);

/** Functions with the least and the greatest number of arguments. */
const FUNCTIONS: ReadonlyMap<string, readonly [number, number]> = new Map<
  XPathFunction,
  readonly [number, number]
>([
  ['contains', [2, 2]],
  ['count', [1, 1]],
  ['false', [0, 0]],
  ['last', [0, 0]],
  ['local-name', [0, 1]],
  ['name', [0, 1]],
  ['namespace-uri', [0, 1]],
  ['normalize-space', [0, 1]],
  ['not', [1, 1]],
  ['number', [0, 1]],
  ['position', [0, 0]],
  ['starts-with', [2, 2]],
  ['string', [0, 1]],
  ['string-length', [0, 1]],
  ['true', [0, 0]],
]);

const NUMERIC: ReadonlySet<XPathFunction> = new Set<XPathFunction>([
  'count',
  'last',
  'number',
  'position',
  'string-length',
]);

const OPERATORS: readonly (readonly XPathOperator[])[] = [
  ['or'],
  ['and'],
  ['!=', '='],
  ['<=', '<', '>=', '>'],
];

const DEEPEST = 50;
const NAME = /[A-Za-z_\x80-\xff][A-Za-z0-9_.\-\x80-\xff]*/y;
const NUMBER = /[0-9]+(?:\.[0-9]*)?|\.[0-9]+/y;
const ANY_NODE: XPathStep = {
  axis: 'descendant-or-self',
  test: { kind: 'node' },
  predicates: [],
  positional: false,
};

export class XPathParser {
  readonly #text: string;
  readonly #namespaces: ReadonlyMap<string, string>;
  #at = 0;
  #depth = 0;

  constructor(text: string, namespaces: ReadonlyMap<string, string>) {
    this.#text = text;
    this.#namespaces = namespaces;
  }

  parse(): XPathExpression {
    const expression = this.#readExpression(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('unexpected text');
    return expression;
  }

  #readExpression(level: number): XPathExpression {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#readUnion();
    if (level === 0 && ++this.#depth > DEEPEST) this.#fail('nested too deeply');
    let left = this.#readExpression(level + 1);
    for (;;) {
      this.#skipSpace();
      const operator = operators.find((candidate) => this.#takeOperator(candidate));
      if (operator === undefined) break;
      left = { kind: 'binary', operator, left, right: this.#readExpression(level + 1) };
    }
    if (level === 0) this.#depth -= 1;
    return left;
  }

  #takeOperator(operator: XPathOperator): boolean {
    if (operator === 'or' || operator === 'and') {
      NAME.lastIndex = this.#at;
      if (NAME.exec(this.#text)?.[0] !== operator) return false;
    }
    return this.#take(operator);
  }

  #readUnion(): XPathExpression {
    const parts = [this.#readPrimary()];
    this.#skipSpace();
    while (this.#take('|')) {
      parts.push(this.#readPrimary());
      this.#skipSpace();
    }
    if (parts.length === 1) return parts[0]!;
    if (parts.some((part) => part.kind !== 'path')) this.#fail("'|' joins paths only");
    return { kind: 'union', parts };
  }

  #readPrimary(): XPathExpression {
    this.#skipSpace();
    const char = this.#text[this.#at];
    if (char === '(') {
      this.#at += 1;
      const inner = this.#readExpression(0);
      this.#expect(')');
      return inner;
    }
    if (char === '"' || char === "'") {
      const end = this.#text.indexOf(char, this.#at + 1);
      if (end === -1) this.#fail('unterminated string');
      const value = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return { kind: 'literal', value };
    }
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return { kind: 'literal', value: Number(number) };
    }
    return this.#readCall() ?? this.#readPath();
  }

  #readCall(): XPathExpression | undefined {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) return undefined;
    const arity = FUNCTIONS.get(name);
    const start = this.#at;
    this.#at += name.length;
    this.#skipSpace();
    if (this.#text[this.#at] !== '(' || isNodeType(name)) {
      this.#at = start;
      return undefined;
    }
    if (arity === undefined) {
      this.#at = start;
      this.#fail('unknown function');
    }
    this.#at += 1;
    const args: XPathExpression[] = [];
    this.#skipSpace();
    if (!this.#take(')')) {
      do args.push(this.#readExpression(0));
      while (this.#takeSpaced(','));
      this.#expect(')');
    }
    if (args.length < arity[0] || args.length > arity[1]) this.#fail('wrong number of arguments');
    if (name === 'count' && !isNodeSet(args[0])) this.#fail('count() takes a path');
    return { kind: 'call', name: name as XPathFunction, args };
  }

  #readPath(): XPathExpression {
    const steps: XPathStep[] = [];
    const absolute = this.#text[this.#at] === '/';
    if (this.#take('//')) steps.push(ANY_NODE);
    else if (this.#take('/') && !this.#atStep()) return { kind: 'path', absolute, steps };
    for (;;) {
      steps.push(this.#readStep());
      this.#skipSpace();
      if (this.#take('//')) steps.push(ANY_NODE);
      else if (!this.#take('/')) return { kind: 'path', absolute, steps };
    }
  }

  #atStep(): boolean {
    this.#skipSpace();
    return /[A-Za-z_@*.\x80-\xff]/.test(this.#text[this.#at] ?? '');
  }

  #readStep(): XPathStep {
    this.#skipSpace();
    if (this.#take('..')) return { ...ANY_NODE, axis: 'parent' };
    if (this.#take('.')) return { ...ANY_NODE, axis: 'self' };
    const axis = this.#readAxis();
    const test = this.#readTest();
    const predicates: XPathExpression[] = [];
    while (this.#takeSpaced('[')) {
      predicates.push(this.#readExpression(0));
      this.#expect(']');
    }
    return { axis, test, predicates, positional: predicates.some(isPositional) };
  }

  #readAxis(): XPathAxis {
    if (this.#take('@')) return 'attribute';
    const axis = /([a-z-]+)\s*::/y;
    axis.lastIndex = this.#at;
    const found = axis.exec(this.#text);
    if (found === null) return 'child';
    if (!AXES.has(found[1]!)) this.#fail('unknown axis');
    this.#at += found[0].length;
    return found[1] as XPathAxis;
  }

  #readTest(): XPathTest {
    this.#skipSpace();
    if (this.#take('*')) return { kind: 'any-name', namespace: undefined };
    const start = this.#at;
    const name = this.#readName();
    if (isNodeType(name) && this.#takeSpaced('(')) {
      this.#expect(')');
      return { kind: name === 'text' || name === 'node' ? name : 'nothing' };
    }
    if (this.#text[this.#at] !== ':' || this.#text[this.#at + 1] === ':') {
      return { kind: 'name', local: name, namespace: '' };
    }
    const namespace =
      name === 'xml' ? 'http://www.w3.org/XML/1998/namespace' : this.#namespaces.get(name);
    if (namespace === undefined) {
      this.#at = start;
      this.#fail(`no xmlns action for the prefix '${name}'`);
    }
    this.#at += 1;
    if (this.#take('*')) return { kind: 'any-name', namespace };
    return { kind: 'name', local: this.#readName(), namespace };
  }

  #readName(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) this.#fail('expected a name');
    this.#at += name.length;
    return name;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #takeSpaced(text: string): boolean {
    this.#skipSpace();
    return this.#take(text);
  }

  #expect(text: string): void {
    if (!this.#takeSpaced(text)) this.#fail(`expected '${text}'`);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #fail(message: string): never {
    throw new XPathFault(message, this.#at);
  }
}

function isNodeType(name: string): boolean {
  return (
    name === 'text' || name === 'node' || name === 'comment' || name === 'processing-instruction'
  );
}

function isNodeSet(expression: XPathExpression | undefined): boolean {
  return expression?.kind === 'path' || expression?.kind === 'union';
}

/** A number is a position; so is whatever calls position() or last(). */
function isPositional(expression: XPathExpression): boolean {
  if (expression.kind === 'literal') return typeof expression.value === 'number';
  if (expression.kind === 'call' && NUMERIC.has(expression.name)) return true;
  return mentionsPosition(expression);
}

function mentionsPosition(expression: XPathExpression): boolean {
  switch (expression.kind) {
    case 'call':
      return (
        expression.name === 'position' ||
        expression.name === 'last' ||
        expression.args.some(mentionsPosition)
      );
    case 'binary':
      return mentionsPosition(expression.left) || mentionsPosition(expression.right);
    default:
      return false;
  }
}
