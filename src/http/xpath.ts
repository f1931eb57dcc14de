// XPath for XML targets: compiled once at load; xpath-evaluate.ts runs them on every XML body.
//
// Supported: `/`, `//`, `|`, all axes but those to siblings and beyond, names with prefixes, `*`, `@`,
// `text()`, `node()`, and predicates with positions, comparisons, `and`, `or` and common functions.
// Arithmetic and variables are refused at load.

import type { XPathExpression } from './xpath-ast.ts';
import { XPathFault, XPathParser } from './xpath-parser.ts';

export interface XPath {
  readonly kind: 'xpath';
  readonly expression: string;
  readonly root: XPathExpression;
}

export interface XPathError {
  readonly kind: 'xpath-error';
  readonly message: string;
  /** Into the expression. */
  readonly offset: number;
}

/** `namespaces` maps the prefixes of `xmlns` actions to their names. Never throws. */
export function compileXPath(
  expression: string,
  namespaces: ReadonlyMap<string, string> = new Map(),
): XPath | XPathError {
  try {
    return { kind: 'xpath', expression, root: new XPathParser(expression, namespaces).parse() };
  } catch (fault) {
    if (!(fault instanceof XPathFault)) throw fault;
    return { kind: 'xpath-error', message: fault.message, offset: fault.offset };
  }
}
