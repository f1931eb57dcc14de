// JSON Web Tokens (RFC 7515, RFC 7519) in compact form: read strictly, judged against a key and a clock.
//
// The algorithm in a token's header is a claim of whoever made the token. It chooses among those that the
// key can be used with and the policy allows, and nothing else: a public key is never taken for a secret,
// and `none` is not an algorithm.

import { decodeBase64Url } from '../../base/base64url.ts';
import { type ByteString, fromByteString, utf8ByteString } from '../../base/bytes.ts';
import { type JsonPath, valueAt } from './json-path.ts';
import { TOKEN_ALGORITHMS, type TokenAlgorithm } from './schema.ts';

/** Longer than any header that a server takes. */
const MAX_TOKEN_BYTES = 64 * 1024;

/** A key, or a set of keys. Holds them where nobody else reads them. */
export interface TokenKey {
  /** What it can verify. */
  readonly algorithms: readonly TokenAlgorithm[];
  /** Why others may come to know it; goes on from "the key ". */
  readonly weakness?: string | undefined;
  /**
   * Never throws. Secrets are compared in constant time. `unknown-key`: the set has no key of that id
   * that the algorithm can be used with.
   */
  readonly verify: (
    algorithm: TokenAlgorithm,
    keyId: string | undefined,
    signed: ByteString,
    signature: ByteString,
  ) => 'valid' | 'invalid' | 'unknown-key';
}

export interface Token {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The bytes that are signed, and the signature over them. */
  readonly signed: ByteString;
  readonly signature: ByteString;
}

export type TokenFault =
  | 'malformed-token'
  | 'encrypted-token'
  | 'unsigned-token'
  | 'wrong-algorithm'
  | 'unknown-key'
  | 'bad-signature'
  | 'expired-token'
  | 'token-not-yet-valid'
  | 'wrong-issuer'
  | 'wrong-audience';

/** The token inside a header's or cookie's value, with or without `Bearer` in front. */
export function tokenText(value: ByteString): ByteString {
  return value.replace(/^bearer[ \t]+/i, '').trim();
}

/** Whether the text has the shape of a token; others are credentials of some other kind. */
export function looksLikeToken(text: ByteString): boolean {
  // `eyJ` is the beginning of every encoded JSON object.
  return text.startsWith('eyJ') || /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text.slice(0, MAX_TOKEN_BYTES));
}

export function readToken(text: ByteString): Token | TokenFault {
  if (text.length > MAX_TOKEN_BYTES) return 'malformed-token';
  const parts = text.split('.');
  if (parts.length === 5) return 'encrypted-token';
  const [head, body, mark] = parts;
  if (head === undefined || body === undefined || mark === undefined || parts.length !== 3) {
    return 'malformed-token';
  }
  const header = jsonObject(decodeBase64Url(head));
  const payload = jsonObject(decodeBase64Url(body));
  const signature = decodeBase64Url(mark);
  if (header === undefined || payload === undefined || signature === undefined) {
    return 'malformed-token';
  }
  const { alg, kid, crit } = header;
  if (typeof alg !== 'string') return 'malformed-token';
  if (kid !== undefined && typeof kid !== 'string') return 'malformed-token';
  // What is marked critical has to be understood (RFC 7515 4.1.11), and no extension is.
  if (crit !== undefined) return 'malformed-token';
  return { algorithm: alg, keyId: kid, payload, signed: `${head}.${body}`, signature };
}

/** Undefined: the signature is good. */
export function signatureFault(
  token: Token,
  key: TokenKey,
  allowed: readonly TokenAlgorithm[] | undefined,
): TokenFault | undefined {
  if (token.algorithm.toLowerCase() === 'none') return 'unsigned-token';
  const algorithm = TOKEN_ALGORITHMS.find((name) => name === token.algorithm);
  if (algorithm === undefined || !key.algorithms.includes(algorithm)) return 'wrong-algorithm';
  if (allowed !== undefined && !allowed.includes(algorithm)) return 'wrong-algorithm';
  const answer = key.verify(algorithm, token.keyId, token.signed, token.signature);
  return answer === 'valid' ? undefined : answer === 'invalid' ? 'bad-signature' : answer;
}

export interface ClaimLimits {
  readonly issuer?: readonly string[] | undefined;
  readonly audience?: readonly string[] | undefined;
  readonly clockTolerance: number;
}

/** Undefined: the token is in force now, and meant for us. */
export function claimFault(
  { payload }: Token,
  { issuer, audience, clockTolerance }: ClaimLimits,
  nowMs: number,
): TokenFault | undefined {
  for (const name of ['exp', 'nbf', 'iat']) {
    const time = own(payload, name);
    if (time !== undefined && !(typeof time === 'number' && Number.isFinite(time))) {
      return 'malformed-token';
    }
  }
  const { exp, nbf } = payload as { readonly exp?: number; readonly nbf?: number };
  if (exp !== undefined && nowMs >= exp * 1000 + clockTolerance) return 'expired-token';
  if (nbf !== undefined && nowMs < nbf * 1000 - clockTolerance) return 'token-not-yet-valid';
  if (issuer !== undefined && !issuer.some((name) => name === own(payload, 'iss'))) {
    return 'wrong-issuer';
  }
  if (audience !== undefined) {
    const aud = own(payload, 'aud');
    const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
    if (!named.some((name) => audience.some((wanted) => wanted === name))) return 'wrong-audience';
  }
  return undefined;
}

function own(payload: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined;
}

/** A parsed document whose strings are Unicode; undefined when the bytes are no JSON. */
export function parseJsonDocument(bytes: ByteString): { readonly value: unknown } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(fromByteString(bytes));
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function jsonObject(bytes: ByteString | undefined): Record<string, unknown> | undefined {
  const value = bytes === undefined ? undefined : parseJsonDocument(bytes)?.value;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The text or number at the path, as bytes. Numbers that are not exact name nobody for sure. */
export function textAt(document: unknown, path: JsonPath): ByteString | undefined {
  const value = valueAt(document, path);
  if (typeof value === 'string') return utf8ByteString(value);
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** One text, or a list of them. */
export function textsAt(document: unknown, path: JsonPath): readonly ByteString[] {
  const value = valueAt(document, path);
  if (!Array.isArray(value)) return [textAt(document, path) ?? []].flat();
  return value.flatMap((item: unknown) => (typeof item === 'string' ? [utf8ByteString(item)] : []));
}
