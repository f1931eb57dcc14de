// The attribution rules that take a user as it stands in the request: Basic authentication, headers,
// cookies and parameters. Nothing of it is verified, unless the policy says that a gateway vouches for it.

import { asciiTrim } from '../../base/ascii.ts';
import type { ByteString } from '../../base/bytes.ts';
import { type Matcher, OperatorArgumentError } from '../../model/operator.ts';
import type { CompiledRule } from './identity.ts';
import { singleValue } from './request.ts';
import type { BasicRule, ValueRule } from './schema.ts';
import { type CompiledStep, compileStep, decodeBase64 } from './steps.ts';

export function compileBasic({ email }: BasicRule): CompiledRule {
  return (request) => {
    const value = singleValue(request, { part: 'header', name: 'Authorization' });
    if (typeof value !== 'string') return value;
    // No pattern over the whole value: blanks without end would take it quadratic time.
    if (!/^basic(?:[ \t]|$)/i.test(value)) return undefined;
    const credentials = asciiTrim(value.slice('basic'.length));
    const pair = decodeBase64(credentials);
    const colon = pair?.indexOf(':') ?? -1;
    if (pair === undefined || colon < 0) {
      return { kind: 'malformed-credentials', text: 'Basic credentials that cannot be read' };
    }
    const id = pair.slice(0, colon);
    return { user: { id, isVerified: false, how: 'basic' }, email: email ? id : undefined };
  };
}

/** A step with a mistake is refused, and the rule yields nothing. */
export function compileValue(
  { from, name, steps, email, trusted }: ValueRule,
  compilePattern: (pattern: string) => Matcher,
  refuse: (step: number, error: OperatorArgumentError) => void,
): CompiledRule {
  const compiled: CompiledStep[] = [];
  for (const [at, step] of steps.entries()) {
    try {
      compiled.push(compileStep(step, compilePattern));
    } catch (error) {
      if (!(error instanceof OperatorArgumentError)) throw error;
      refuse(at, error);
      return () => undefined;
    }
  }
  return (request) => {
    const written = singleValue(request, { part: from, name });
    if (typeof written !== 'string') return written;
    let id: ByteString | undefined = written;
    for (const step of compiled) {
      id = step(id);
      if (id === undefined) return undefined;
    }
    return { user: { id, isVerified: trusted, how: from }, email: email ? id : undefined };
  };
}
