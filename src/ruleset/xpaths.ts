// Compiles the XPath expressions of all XML targets, with the namespaces their rules declare.

import { compileXPath, type XPath } from '../http/xpath.ts';
import type { CheckContext } from './context.ts';
import type { Rule } from './ruleset.ts';

export function compileXPaths(
  rules: readonly Rule[],
  context: CheckContext,
): ReadonlyMap<string, XPath> {
  const compiled = new Map<string, XPath>();
  for (const { targets, xmlns, span } of rules.flatMap((rule) => rule.links)) {
    for (const { selector } of targets) {
      if (selector?.kind !== 'xpath' || selector.expression === '') continue;
      if (compiled.has(selector.key)) continue;
      const xpath = compileXPath(selector.expression, xmlns);
      if (xpath.kind === 'xpath-error') {
        context.report.error({
          code: 'bad-xpath',
          message: `"${selector.expression}" is not an XPath that can be evaluated: ${xpath.message}`,
          span,
          help: 'use XML:/* for all text and XML://@* for all attribute values',
        });
      } else compiled.set(selector.key, xpath);
    }
  }
  return compiled;
}
