// The attribution rule over a JSON Web Token: the token's place, its key, and the claims that are taken.
//
// With a key, only a token whose signature is good names anybody; a key that cannot be loaded verifies
// nothing, so the rule yields nothing then. Without one, users are marked as unverified.

import type { ByteString } from '../../base/bytes.ts';
import type { DiagnosticSeverity } from '../../diagnostics/diagnostic.ts';
import type { CompiledRule, RuleAnswer } from './identity.ts';
import { type JsonPath, parseJsonPath } from './json-path.ts';
import { singleValue } from './request.ts';
import type { TokenAlgorithm, TokenKeyOptions, TokenRule } from './schema.ts';
import {
  claimFault,
  looksLikeToken,
  readToken,
  signatureFault,
  type Token,
  type TokenFault,
  type TokenKey,
  textAt,
  textsAt,
  tokenText,
} from './token.ts';

const TEXTS: Readonly<Record<TokenFault, string>> = Object.freeze({
  'malformed-token': 'token that cannot be read',
  'encrypted-token': 'encrypted token, which cannot be looked into',
  'unsigned-token': 'token without a signature',
  'wrong-algorithm': 'token signed by an algorithm that is not allowed here',
  'unknown-key': 'token signed by a key that is not known',
  'bad-signature': 'token with a bad signature',
  'expired-token': 'token that has expired',
  'token-not-yet-valid': 'token that is not valid yet',
  'wrong-issuer': 'token of another issuer',
  'wrong-audience': 'token for another audience',
});

type LoadKey = (options: TokenKeyOptions) => TokenKey | { readonly problem: string };
/** Tells of an error, after which the rule finds nobody, or of a warning. */
type Tell = (severity: DiagnosticSeverity, problem: string, field: readonly PropertyKey[]) => void;

type KeyState = 'none' | 'unavailable' | TokenKey;

export function compileTokenRule(rule: TokenRule, loadKey: LoadKey, tell: Tell): CompiledRule {
  const key = keyOf(rule, loadKey, tell);
  const claim = path(rule.claim);
  const [email, organisation, role] = [rule.email, rule.organisation, rule.role].map(
    (written) => written && path(written),
  ) as readonly (JsonPath | undefined)[];
  return (request, nowMs): RuleAnswer => {
    const value = singleValue(request, rule.in);
    if (typeof value !== 'string') return value;
    const text = tokenText(value);
    // Another scheme's credentials in the same header are not a broken token.
    if (!looksLikeToken(text)) return undefined;
    if (key === 'unavailable') {
      return { kind: 'key-unavailable', text: 'token that cannot be verified: its key is missing' };
    }
    const token = readToken(text);
    if (typeof token === 'string') return fault(token);
    const wrong = faultOf(token, key, rule, nowMs);
    if (wrong !== undefined) return fault(wrong);
    const id = textAt(token.payload, claim);
    if (id === undefined) return undefined;
    return {
      user: { id, isVerified: key !== 'none', how: 'jwt' },
      email: email === undefined ? emailLike(id) : textAt(token.payload, email),
      organisation: organisation && textAt(token.payload, organisation),
      roles: role && textsAt(token.payload, role),
    };
  };
}

function fault(kind: TokenFault): RuleAnswer {
  return { kind, text: TEXTS[kind] };
}

function faultOf(
  token: Token,
  key: TokenKey | 'none',
  rule: TokenRule,
  nowMs: number,
): TokenFault | undefined {
  if (token.algorithm.toLowerCase() === 'none') return 'unsigned-token';
  const unsound = key === 'none' ? undefined : signatureFault(token, key, rule.algorithms);
  return unsound ?? claimFault(token, rule, nowMs);
}

function keyOf({ key, algorithms }: TokenRule, loadKey: LoadKey, tell: Tell): KeyState {
  if (key === undefined) return 'none';
  const loaded = loadKey(key);
  if ('problem' in loaded) {
    tell('error', loaded.problem, ['key']);
    return 'unavailable';
  }
  const foreign = algorithms?.findIndex((name) => !loaded.algorithms.includes(name)) ?? -1;
  if (foreign >= 0) {
    const usable = loaded.algorithms.join(', ');
    const name = algorithms?.[foreign] as TokenAlgorithm;
    const problem = `cannot be used with ${name}, only with ${usable}`;
    tell('error', problem, ['algorithms', foreign]);
    return 'unavailable';
  }
  if (loaded.weakness !== undefined) tell('warning', loaded.weakness, ['key']);
  return loaded;
}

function emailLike(id: ByteString): ByteString | undefined {
  return id.includes('@') ? id : undefined;
}

/** The schema has checked it. */
function path(written: string): JsonPath {
  const parsed = parseJsonPath(written);
  return 'problem' in parsed ? [] : parsed;
}
