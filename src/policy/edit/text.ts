// Document texts are byte strings; editing needs their characters.

import { fromByteString, utf8ByteString } from '../../base/bytes.ts';

/** Undefined for what is no UTF-8. A byte order mark stays. */
export function decodeText(text: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromByteString(text));
  } catch {
    return undefined;
  }
}

export function encodeText(text: string): string {
  return utf8ByteString(text);
}
