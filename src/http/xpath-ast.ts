// The XPath 1.0 subset that rules may use, as data.

export type XPathAxis =
  | 'ancestor'
  | 'ancestor-or-self'
  | 'attribute'
  | 'child'
  | 'descendant'
  | 'descendant-or-self'
  | 'parent'
  | 'self';

export type XPathTest =
  | { readonly kind: 'any-name'; readonly namespace: string | undefined }
  | { readonly kind: 'name'; readonly local: string; readonly namespace: string }
  | { readonly kind: 'node' }
  | { readonly kind: 'text' }
  /** Comments and processing instructions: our tree has none. */
  | { readonly kind: 'nothing' };

export interface XPathStep {
  readonly axis: XPathAxis;
  readonly test: XPathTest;
  readonly predicates: readonly XPathExpression[];
  /** A predicate looks at positions, so nodes must be taken context by context. */
  readonly positional: boolean;
}

export type XPathOperator = 'or' | 'and' | '=' | '!=' | '<' | '<=' | '>' | '>=';

export type XPathFunction =
  | 'contains'
  | 'count'
  | 'false'
  | 'last'
  | 'local-name'
  | 'name'
  | 'namespace-uri'
  | 'normalize-space'
  | 'not'
  | 'number'
  | 'position'
  | 'starts-with'
  | 'string'
  | 'string-length'
  | 'true';

export type XPathExpression =
  | { readonly kind: 'path'; readonly absolute: boolean; readonly steps: readonly XPathStep[] }
  | { readonly kind: 'union'; readonly parts: readonly XPathExpression[] }
  | { readonly kind: 'literal'; readonly value: string | number }
  | {
      readonly kind: 'binary';
      readonly operator: XPathOperator;
      readonly left: XPathExpression;
      readonly right: XPathExpression;
    }
  | {
      readonly kind: 'call';
      readonly name: XPathFunction;
      readonly args: readonly XPathExpression[];
    };
