// The sections of the policy document that say who is asking: the client's address, attribution rules and
// hash patterns.

import { z } from 'zod';
import { addressRange, duration, name, pattern } from '../document/values.ts';
import { parseJsonPath } from './json-path.ts';

export interface ClientAddressOptions {
  /** The field that proxies append to; `Forwarded` is read as RFC 7239 has it. */
  readonly header: string;
  /** Ranges of the proxies, or how many of them stand in front of us. */
  readonly trustedProxies: readonly string[] | number;
}

const MAX_HOPS = 32;

const fieldName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not the name of a header field')
  .describe('The name of a header field; upper and lower case are the same.');

export const clientAddress: z.ZodType<ClientAddressOptions, unknown> = z
  .strictObject({
    header: fieldName
      .default('X-Forwarded-For')
      .describe('The field that proxies append the address to. Forwarded is read as in RFC 7239.'),
    trustedProxies: z
      .union([
        z.array(addressRange).min(1, 'is empty; leave the section out to trust no proxy'),
        z.number().int('is no whole number').min(1, 'is below 1').max(MAX_HOPS, 'is above 32'),
      ])
      .describe('Addresses and ranges of the proxies, or how many stand in front.'),
  })
  .describe('Whom the address in a header is believed from; without it, the peer is the client.');

export const TOKEN_ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

export type TokenKeyOptions =
  | { readonly secretEnv: string }
  | { readonly secretFile: string }
  | { readonly publicKeyFile: string }
  | { readonly jwksFile: string };

const text = z.string().min(1, 'is empty');

const tokenKey: z.ZodType<TokenKeyOptions, unknown> = z
  .union([
    z.strictObject({ secretEnv: text.describe('The environment variable that holds the secret.') }),
    z.strictObject({
      secretFile: text.describe('A file with the secret; one line end behind it is dropped.'),
    }),
    z.strictObject({ publicKeyFile: text.describe('A public key or certificate in PEM form.') }),
    z.strictObject({ jwksFile: text.describe('A JSON Web Key Set (RFC 7517).') }),
  ])
  .describe('What signatures are verified with. Its kind decides which algorithms may be used.');

export type RequestPart = 'header' | 'cookie' | 'query' | 'body';

/** Where one value of a request is. */
export interface RequestPlace {
  readonly part: RequestPart;
  readonly name: string;
}

const place: z.ZodType<RequestPlace, unknown> = z
  .union([
    z.strictObject({ header: fieldName }),
    z.strictObject({ cookie: text }),
    z.strictObject({ query: text }),
    z.strictObject({ body: text }),
  ])
  .transform((written): RequestPlace => {
    const [part, where] = Object.entries(written)[0] as [RequestPart, string];
    return { part, name: where };
  });

const path: z.ZodType<string, unknown> = z
  .string()
  .superRefine((written, context) => {
    const parsed = parseJsonPath(written);
    if ('problem' in parsed) {
      const message = `"${written}" is no JSON path: ${parsed.problem}`;
      context.addIssue({ code: 'custom', message });
    }
  })
  .describe("A JSON path to one value: $.user.id, $.roles[0], $['a.b']; a bare name is a member.");

export type Step =
  | { readonly kind: 'regex'; readonly pattern: string }
  | { readonly kind: 'jsonpath'; readonly path: string }
  | { readonly kind: 'base64' | 'percentDecode' | 'lowercase' | 'trim' };

const step: z.ZodType<Step, unknown> = z.union([
  z.enum(['base64', 'percentDecode', 'lowercase', 'trim']).transform((kind): Step => ({ kind })),
  z
    .strictObject({ regex: pattern.describe('The first group is kept, or the whole match.') })
    .transform(({ regex }): Step => ({ kind: 'regex', pattern: regex })),
  z
    .strictObject({ jsonpath: path })
    .transform(({ jsonpath }): Step => ({ kind: 'jsonpath', path: jsonpath })),
]);

export interface BasicRule {
  readonly from: 'basic';
  readonly email: boolean;
}

export interface TokenRule {
  readonly from: 'jwt';
  readonly in: RequestPlace;
  /** The JSON path of the user's id. */
  readonly claim: string;
  readonly key?: TokenKeyOptions | undefined;
  /** Undefined: all that the key can be used with. */
  readonly algorithms?: readonly TokenAlgorithm[] | undefined;
  readonly issuer?: readonly string[] | undefined;
  readonly audience?: readonly string[] | undefined;
  /** By how much clocks may differ, in milliseconds. */
  readonly clockTolerance: number;
  readonly email?: string | undefined;
  readonly organisation?: string | undefined;
  readonly role?: string | undefined;
}

export interface ValueRule {
  readonly from: RequestPart;
  readonly name: string;
  readonly steps: readonly Step[];
  readonly email: boolean;
  /** Something in front of us vouches for the value, so that it counts as verified. */
  readonly trusted: boolean;
}

export type AttributionRule = BasicRule | TokenRule | ValueRule;

const email = z
  .boolean()
  .default(true)
  .describe('Whether a user that looks like an email address is one.');

const basicRule = z
  .strictObject({ from: z.literal('basic'), email })
  .describe('The user of Basic authentication.');

const tokenRule = z
  .strictObject({
    from: z.literal('jwt'),
    in: place.default({ part: 'header', name: 'Authorization' }),
    claim: path.default('$.sub').describe('The claim that is the user: sub, or $.user.id.'),
    key: tokenKey
      .optional()
      .describe('Without a key nothing is verified, and the user is marked as unverified.'),
    algorithms: z
      .array(z.enum([...TOKEN_ALGORITHMS]))
      .min(1, 'is empty')
      .optional()
      .describe('Default: all that the key can be used with.'),
    issuer: z.array(text).min(1, 'is empty').optional().describe('Allowed values of iss.'),
    audience: z.array(text).min(1, 'is empty').optional().describe('One of them has to be in aud.'),
    clockTolerance: duration
      .default(60_000)
      .describe('By how much clocks may differ; default 60s.'),
    email: path.optional().describe('The claim with the email address.'),
    organisation: path.optional().describe('The claim with the organisation.'),
    role: path.optional().describe('The claim with the role, or a list of them.'),
  })
  .superRefine(({ key, algorithms = [] }, context) => {
    if (key === undefined) return;
    const symmetric = 'secretEnv' in key || 'secretFile' in key;
    algorithms.forEach((algorithm, index) => {
      if (algorithm.startsWith('HS') === symmetric || 'jwksFile' in key) return;
      context.addIssue({
        code: 'custom',
        path: ['algorithms', index],
        message: symmetric
          ? `"${algorithm}" needs a public key, and a secret is given`
          : `"${algorithm}" needs a secret, and a public key is given`,
      });
    });
  })
  .describe('A claim of a JSON Web Token.');

const valueRule = z
  .strictObject({
    from: z.enum(['header', 'cookie', 'query', 'body']),
    name: text.describe('Of the header, cookie or parameter. In JSON bodies: user.id.'),
    steps: z.array(step).default([]).describe('What is done to the value, in this order.'),
    email,
    trusted: z
      .boolean()
      .default(false)
      .describe('A gateway in front of Portcullis sets the value and removes what clients send.'),
  })
  .describe('A value of the request.');

export const attributionRule: z.ZodType<AttributionRule, unknown> = z
  .discriminatedUnion('from', [basicRule, tokenRule, valueRule])
  .describe('Where the user of a request is found. The first rule that finds one wins.');

export type HashField =
  | { readonly kind: 'address' | 'user' | 'email' | 'userAgent' | 'asn' | 'organisation' }
  | { readonly kind: 'network'; readonly ipv4: number; readonly ipv6: number }
  | { readonly kind: 'value'; readonly place: RequestPlace }
  | { readonly kind: 'apiKey'; readonly name: string }
  | { readonly kind: 'claim'; readonly place: RequestPlace; readonly path: string }
  | { readonly kind: 'point'; readonly point: readonly (string | number)[] };

const hashField: z.ZodType<HashField, unknown> = z.union([
  z
    .enum(['address', 'user', 'email', 'userAgent', 'asn', 'organisation'])
    .transform((kind): HashField => ({ kind })),
  z
    .strictObject({
      network: z.strictObject({
        ipv4: z.number().int().min(1).max(32).default(24),
        ipv6: z.number().int().min(1).max(128).default(64),
      }),
    })
    .transform(({ network }): HashField => ({ kind: 'network', ...network }))
    .describe('The network of the address, by the length of its prefix.'),
  place.transform((where): HashField => ({ kind: 'value', place: where })),
  z
    .strictObject({ apiKey: fieldName })
    .transform(({ apiKey }): HashField => ({ kind: 'apiKey', name: apiKey }))
    .describe('A key in the header of this name, else in the query parameter.'),
  z
    .strictObject({
      claim: path,
      in: place.default({ part: 'header', name: 'Authorization' }),
    })
    .transform(({ claim, in: where }): HashField => ({ kind: 'claim', place: where, path: claim }))
    .describe('A claim of a JSON Web Token. Nothing is verified.'),
  z
    .strictObject({ point: z.array(z.union([text, z.number().int().nonnegative()])).min(1) })
    .transform(({ point }): HashField => ({ kind: 'point', point })),
]);

export interface HashPattern {
  readonly name: string;
  readonly fields: readonly HashField[];
  /** What a field that is not there means: no value at all, or a value of its own. */
  readonly missing: 'nothing' | 'hash';
}

export const hashPattern: z.ZodType<HashPattern, unknown> = z
  .strictObject({
    name,
    fields: z.array(hashField).min(1, 'is empty'),
    missing: z
      .enum(['nothing', 'hash'])
      .default('nothing')
      .describe('When a field is missing: the pattern has no value, or the absence is hashed too.'),
  })
  .describe('A keyed hash over some facts of a request, under one name.');

/** Where the key of keyed hashes comes from. */
export type HashKeyOptions = { readonly env: string } | { readonly file: string };

export const hashKey: z.ZodType<HashKeyOptions, unknown> = z
  .union([
    z.strictObject({ env: text.describe('The environment variable that holds the key.') }),
    z.strictObject({ file: text.describe('A file that holds the key.') }),
  ])
  .describe(
    'The key of hash patterns, actors and pseudonyms. Default: a random one for each process, so processes that share a store need one.',
  );
