// Tokens that are made here and now, and what attackers make of them.

import {
  constants,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AttributionEvidenceKind } from '../../../src/policy/attribution/identity.ts';
import { attribution, request } from '../../support/policy-request.ts';

const NOW = 1_700_000_000_000;
const SECRET = 'a secret of at least 32 bytes, as RFC 7518 wants';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const smallRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed25519 = generateKeyPairSync('ed25519');

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const jwk = (key: KeyObject, extra: object): object => ({
  ...key.export({ format: 'jwk' }),
  ...extra,
});

const FILES = {
  'rsa.pem': pem(rsa.publicKey),
  'p256.pem': pem(p256.publicKey),
  'p384.pem': pem(p384.publicKey),
  'p521.pem': pem(p521.publicKey),
  'ed.pem': pem(ed25519.publicKey),
  'private.pem': rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'small.pem': pem(smallRsa.publicKey),
  'k256.pem': pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
  'junk.pem': 'no key',
  secret: `${SECRET}\n`,
  'short-secret': 'changeme',
  empty: '\n',
  'jwks.json': JSON.stringify({
    keys: [
      jwk(rsa.publicKey, { kid: 'r1', use: 'sig', alg: 'RS256' }),
      jwk(p256.publicKey, { kid: 'e1' }),
      jwk(otherRsa.publicKey, { kid: 'enc', use: 'enc' }),
      { kty: 'new-kind', kid: 'n' },
      null,
    ],
  }),
  'weak-jwks.json': JSON.stringify({
    keys: [{ kty: 'oct', k: Buffer.from('short').toString('base64url') }],
  }),
  'empty-jwks.json': '{"keys": []}',
  'no-jwks.json': '[]',
};

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

interface TokenParts {
  readonly header?: object;
  readonly payload?: unknown;
  readonly alg?: string;
}

const CLAIMS = { sub: 'alice', exp: NOW / 1000 + 60 };

function token(key: KeyObject | string, parts: TokenParts = {}): string {
  const { alg = 'HS256', payload = CLAIMS } = parts;
  const signed = `${part({ alg, typ: 'JWT', ...parts.header })}.${part(payload)}`;
  return `${signed}.${signature(key, alg, signed).toString('base64url')}`;
}

function signature(key: KeyObject | string, alg: string, signed: string): Buffer {
  const digest = `sha${alg.slice(2)}`;
  const data = Buffer.from(signed);
  const secret = typeof key === 'string' ? createSecretKey(Buffer.from(key)) : key;
  switch (alg.slice(0, 2)) {
    case 'HS':
      return createHmac(digest, secret).update(data).digest();
    case 'PS':
      return sign(digest, data, {
        key: secret,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES':
      return sign(digest, data, { key: secret, dsaEncoding: 'ieee-p1363' });
    case 'Ed':
      return sign(null, data, secret);
    default:
      return sign(digest, data, secret);
  }
}

function identify(rule: object, value: string) {
  const { identifier, diagnostics } = attribution([{ from: 'jwt', ...rule }], FILES, { SECRET });
  const { user, evidence, ...rest } = identifier.identify(
    request({ headers: [['Authorization', value]] }),
    NOW,
  );
  return { user, kinds: evidence.map(({ kind }) => kind), diagnostics, ...rest };
}

const hmac = { key: { secretEnv: 'SECRET' } };
const publicRsa = { key: { publicKeyFile: 'rsa.pem' } };
const set = { key: { jwksFile: 'jwks.json' } };

describe('a token with a good signature', () => {
  it.each([
    ['HS256', hmac, SECRET],
    ['HS384', hmac, SECRET],
    ['HS512', { key: { secretFile: 'secret' } }, SECRET],
    ['RS256', publicRsa, rsa.privateKey],
    ['RS384', publicRsa, rsa.privateKey],
    ['RS512', publicRsa, rsa.privateKey],
    ['PS256', publicRsa, rsa.privateKey],
    ['PS512', publicRsa, rsa.privateKey],
    ['ES256', { key: { publicKeyFile: 'p256.pem' } }, p256.privateKey],
    ['ES384', { key: { publicKeyFile: 'p384.pem' } }, p384.privateKey],
    ['ES512', { key: { publicKeyFile: 'p521.pem' } }, p521.privateKey],
    ['EdDSA', { key: { publicKeyFile: 'ed.pem' } }, ed25519.privateKey],
    ['RS256', set, rsa.privateKey],
    ['ES256', set, p256.privateKey],
  ] as const)('names a verified user: %s with %j', (alg, rule, key) => {
    const { user, kinds, diagnostics } = identify(rule, `Bearer ${token(key, { alg })}`);
    expect(diagnostics).toEqual([]);
    expect(kinds).toEqual([]);
    expect(user).toMatchObject({ value: { id: 'alice', isVerified: true, how: 'jwt' } });
  });

  it('is found by the id of its key in a set', () => {
    const good = token(rsa.privateKey, { alg: 'RS256', header: { kid: 'r1' } });
    expect(identify(set, good).user.known).toBe(true);
    const other = token(rsa.privateKey, { alg: 'RS256', header: { kid: 'r2' } });
    expect(identify(set, other).kinds).toEqual(['unknown-key']);
  });

  it('gives its other claims', () => {
    const payload = {
      ...CLAIMS,
      mail: 'Alice@Example.com',
      org: { name: 'Caf\u00e9' },
      groups: ['admin', 7, 'staff'],
    };
    const rule = { ...hmac, email: 'mail', organisation: '$.org.name', role: 'groups' };
    expect(identify(rule, token(SECRET, { payload }))).toMatchObject({
      email: { value: { address: 'alice@example.com', domain: 'example.com' } },
      organisation: { value: 'Caf\xc3\xa9' },
      roles: { value: ['admin', 'staff'] },
    });
  });

  it('names nobody when the claim is missing or no name', () => {
    for (const sub of [undefined, null, true, {}, [], '', ' ', 1.5, 2 ** 60]) {
      const { user } = identify(hmac, token(SECRET, { payload: { ...CLAIMS, sub } }));
      expect(user.known).toBe(false);
    }
    const { user } = identify(hmac, token(SECRET, { payload: { ...CLAIMS, sub: 42 } }));
    expect(user).toMatchObject({ value: { id: '42' } });
  });
});

describe('an attack on tokens', () => {
  const good = token(SECRET);
  const [head = '', body = '', mark = ''] = good.split('.');
  const asSecret = token(FILES['rsa.pem'], { alg: 'HS256' });
  const forged = part({ ...CLAIMS, sub: 'admin' });
  const es = token(p256.privateKey, { alg: 'ES256' });

  const cases: readonly (readonly [string, object, string, AttributionEvidenceKind])[] = [
    ['another payload', hmac, `${head}.${forged}.${mark}`, 'bad-signature'],
    ['another secret', hmac, token(`${SECRET}!`), 'bad-signature'],
    ['no signature', hmac, `${head}.${body}.`, 'bad-signature'],
    ['a cut signature', hmac, `${head}.${body}.${mark.slice(0, 40)}`, 'bad-signature'],
    ['alg none', hmac, `${part({ alg: 'none' })}.${forged}.`, 'unsigned-token'],
    ['alg nOnE', publicRsa, `${part({ alg: 'nOnE' })}.${forged}.`, 'unsigned-token'],
    [
      'alg none with a signature',
      hmac,
      `${part({ alg: 'none' })}.${forged}.${mark}`,
      'unsigned-token',
    ],
    ['alg none without a key', {}, `${part({ alg: 'none' })}.${forged}.`, 'unsigned-token'],
    ['a public key as secret', publicRsa, asSecret, 'wrong-algorithm'],
    ['a public key of a set as secret', set, asSecret, 'wrong-algorithm'],
    [
      'an algorithm that is not allowed',
      { ...hmac, algorithms: ['HS512'] },
      good,
      'wrong-algorithm',
    ],
    [
      'an algorithm in another case',
      hmac,
      token(SECRET, { header: { alg: 'hs256' } }),
      'wrong-algorithm',
    ],
    [
      'an algorithm of another curve',
      set,
      token(p384.privateKey, { alg: 'ES384' }),
      'wrong-algorithm',
    ],
    [
      'an algorithm that is no name',
      hmac,
      `${part({ alg: ['HS256'] })}.${body}.${mark}`,
      'malformed-token',
    ],
    [
      'a key for encryption',
      set,
      token(otherRsa.privateKey, { alg: 'RS256', header: { kid: 'enc' } }),
      'unknown-key',
    ],
    [
      'its own key in the header',
      publicRsa,
      token(otherRsa.privateKey, { alg: 'RS256', header: { jwk: jwk(otherRsa.publicKey, {}) } }),
      'bad-signature',
    ],
    [
      'a key id that is a path',
      publicRsa,
      token(otherRsa.privateKey, { alg: 'RS256', header: { kid: '../../dev/null' } }),
      'bad-signature',
    ],
    [
      'all zeros as ECDSA signature',
      { key: { publicKeyFile: 'p256.pem' } },
      `${es.split('.').slice(0, 2).join('.')}.${Buffer.alloc(64).toString('base64url')}`,
      'bad-signature',
    ],
    [
      'an ECDSA signature in DER',
      { key: { publicKeyFile: 'p256.pem' } },
      `${es.split('.').slice(0, 2).join('.')}.${sign('sha256', Buffer.from(es.split('.').slice(0, 2).join('.')), p256.privateKey).toString('base64url')}`,
      'bad-signature',
    ],
    [
      'an extension that must be understood',
      hmac,
      token(SECRET, { header: { crit: ['b64'], b64: false } }),
      'malformed-token',
    ],
    ['encryption', hmac, `${head}.${body}.a.b.c`, 'encrypted-token'],
    ['a fourth part', hmac, `${good}.x`, 'malformed-token'],
    ['padding', hmac, `${good}=`, 'malformed-token'],
    ['the other alphabet', hmac, `${head}.${body}.${'+'.repeat(43)}`, 'malformed-token'],
    ['a header that is no object', hmac, `${part('[]')}.${body}.${mark}`, 'malformed-token'],
    [
      'bytes that are not UTF-8',
      hmac,
      `${head}.${Buffer.from('{"sub":"\xff"}', 'latin1').toString('base64url')}.${mark}`,
      'malformed-token',
    ],
    [
      'an end in the past',
      hmac,
      token(SECRET, { payload: { sub: 'a', exp: NOW / 1000 - 61 } }),
      'expired-token',
    ],
    [
      'an end in the past, unverified',
      {},
      token(SECRET, { payload: { sub: 'a', exp: 1 } }),
      'expired-token',
    ],
    [
      'a begin in the future',
      hmac,
      token(SECRET, { payload: { sub: 'a', nbf: NOW / 1000 + 61 } }),
      'token-not-yet-valid',
    ],
    [
      'an end that is no number',
      hmac,
      token(SECRET, { payload: { sub: 'a', exp: '9999999999' } }),
      'malformed-token',
    ],
    [
      'another issuer',
      { ...hmac, issuer: ['us'] },
      token(SECRET, { payload: { ...CLAIMS, iss: 'them' } }),
      'wrong-issuer',
    ],
    ['no issuer', { ...hmac, issuer: ['us'] }, good, 'wrong-issuer'],
    [
      'another audience',
      { ...hmac, audience: ['us'] },
      token(SECRET, { payload: { ...CLAIMS, aud: ['them'] } }),
      'wrong-audience',
    ],
  ];

  it.each(cases)('with %s finds no user', (_name, rule, value, kind) => {
    const { user, kinds } = identify(rule, `Bearer ${value}`);
    expect(user.known).toBe(false);
    expect(kinds).toEqual([kind]);
  });

  it('finds no user in a token with its last digit changed to one that means the same', () => {
    // 43 digits hold 258 bits: the last two of 256 are not used, and only zeros are accepted there.
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = digits.indexOf(mark.at(-1) ?? '');
    const same = `${head}.${body}.${mark.slice(0, -1)}${digits[last | 1]}`;
    expect(identify(hmac, same).kinds).toEqual(['malformed-token']);
  });
});

describe('a token in force', () => {
  it.each([
    ['the tolerance for clocks', { exp: NOW / 1000 - 59, nbf: NOW / 1000 + 59 }, hmac],
    ['no times', {}, hmac],
    ['an issuer', { iss: 'us' }, { ...hmac, issuer: ['them', 'us'] }],
    ['one audience', { aud: 'us' }, { ...hmac, audience: ['us'] }],
    ['one of its audiences', { aud: ['them', 'us'] }, { ...hmac, audience: ['us'] }],
  ])('is one with %s', (_name, claims, rule) => {
    const value = token(SECRET, { payload: { sub: 'alice', ...claims } });
    expect(identify(rule, value).user.known).toBe(true);
  });

  it('ends when the tolerance that the policy gives does', () => {
    const value = token(SECRET, { payload: { sub: 'alice', exp: NOW / 1000 - 2 } });
    expect(identify({ ...hmac, clockTolerance: '1s' }, value).kinds).toEqual(['expired-token']);
  });
});

describe('a token without a key in the policy', () => {
  it('names a user who is not verified', () => {
    const { user } = identify({}, token('anything at all'));
    expect(user).toMatchObject({ value: { id: 'alice', isVerified: false } });
  });

  it('is found in a cookie', () => {
    const { identifier } = attribution([{ from: 'jwt', in: { cookie: 'session' } }]);
    const parts = request({ cookies: [['session', token(SECRET)]] });
    expect(identifier.identify(parts, NOW).user.known).toBe(true);
  });

  it('is no concern of credentials of another scheme', () => {
    for (const value of ['Basic YTpi', 'Bearer opaque', 'Digest a="b.c.d"', '']) {
      expect(identify(hmac, value)).toMatchObject({ user: { known: false }, kinds: [] });
    }
  });
});

describe('the key of a rule', () => {
  it.each([
    [{ secretEnv: 'NOT_SET' }, 'no variable "NOT_SET"'],
    [{ secretFile: 'nowhere' }, 'file "nowhere"'],
    [{ secretFile: 'empty' }, 'is empty'],
    [{ publicKeyFile: 'junk.pem' }, 'no public key'],
    [{ publicKeyFile: 'private.pem' }, 'is private'],
    [{ publicKeyFile: 'k256.pem' }, 'curve secp256k1'],
    [{ jwksFile: 'empty-jwks.json' }, 'none that could verify'],
    [{ jwksFile: 'no-jwks.json' }, 'no JSON Web Key Set'],
    [{ jwksFile: 'secret' }, 'no JSON Web Key Set'],
  ])('%j is reported, and nobody is found unverified instead', (key, message) => {
    const { user, kinds, diagnostics } = identify({ key }, token(SECRET));
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'bad-token-key', message: expect.stringContaining(message) },
    ]);
    expect(user.known).toBe(false);
    expect(kinds).toEqual(['key-unavailable']);
  });

  it.each([
    [{ secretFile: 'short-secret' }, '8 bytes', token('changeme')],
    [{ publicKeyFile: 'small.pem' }, '1024 bits', token(smallRsa.privateKey, { alg: 'RS256' })],
    [{ jwksFile: 'weak-jwks.json' }, '5 bytes', token('short')],
  ])('%j is warned of for being short, and used', (key, message, value) => {
    const { user, diagnostics } = identify({ key }, value);
    expect(diagnostics).toMatchObject([
      { severity: 'warning', code: 'bad-token-key', message: expect.stringContaining(message) },
    ]);
    expect(user).toMatchObject({ value: { isVerified: true } });
  });

  it('is reported when it cannot be used with an algorithm of the policy', () => {
    const rule = { key: { publicKeyFile: 'p256.pem' }, algorithms: ['ES256', 'RS256'] };
    const { user, diagnostics } = identify(rule, token(p256.privateKey, { alg: 'ES256' }));
    expect(diagnostics).toMatchObject([{ code: 'bad-token-key' }]);
    expect(user.known).toBe(false);
  });
});
