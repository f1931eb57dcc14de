// Patterns of a document: they compile, and they run in linear time, or the document is refused.

import { utf8ByteString } from '../../base/bytes.ts';
import { OperatorArgumentError } from '../../model/operator.ts';
import { compilePattern } from '../../regex/matcher.ts';
import type { Finding } from './reporter.ts';

/** What is wrong with the pattern; undefined when it can be used. */
export function patternProblem(pattern: string): Finding | undefined {
  try {
    compilePattern(utf8ByteString(pattern));
    return undefined;
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    const isIrregular = error.code === 'regex-needs-pcre2';
    return {
      code: isIrregular ? 'policy-pattern-not-linear' : 'policy-pattern',
      message: isIrregular
        ? `the pattern cannot run in linear time: ${error.message.replace(/^Regular expression: /, '')}`
        : error.message,
      help: error.help ?? 'write it in PCRE syntax without backreferences and lookarounds',
    };
  }
}
