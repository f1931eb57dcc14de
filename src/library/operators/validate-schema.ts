// @validateSchema. The XML body does not follow the XML schema in the file.

import type { OperatorDefinition } from '../../model/operator.ts';
import { invalidXml } from './xml-grammar.ts';

export const validateSchema: OperatorDefinition = invalidXml({
  name: 'validateSchema',
  summary: 'the XML body does not follow an XML schema',
  kind: 'schema',
  label: 'schema',
});
