// The parsed XML body, read by XPath: `XML:/*` is the text of the whole document.

import type { VariableDefinition } from '../../model/variable.ts';
import { collection } from './define.ts';

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
  collection(
    'XML_DTD',
    2,
    'What the DTD of the XML body declares, by kind: root, subset, entity, parameter, external (ours).',
    (view) => view.body.dtd,
  ),
];
