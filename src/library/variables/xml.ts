// The parsed XML body, read by XPath: `XML:/*` is the text of the whole document.

import type { VariableDefinition } from '../../model/variable.ts';

export const xmlVariables: readonly VariableDefinition[] = [
  {
    kind: 'document',
    name: 'XML',
    phase: 2,
    summary: 'String values of an XPath over the XML body.',
    // Without a selector ModSecurity shows that there is a document, not what is in it.
    select: (view, expression) =>
      expression === ''
        ? view.body.hasXml
          ? ['[XML document tree]']
          : []
        : view.body.xpath(expression),
  },
];
