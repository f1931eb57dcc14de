// What signatures and threshold rules ask of an exchange: who sent it, what is in it, where it goes.
//
// All criteria of a rule must hold; within one criterion any of its values will do.

import { z } from 'zod';
import { oneOrMore } from './common.ts';
import { addressRange, domain, name, parseSize, pattern, region } from './values.ts';

/** Holds when the fact is one of `any`; with `exclude`, when it is known and none of them. */
export interface Among<T> {
  readonly any: readonly T[];
  readonly exclude: boolean;
}

export interface Like {
  readonly matches: string;
  readonly exclude: boolean;
}

export type IpType = 'anonymousVpn' | 'hostingProvider' | 'publicProxy' | 'torExitNode' | 'bot';
export type ConnectionType = 'residential' | 'mobile' | 'corporate' | 'datacentre' | 'education';

export const IP_TYPES: readonly IpType[] = Object.freeze([
  'anonymousVpn',
  'hostingProvider',
  'publicProxy',
  'torExitNode',
  'bot',
]);

export interface SourceCriteria {
  readonly address?: Among<string> | undefined;
  readonly ipType?: Among<IpType | 'scanner'> | undefined;
  readonly emailDomain?: Among<string> | undefined;
  readonly userId?: Among<string> | undefined;
  readonly userIdLike?: Like | undefined;
  readonly userAgent?: Like | undefined;
  readonly organisation?: Among<string> | undefined;
  readonly connection?: Among<ConnectionType> | undefined;
  readonly asn?: Among<number> | undefined;
  readonly region?: Among<string> | undefined;
  readonly scanner?: Among<true> | undefined;
  /** The actor's abuse score, which decays, is above this. */
  readonly abuseVelocity?: { readonly above: number } | undefined;
  /** The address's reputation, 0 (worst) to 100, is below this. */
  readonly reputation?: { readonly below: number } | undefined;
}

type AmongInput<T> = T | T[] | { any: T | T[]; exclude?: boolean | undefined };

function among<Out, In>(item: z.ZodType<Out, In>): z.ZodType<Among<Out>, AmongInput<In>> {
  const values = oneOrMore(item);
  return z.union([
    values.transform((any): Among<Out> => ({ any, exclude: false })),
    z.strictObject({ any: values, exclude: z.boolean().default(false) }),
  ]) as z.ZodType<Among<Out>, AmongInput<In>>;
}

type LikeInput = string | { matches: string; exclude?: boolean | undefined };

const like: z.ZodType<Like, LikeInput> = z.union([
  pattern.transform((matches): Like => ({ matches, exclude: false })),
  z.strictObject({ matches: pattern, exclude: z.boolean().default(false) }),
]);

const ipType: z.ZodType<IpType | 'scanner', string> = z.enum([...IP_TYPES, 'scanner']) as never;

const connection: z.ZodType<ConnectionType, string> = z.enum([
  'residential',
  'mobile',
  'corporate',
  'datacentre',
  'education',
]) as never;

const scanner: z.ZodType<Among<true>, unknown> = z.union([
  z.literal(true).transform((): Among<true> => ({ any: [true], exclude: false })),
  z
    .strictObject({ exclude: z.boolean() })
    .transform(({ exclude }): Among<true> => ({ any: [true], exclude })),
]);

export const sourceCriteria: z.ZodType<SourceCriteria, unknown> = z
  .strictObject({
    address: among(addressRange).optional(),
    ipType: among(ipType).optional(),
    emailDomain: among(domain).optional(),
    userId: among(z.string()).optional(),
    userIdLike: like.optional(),
    userAgent: like.optional(),
    organisation: among(z.string()).optional(),
    connection: among(connection).optional(),
    asn: among(z.number().int().nonnegative()).optional(),
    region: among(region).optional(),
    scanner: scanner.optional(),
    abuseVelocity: z.strictObject({ above: z.number().nonnegative() }).optional(),
    reputation: z.strictObject({ below: z.number().min(0).max(100) }).optional(),
  })
  .describe('Who sends the request. All that is given must hold.');

export const OPERATORS = [
  'equals',
  'notEquals',
  'contains',
  'notContains',
  'matches',
  'notMatches',
  'startsWith',
  'endsWith',
  'greater',
  'less',
  'in',
  'notIn',
  'exists',
  'notExists',
] as const;
export type ConditionOperator = (typeof OPERATORS)[number];

export const PARTS = [
  'request.url',
  'request.path',
  'request.query',
  'request.host',
  'request.method',
  'request.header',
  'request.headerName',
  'request.queryParameter',
  'request.queryParameterName',
  'request.bodyParameter',
  'request.bodyParameterName',
  'request.cookie',
  'request.cookieName',
  'request.body',
  'request.bodySize',
  'request.parameterCount',
  'request.headerCount',
  'request.cookieCount',
  'response.status',
  'response.header',
  'response.headerName',
  'response.body',
  'response.bodySize',
  'response.headerCount',
  'response.cookie',
  'response.cookieName',
] as const;
export type MessagePart = (typeof PARTS)[number];

/** Parts with names: `name` picks those of that name. */
export const NAMED_PARTS: ReadonlySet<MessagePart> = new Set([
  'request.header',
  'request.queryParameter',
  'request.bodyParameter',
  'request.cookie',
  'response.header',
  'response.cookie',
]);

export interface Condition {
  readonly operator: ConditionOperator;
  /** One value, several for `in`, none for `exists`. Numbers stay numbers. */
  readonly value?: string | number | readonly (string | number)[] | undefined;
  readonly ignoreCase: boolean;
}

/** Holds when any value of the part satisfies the operator; a negated operator, when none does. */
export interface PayloadCondition extends Condition {
  readonly part: MessagePart;
  readonly name?: string | undefined;
}

export interface AttributeCondition extends Condition {
  /** A fact of the source: user, email, role, organisation, country, asn, ... */
  readonly attribute: string;
}

const value: z.ZodType<Condition['value'], unknown> = z
  .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()])).min(1, 'is empty')])
  .optional()
  .describe(
    'One value, or a list of them or its name for "in". Sizes: a number of bytes, or 64KiB.',
  );

const condition = {
  operator: z.enum([...OPERATORS]),
  value,
  ignoreCase: z.boolean().default(false),
} as const;

/** Parts that are numbers of bytes: `64KiB` is a value of theirs. */
export const SIZE_PARTS: ReadonlySet<MessagePart> = new Set([
  'request.bodySize',
  'response.bodySize',
]);

const inBytes = <T extends string | number>(one: T): T | number =>
  typeof one === 'string' ? (parseSize(one) ?? one) : one;

function withSizes(written: PayloadCondition): PayloadCondition {
  const { part, operator, value: given } = written;
  const isPattern = operator === 'matches' || operator === 'notMatches';
  if (!SIZE_PARTS.has(part) || given === undefined || isPattern) return written;
  if (typeof given === 'object') return { ...written, value: given.map(inBytes) };
  // With "in" a text is the name of a list.
  return operator === 'in' || operator === 'notIn'
    ? written
    : { ...written, value: inBytes(given) };
}

export const payloadCondition: z.ZodType<PayloadCondition, unknown> = z
  .strictObject({
    part: z.enum([...PARTS]),
    name: z.string().min(1, 'is empty').optional(),
    ...condition,
  })
  .transform(withSizes);

export const attributeCondition: z.ZodType<AttributeCondition, unknown> = z.strictObject({
  attribute: name,
  ...condition,
});

/** Nothing given: everywhere. Services, endpoints and labels add up; a URL must match as well. */
export interface Target {
  readonly services?: readonly string[] | undefined;
  readonly endpoints?: readonly string[] | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly urls?: readonly string[] | undefined;
}

export const target: z.ZodType<Target, unknown> = z
  .strictObject({
    services: oneOrMore(name).optional(),
    endpoints: oneOrMore(name).optional().describe('Names of endpoints, or "GET /users/{id}".'),
    labels: oneOrMore(name).optional(),
    urls: oneOrMore(pattern)
      .optional()
      .describe(
        'Patterns over the URL, from its host on or from its path on: ^/admin, ^shop\\.test/.',
      ),
  })
  .describe('Where the rule looks; default: everywhere.');

export interface Criteria {
  readonly source?: SourceCriteria | undefined;
  readonly payload?: readonly PayloadCondition[] | undefined;
  readonly attributes?: readonly AttributeCondition[] | undefined;
  readonly target?: Target | undefined;
}

/** For `z.strictObject({ ...criteria, ... })`. */
export const criteria: {
  readonly source: z.ZodType<SourceCriteria | undefined, unknown>;
  readonly payload: z.ZodType<readonly PayloadCondition[] | undefined, unknown>;
  readonly attributes: z.ZodType<readonly AttributeCondition[] | undefined, unknown>;
  readonly target: z.ZodType<Target | undefined, unknown>;
} = {
  source: sourceCriteria.optional(),
  payload: oneOrMore(payloadCondition).optional(),
  attributes: oneOrMore(attributeCondition).optional(),
  target: target.optional(),
};
