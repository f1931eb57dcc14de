// Fills the payload of a test into its file's request template (version 3 of go-ftw's format).

import type { ByteString } from '../base/bytes.ts';
import type { FtwInput } from './test-file.ts';

const PAYLOAD = /\{\{-?\s*\.Payload\s*-?\}\}/g;
const ANY_ACTION = /\{\{/;

export interface FilledTemplate {
  readonly input: FtwInput;
  /** Set when the template asks for more of Go's template language than the payload. */
  readonly unsupported: boolean;
}

export function fillTemplate(template: FtwInput, payload: ByteString): FilledTemplate {
  let unsupported = false;
  const fill = (text: ByteString): ByteString => {
    // Looked for before filling: a payload may well hold braces of its own.
    if (ANY_ACTION.test(text.replace(PAYLOAD, ''))) unsupported = true;
    return text.replace(PAYLOAD, () => payload);
  };
  const input: FtwInput = {
    ...template,
    uri: template.uri === undefined ? undefined : fill(template.uri),
    data: template.data === undefined ? undefined : fill(template.data),
    headers: template.headers.map(([name, value]) => [name, fill(value)] as const),
  };
  return { input, unsupported };
}
