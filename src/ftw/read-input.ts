// Reads `input` of a stage: the request to send. Texts become UTF-8 byte strings here.

import { isSeq, type Node } from 'yaml';
import { type ByteString, toByteString, utf8ByteString } from '../base/bytes.ts';
import type { Header } from '../model/exchange.ts';
import { DEFAULT_INPUT, type FtwInput, type ReflectionSpec } from './test-file.ts';
import {
  addProblem,
  entriesOf,
  type FieldReader,
  follow,
  readBoolean,
  readInteger,
  readList,
  readMapping,
  readText,
  type YamlReading,
} from './yaml-reading.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads a request; fields that are not given keep the value of `base` (a file's template).
 *
 * `uris` asks for one request each, so the answer is a list. `extra` knows further fields.
 */
export function readInputs(
  reading: YamlReading,
  node: Node | undefined,
  base: FtwInput = DEFAULT_INPUT,
  extra: Readonly<Record<string, FieldReader>> = {},
): readonly FtwInput[] {
  const input: Mutable<FtwInput> = { ...base };
  let uris: readonly ByteString[] = [];
  let listed: readonly Header[] = [];
  let autocomplete: boolean | undefined;

  const bytes = (name: string, set: (value: ByteString) => void): FieldReader => {
    return (value) => {
      const text = readText(reading, value, name);
      if (text !== undefined) set(utf8ByteString(text));
    };
  };
  readMapping(reading, node, 'input', {
    ...extra,
    dest_addr: (value) => {
      input.address = readText(reading, value, 'dest_addr');
    },
    port: (value) => {
      input.port = readInteger(reading, value, 'port');
    },
    protocol: (value) => {
      input.protocol = readText(reading, value, 'protocol');
    },
    method: bytes('method', (text) => {
      input.method = text;
    }),
    uri: bytes('uri', (text) => {
      input.uri = text;
    }),
    uris: (value) => {
      uris = readList(reading, value, 'uris', (element) => {
        const text = readText(reading, element, 'uris');
        return text === undefined ? undefined : utf8ByteString(text);
      });
    },
    version: bytes('version', (text) => {
      input.version = text;
    }),
    headers: (value) => {
      input.headers = readHeaders(reading, value);
    },
    ordered_headers: (value) => {
      listed = readHeaders(reading, value);
    },
    data: bytes('data', (text) => {
      input.data = text;
    }),
    encoded_data: (value) => {
      input.data = readBase64(reading, value, 'encoded_data');
    },
    encoded_request: (value) => {
      input.encodedRequest = readBase64(reading, value, 'encoded_request');
    },
    // What go-ftw called it first; the meaning is the same.
    raw_request: (value) => {
      input.encodedRequest = readBase64(reading, value, 'raw_request');
    },
    autocomplete_headers: (value) => {
      autocomplete = readBoolean(reading, value, 'autocomplete_headers');
    },
    stop_magic: (value) => {
      const stop = readBoolean(reading, value, 'stop_magic');
      if (stop !== undefined) autocomplete ??= !stop;
    },
    save_cookie: (value) => {
      input.saveCookie = readBoolean(reading, value, 'save_cookie') ?? false;
    },
    follow_redirect: (value) => {
      input.followRedirect = readBoolean(reading, value, 'follow_redirect') ?? false;
    },
    virtual_host_mode: (value) => {
      input.virtualHostMode = readBoolean(reading, value, 'virtual_host_mode') ?? false;
    },
    response: (value) => {
      input.response = readResponse(reading, value);
    },
  });
  if (autocomplete !== undefined) input.autocompleteHeaders = autocomplete;
  if (listed.length > 0) input.headers = listed;
  if (input.encodedRequest !== undefined && input.data !== undefined) {
    addProblem(reading, node, '"data" and "encoded_request" exclude each other', true);
  }
  return uris.length === 0 ? [input] : uris.map((uri) => ({ ...input, uri }));
}

/** A mapping in source order, or a list of `{name, value}`, which may repeat names. */
export function readHeaders(reading: YamlReading, node: Node | undefined): readonly Header[] {
  if (isSeq(follow(reading, node))) {
    return readList(reading, node, 'headers', (element) => {
      let name: string | undefined;
      let value: string | undefined = '';
      readMapping(reading, element, 'a header', {
        name: (text) => {
          name = readText(reading, text, 'name');
        },
        value: (text) => {
          value = readText(reading, text, 'value');
        },
      });
      if (name === undefined) addProblem(reading, element, 'a header has no name', true);
      if (name === undefined || value === undefined) return undefined;
      return [utf8ByteString(name), utf8ByteString(value)] as const;
    });
  }
  const headers: Header[] = [];
  for (const [name, valueNode] of entriesOf(reading, node, 'headers')) {
    const value = readText(reading, valueNode, `header ${name}`);
    if (value !== undefined) headers.push([utf8ByteString(name), utf8ByteString(value)]);
  }
  return headers;
}

function readResponse(reading: YamlReading, node: Node | undefined): ReflectionSpec {
  let status: number | undefined;
  let headers: readonly Header[] = [];
  let body: ByteString | undefined;
  let encoded: ByteString | undefined;
  readMapping(reading, node, 'response', {
    status: (value) => {
      status = readInteger(reading, value, 'status');
    },
    headers: (value) => {
      headers = readHeaders(reading, value);
    },
    body: (value) => {
      const text = readText(reading, value, 'body');
      if (text !== undefined) body = utf8ByteString(text);
    },
    encoded_body: (value) => {
      encoded = readBase64(reading, value, 'encoded_body');
    },
    log_message: () => {},
  });
  return { status, headers, body: body || (encoded ?? '') };
}

function readBase64(
  reading: YamlReading,
  node: Node | undefined,
  name: string,
): ByteString | undefined {
  const text = readText(reading, node, name);
  if (text === undefined || text === '') return undefined;
  const bytes = decodeBase64(text);
  if (bytes === undefined) addProblem(reading, node, `${name} is not base64`, true);
  return bytes;
}

/** Standard alphabet with padding; line ends inside are skipped, anything else is refused, as in Go. */
export function decodeBase64(text: string): ByteString | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return toByteString(Buffer.from(compact, 'base64'));
}
