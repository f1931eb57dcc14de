// Patterns of a document: they compile, and they run in linear time, or the document is refused.

import { utf8ByteString } from '../../base/bytes.ts';
import { OperatorArgumentError } from '../../model/operator.ts';
import { compilePattern } from '../../regex/matcher.ts';
import type { Finding } from './reporter.ts';

/** What is wrong with the pattern; undefined when it can be used. */
export function patternProblem(pattern: string): Finding | undefined {
  try {
    const { obstacle } = compilePattern(utf8ByteString(pattern));
    return obstacle === undefined ? undefined : notLinear(obstacle.what);
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    if (error.code === 'regex-needs-pcre2') return notLinear(undefined);
    return { code: 'policy-pattern', message: error.message, help: error.help };
  }
}

function notLinear(what: string | undefined): Finding {
  return {
    code: 'policy-pattern-not-linear',
    message: `the pattern cannot run in linear time${what === undefined ? '' : `: it has ${what}`}`,
    help: 'write it without backreferences, lookarounds, atomic groups and huge counted repeats',
  };
}
