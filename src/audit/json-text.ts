// JSON out of byte strings: pure ASCII, so that neither a log's encoding nor a hostile byte can break it.

import { fromByteString } from '../base/bytes.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that are UTF-8 become the characters they mean; others stand for U+0000 to U+00FF each. */
export function jsonString(bytes: string): string {
  return JSON.stringify(characters(bytes)).replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function characters(bytes: string): string {
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  try {
    return UTF8.decode(fromByteString(bytes));
  } catch {
    return bytes;
  }
}

/** A member of an object: its name, and its value as JSON. Undefined members are left out. */
export type Member = readonly [name: string, json: string | undefined];

/** Names may repeat: headers do. */
export function jsonObject(members: readonly Member[]): string {
  const present = members.filter(([, json]) => json !== undefined);
  return `{${present.map(([name, json]) => `${jsonString(name)}:${json}`).join(',')}}`;
}

export function jsonArray(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}
