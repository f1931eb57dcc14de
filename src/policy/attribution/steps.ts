// What is done to a value before it is a user: the steps of an attribution rule, compiled once.

import { asciiLower, asciiTrim } from '../../base/ascii.ts';
import { decodeBase64Anywhere } from '../../base/base64.ts';
import { decodeBase64Url } from '../../base/base64url.ts';
import type { ByteString } from '../../base/bytes.ts';
import { hexByteAt } from '../../base/hex.ts';
import { type Matcher, MatchLimitError } from '../../model/operator.ts';
import { parseJsonPath } from './json-path.ts';
import type { Step } from './schema.ts';
import { parseJsonDocument, textAt } from './token.ts';

/** Undefined when the step finds nothing. Never throws, whatever the bytes. */
export type CompiledStep = (value: ByteString) => ByteString | undefined;

/** Throws `OperatorArgumentError` for a wrong pattern. */
export function compileStep(
  step: Step,
  compilePattern: (pattern: string) => Matcher,
): CompiledStep {
  switch (step.kind) {
    case 'regex':
      return regexStep(compilePattern(step.pattern));
    case 'jsonpath': {
      const path = parseJsonPath(step.path);
      if ('problem' in path) return () => undefined;
      return (value) => {
        const document = parseJsonDocument(value);
        return document && textAt(document.value, path);
      };
    }
    case 'base64':
      return decodeBase64;
    case 'percentDecode':
      return percentDecode;
    case 'lowercase':
      return asciiLower;
    case 'trim':
      return asciiTrim;
  }
}

function regexStep(matcher: Matcher): CompiledStep {
  return (value) => {
    try {
      const match = matcher.exec(value);
      if (match === null) return undefined;
      return matcher.groupCount === 0
        ? match.groups[0]
        : match.groups.slice(1).find((group) => group !== undefined);
    } catch (error) {
      if (error instanceof MatchLimitError) return undefined;
      throw error;
    }
  };
}

/** Both alphabets, padded or not. Anything else is no Base64: half a user would be somebody else. */
export function decodeBase64(value: ByteString): ByteString | undefined {
  const text = value.replace(/={1,2}$/, '');
  return /^[A-Za-z0-9+/]*$/.test(text) && text.length % 4 !== 1
    ? decodeBase64Anywhere(text)
    : decodeBase64Url(text);
}

function percentDecode(value: ByteString): ByteString {
  return value.replace(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode(hexByteAt(code, 1)));
}
