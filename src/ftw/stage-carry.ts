// What one stage of a test hands to the next: cookies it was given and where it was sent.

import type { ByteString } from '../base/bytes.ts';
import type { Header } from '../model/exchange.ts';
import { withHeader } from './apply-overrides.ts';
import type { StageResponse } from './observation.ts';
import { valuesOf } from './request.ts';
import type { FtwInput } from './test-file.ts';

export interface Carried {
  readonly cookies: ReadonlyMap<ByteString, ByteString>;
  /** The Location of the last response, when it was a redirect. */
  readonly location: ByteString | undefined;
}

export const NOTHING_CARRIED: Carried = Object.freeze({
  cookies: new Map<ByteString, ByteString>(),
  location: undefined,
});

const REDIRECTS: ReadonlySet<number> = new Set([300, 301, 302, 303, 307, 308]);

export function carryFrom(
  input: FtwInput,
  response: StageResponse | undefined,
  before: Carried,
): Carried {
  const cookies = new Map(before.cookies);
  if (input.saveCookie) {
    for (const cookie of valuesOf(response?.headers ?? [], 'set-cookie')) {
      const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name.trim(), value.trim());
    }
  }
  const isRedirect = response !== undefined && REDIRECTS.has(response.status);
  return { cookies, location: isRedirect ? valuesOf(response.headers, 'location')[0] : undefined };
}

export function carryInto(input: FtwInput, carried: Carried): FtwInput {
  let { uri, headers, method } = input;
  if (input.followRedirect && carried.location !== undefined) {
    const [, host, target] = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/.exec(
      carried.location,
    ) ?? [undefined, undefined, carried.location.replace(/#.*$/s, '')];
    uri = target === '' ? '/' : target;
    method = 'GET';
    if (host !== undefined) headers = withHeader(headers, ['Host', host]);
  }
  if (carried.cookies.size > 0) headers = withHeader(headers, cookieHeader(headers, carried));
  return { ...input, uri, headers, method };
}

/** A test's own cookies come first and win over saved ones of the same name. */
function cookieHeader(headers: readonly Header[], carried: Carried): Header {
  const own = valuesOf(headers, 'cookie')[0];
  const ownNames = new Set((own ?? '').split(';').map((pair) => pair.split('=')[0]?.trim()));
  const saved = [...carried.cookies].filter(([name]) => !ownNames.has(name));
  const pairs = saved.map(([name, value]) => `${name}=${value}`);
  return ['Cookie', (own === undefined ? pairs : [own, ...pairs]).join('; ')];
}
