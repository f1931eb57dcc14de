// @validateDTD. The XML body does not follow the DTD in the file.

import type { OperatorDefinition } from '../../model/operator.ts';
import { invalidXml } from './xml-grammar.ts';

export const validateDTD: OperatorDefinition = invalidXml({
  name: 'validateDTD',
  summary: 'the XML body does not follow a DTD',
  kind: 'dtd',
  label: 'DTD',
});
