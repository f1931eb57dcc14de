// @rbl. Accepted; never matches: a DNS query per request is a wait on somebody else's server, and tells it
// who visits. Block lists are better loaded as data.

import type { OperatorDefinition } from '../../model/operator.ts';
import { neverMatches } from './no-effect.ts';

export const rbl: OperatorDefinition = neverMatches({
  name: 'rbl',
  summary: 'the address is on a DNS block list',
  argument: 'required',
  reason: 'the engine makes no DNS queries',
  help: 'load the list as a file and use @ipMatchFromFile',
});
