// @validateHash. Accepted; never matches: links are not signed, because responses are never altered.

import type { OperatorDefinition } from '../../model/operator.ts';
import { neverMatches } from './no-effect.ts';

export const validateHash: OperatorDefinition = neverMatches({
  name: 'validateHash',
  summary: 'a link lacks its signature or carries a wrong one',
  argument: 'optional',
  reason: 'links are not signed, as responses are never altered',
  help: 'remove the rule; let the application sign its own links',
});
