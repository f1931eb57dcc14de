// @gsbLookup. Accepted; never matches: the version of Google Safe Browsing it read has been shut down.

import type { OperatorDefinition } from '../../model/operator.ts';
import { neverMatches } from './no-effect.ts';

export const gsbLookup: OperatorDefinition = neverMatches({
  name: 'gsbLookup',
  summary: 'a URL in the value is on the list of Google Safe Browsing',
  argument: 'optional',
  reason: 'the list it read is no longer published',
  help: 'remove the rule, or match a list of your own with @pmFromFile',
});
