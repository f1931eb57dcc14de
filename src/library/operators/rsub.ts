// @rsub. Accepted; never matches: bodies are inspected, not rewritten.

import type { OperatorDefinition } from '../../model/operator.ts';
import { neverMatches } from './no-effect.ts';

export const rsub: OperatorDefinition = neverMatches({
  name: 'rsub',
  summary: 'replaces text in STREAM_INPUT_BODY or STREAM_OUTPUT_BODY',
  argument: 'required',
  reason: 'bodies are never rewritten',
  help: 'deny what must not pass, and rewrite in the proxy',
});
