// Keys of JSON Web Tokens: from secrets, PEM files and key sets to verifiers.
//
// The kind of a key decides what it verifies: a secret HMACs, an RSA key RSA signatures, a key on a curve
// the one algorithm of that curve. So no token can have a public key taken for a secret.

import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { TokenAlgorithm, TokenKeyOptions } from '../policy/attribution/schema.ts';
import type { TokenKey } from '../policy/attribution/token.ts';

interface Problem {
  readonly problem: string;
}

interface SetMember {
  readonly id: string | undefined;
  readonly object: KeyObject;
  readonly algorithms: readonly TokenAlgorithm[];
  readonly weakness: string | undefined;
}

const HMAC: readonly TokenAlgorithm[] = ['HS256', 'HS384', 'HS512'];
const RSA: readonly TokenAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const RSA_PSS: readonly TokenAlgorithm[] = ['PS256', 'PS384', 'PS512'];
const CURVES: Readonly<Record<string, TokenAlgorithm>> = Object.freeze({
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
});

/** RFC 7518 3.2 and 3.3 ask for so much. Shorter ones are in use and still better than no key. */
const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 2048;
const MAX_SET_KEYS = 100;

type Read = (path: string) => string | undefined;

/** What is wrong goes on from "the key ". */
export function loadTokenKey(
  options: TokenKeyOptions,
  readFile: Read,
  environment: Readonly<Record<string, string | undefined>>,
): TokenKey | Problem {
  if ('secretEnv' in options) {
    const secret = environment[options.secretEnv];
    if (secret === undefined) {
      return { problem: `is missing: the environment has no variable "${options.secretEnv}"` };
    }
    return secretKey(Buffer.from(secret, 'utf8'));
  }
  const path =
    'secretFile' in options
      ? options.secretFile
      : 'publicKeyFile' in options
        ? options.publicKeyFile
        : options.jwksFile;
  const text = readFile(path);
  if (text === undefined) {
    return { problem: `is missing: the file "${path}" does not exist or cannot be read` };
  }
  if ('secretFile' in options) return secretKey(Buffer.from(text.replace(/\r?\n$/, ''), 'latin1'));
  return 'publicKeyFile' in options ? publicKey(text, path) : keySet(text, path);
}

function secretKey(secret: Buffer): TokenKey | Problem {
  if (secret.length === 0) return { problem: 'is empty' };
  const object = createSecretKey(secret);
  return keyOf([
    { id: undefined, object, algorithms: HMAC, weakness: secretWeakness(secret.length) },
  ]);
}

function secretWeakness(length: number): string | undefined {
  if (length >= MIN_SECRET_BYTES) return undefined;
  return `is short: a secret of ${length} bytes can be guessed from any token; use ${MIN_SECRET_BYTES} or more`;
}

function publicKey(text: string, path: string): TokenKey | Problem {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    return { problem: `is private: "${path}" has to hold the public key, which verifies only` };
  }
  let object: KeyObject;
  try {
    object = createPublicKey(Buffer.from(text, 'latin1'));
  } catch {
    return { problem: `cannot be read: "${path}" is no public key or certificate in PEM form` };
  }
  const algorithms = algorithmsOf(object);
  return 'problem' in algorithms
    ? { problem: `${algorithms.problem} (in "${path}")` }
    : keyOf([{ id: undefined, object, algorithms, weakness: rsaWeakness(object) }]);
}

function rsaWeakness({ asymmetricKeyDetails }: KeyObject): string | undefined {
  const bits = asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  if (bits >= MIN_RSA_BITS) return undefined;
  return `is short: RSA with ${bits} bits can be broken; use ${MIN_RSA_BITS} or more`;
}

function algorithmsOf(key: KeyObject): readonly TokenAlgorithm[] | Problem {
  const { namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return RSA;
    case 'rsa-pss':
      return RSA_PSS;
    case 'ec': {
      const algorithm = CURVES[namedCurve];
      return algorithm === undefined
        ? { problem: `is on the curve ${namedCurve}, expected P-256, P-384 or P-521` }
        : [algorithm];
    }
    case 'ed25519':
    case 'ed448':
      return ['EdDSA'];
    default:
      return { problem: `is of kind ${key.asymmetricKeyType ?? 'unknown'}, which signs no tokens` };
  }
}

/** Keys that are not for verifying, or of a kind that is not known, are left out (RFC 7517 5). */
function keySet(text: string, path: string): TokenKey | Problem {
  let keys: unknown;
  try {
    keys = (JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as { keys?: unknown }).keys;
  } catch {
    keys = undefined;
  }
  if (!Array.isArray(keys)) {
    return { problem: `cannot be read: "${path}" is no JSON Web Key Set, {"keys": [...]}` };
  }
  if (keys.length > MAX_SET_KEYS) {
    return { problem: `set "${path}" has ${keys.length} keys, expected ${MAX_SET_KEYS} or fewer` };
  }
  const members = keys.flatMap((key: unknown) => setMember(key) ?? []);
  if (members.length === 0) {
    return { problem: `is missing: the set "${path}" has none that could verify a signature` };
  }
  return keyOf(members);
}

function setMember(key: unknown): SetMember | undefined {
  if (typeof key !== 'object' || key === null) return undefined;
  const { kty, use, key_ops, kid, alg, k } = key as Readonly<Record<string, unknown>>;
  if (use !== undefined && use !== 'sig') return undefined;
  if (Array.isArray(key_ops) && !key_ops.includes('verify')) return undefined;
  let object: KeyObject;
  let algorithms: readonly TokenAlgorithm[] | Problem;
  let weakness: string | undefined;
  try {
    if (kty === 'oct') {
      const secret = Buffer.from(typeof k === 'string' ? k : '', 'base64url');
      if (secret.length === 0) return undefined;
      object = createSecretKey(secret);
      algorithms = HMAC;
      weakness = secretWeakness(secret.length);
    } else {
      object = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
      algorithms = algorithmsOf(object);
      weakness = rsaWeakness(object);
    }
  } catch {
    return undefined;
  }
  if ('problem' in algorithms) return undefined;
  const usable = alg === undefined ? algorithms : algorithms.filter((name) => name === alg);
  if (usable.length === 0) return undefined;
  return { id: typeof kid === 'string' ? kid : undefined, object, algorithms: usable, weakness };
}

function keyOf(members: readonly SetMember[]): TokenKey {
  const isSet = members.some(({ id }) => id !== undefined);
  return {
    algorithms: [...new Set(members.flatMap(({ algorithms }) => algorithms))],
    weakness: members.find(({ weakness }) => weakness !== undefined)?.weakness,
    verify: (algorithm, keyId, signed, signature) => {
      const candidates = members.filter(
        ({ id, algorithms }) =>
          algorithms.includes(algorithm) &&
          // A key without an id, and a token without one, fit anything.
          (!isSet || keyId === undefined || id === undefined || id === keyId),
      );
      if (candidates.length === 0) return 'unknown-key';
      const [data, mark] = [Buffer.from(signed, 'latin1'), Buffer.from(signature, 'latin1')];
      return candidates.some(({ object }) => verifies(algorithm, object, data, mark))
        ? 'valid'
        : 'invalid';
    },
  };
}

function verifies(algorithm: TokenAlgorithm, key: KeyObject, data: Buffer, mark: Buffer): boolean {
  const digest = `sha${algorithm.slice(2)}`;
  try {
    switch (algorithm.slice(0, 2)) {
      case 'HS': {
        const expected = createHmac(digest, key).update(data).digest();
        return mark.length === expected.length && timingSafeEqual(mark, expected);
      }
      case 'RS':
        return verify(digest, data, key, mark);
      case 'PS':
        return verify(
          digest,
          data,
          {
            key,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
          },
          mark,
        );
      case 'ES':
        return verify(digest, data, { key, dsaEncoding: 'ieee-p1363' }, mark);
      default:
        return verify(null, data, key, mark);
    }
  } catch {
    // What OpenSSL cannot even read is no signature.
    return false;
  }
}
