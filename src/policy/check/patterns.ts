// Patterns of a document: they compile, and they run in linear time, or the document is refused.

import { utf8ByteString } from '../../base/bytes.ts';
import { OperatorArgumentError } from '../../model/operator.ts';
import { compilePattern } from '../../regex/matcher.ts';
import type { Finding } from './reporter.ts';

/** What is wrong with the pattern; undefined when it can be used. */
export function patternProblem(pattern: string): Finding | undefined {
  const letter = splitLetter(pattern);
  if (letter !== undefined) {
    return {
      code: 'policy-pattern-bytes',
      message: `"${letter}" is more than one byte, and patterns are about bytes: in a class or in front of a repeat it would be torn apart`,
      help: `write (?:${letter}) in front of a repeat, and (?:a|${letter}) for a class`,
    };
  }
  try {
    const { obstacle } = compilePattern(utf8ByteString(pattern));
    return obstacle === undefined ? undefined : notLinear(obstacle.what);
  } catch (error) {
    if (!(error instanceof OperatorArgumentError)) throw error;
    if (error.code === 'regex-needs-pcre2') {
      return notLinear(/it has (.*?), which needs/.exec(error.message)?.[1]);
    }
    return { code: 'policy-pattern', message: error.message, help: error.help };
  }
}

/** The first letter of several bytes that stands in a class, or right in front of a repeat. */
function splitLetter(pattern: string): string | undefined {
  let inClass = false;
  const letters = [...pattern];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string;
    if (letter === '\\') at++;
    else if (inClass && letter === ']') inClass = false;
    else if (letter === '[' && !inClass) {
      inClass = true;
      // A bracket that closes right behind the opening one is a member.
      if (letters[at + 1] === '^') at++;
      if (letters[at + 1] === ']') at++;
    } else if (letter > '\x7f' && (inClass || '*+?{'.includes(letters[at + 1] ?? ' ')))
      return letter;
  }
  return undefined;
}

function notLinear(what: string | undefined): Finding {
  return {
    code: 'policy-pattern-not-linear',
    message: `the pattern cannot run in linear time${what === undefined ? '' : `: it has ${what}`}`,
    help:
      what === undefined
        ? 'write it without backreferences, lookarounds, atomic groups and huge counted repeats'
        : `write the pattern without ${what}`,
  };
}
