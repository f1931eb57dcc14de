// Email addresses as identities: the plain form that logins have, and its domain.
//
// No display names, comments or quoted parts: a user name that has them is no address.

import { asciiLower } from '../../base/ascii.ts';
import { fromByteString } from '../../base/bytes.ts';
import { firstIllFormedUtf8 } from '../../base/utf8.ts';

export interface Email {
  /** In lower case throughout, as lists have it. A byte string. */
  readonly address: string;
  /** In lower case, in Punycode where it is not ASCII, without a dot behind it. */
  readonly domain: string;
}

const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const LOCAL = /^[^\x00-\x20\x7f"(),:;<>@[\\\]]+$/;
const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/;

/** Undefined when the byte string is no address. */
export function parseEmail(text: string): Email | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > MAX_LOCAL || text.length - at - 1 > MAX_DOMAIN + 1) return undefined;
  const local = text.slice(0, at);
  if (!LOCAL.test(local) || firstIllFormedUtf8(local) >= 0) return undefined;
  const domain = domainName(text.slice(at + 1));
  return domain === undefined ? undefined : { address: `${asciiLower(local)}@${domain}`, domain };
}

/** A domain as `Email` has it; undefined when the byte string is none. */
export function domainName(text: string): string | undefined {
  const written = asciiLower(text.endsWith('.') ? text.slice(0, -1) : text);
  const ascii = /[\x80-\xff]/.test(written) ? punycode(written) : written;
  return ascii !== undefined && DOMAIN.test(ascii) ? ascii : undefined;
}

/** As browsers do it (UTS 46). Undefined for what is no host name. */
function punycode(domain: string): string | undefined {
  if (firstIllFormedUtf8(domain) >= 0 || /[\x00-\x20#%/:<>?@[\\\]^|]/.test(domain))
    return undefined;
  const url = `http://${new TextDecoder().decode(fromByteString(domain))}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
