// Reads ModSecurity's test files. JSON.parse would do, but two headers of one name are two members of one
// object there, and tests count on both.
//
// Texts come out as byte strings: the UTF-8 bytes of what the file says.

import { utf8ByteString } from '../../src/base/bytes.ts';

export type JsonMembers = readonly (readonly [name: string, value: JsonValue])[];
export type JsonValue =
  | { readonly kind: 'object'; readonly members: JsonMembers }
  | { readonly kind: 'array'; readonly items: readonly JsonValue[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

const STRING = /"(?:[^"\\]|\\.)*"/sy;
const OTHER = /[^\s,\]}]+/y;

export function readJsonMembers(source: string): JsonValue {
  let at = 0;

  const skipSpace = (): void => {
    while (/\s/.test(source[at] ?? '')) at++;
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) throw new SyntaxError(`no value at offset ${at}`);
    at += text.length;
    return text;
  };
  const readText = (): string => {
    // Line ends and tabs stand unescaped in some of the files.
    const written = take(STRING).replace(/[\n\r\t]/g, (char) => JSON.stringify(char).slice(1, -1));
    return utf8ByteString(JSON.parse(written) as string);
  };
  const readList = (close: string, readItem: () => void): void => {
    at++;
    for (skipSpace(); source[at] !== close; skipSpace()) {
      readItem();
      skipSpace();
      if (source[at] === ',') at++;
    }
    at++;
  };
  const readValue = (): JsonValue => {
    skipSpace();
    if (source[at] === '"') return { kind: 'text', text: readText() };
    if (source[at] === '[') {
      const items: JsonValue[] = [];
      readList(']', () => items.push(readValue()));
      return { kind: 'array', items };
    }
    if (source[at] !== '{') return { kind: 'other', text: take(OTHER) };
    const members: [string, JsonValue][] = [];
    readList('}', () => {
      const name = readText();
      skipSpace();
      at++;
      members.push([name, readValue()]);
    });
    return { kind: 'object', members };
  };
  return readValue();
}
