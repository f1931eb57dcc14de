// Conditions on attributes of the source, by name.

import { type AttributeCondition, IP_TYPES } from '../document/criteria.ts';
import { isOfTypes, type SourceFacts } from '../facts/source.ts';
import type { Stage } from '../facts/stage.ts';
import { type Fact, known, knownValue } from '../intelligence/fact.ts';
import { compileCondition, conditionText, type Lists } from './condition.ts';
import type { Criterion } from './criterion.ts';

const ALL_TYPES = [...IP_TYPES, 'scanner'] as const;

type Read = (source: SourceFacts) => Fact<readonly string[]>;

function mapped<T>(
  fact: Fact<T>,
  values: (value: T) => readonly (string | number | boolean)[],
): Fact<readonly string[]> {
  return fact.known ? known(values(fact.value).map(String), fact.from) : fact;
}

/** `byUser`: known when the user is. */
const READERS: Readonly<Record<string, { readonly byUser?: boolean; readonly read: Read }>> =
  Object.freeze({
    address: { read: ({ address }) => known([address], 'connection') },
    asn: { read: ({ asn }) => mapped(asn, (value) => [value]) },
    connection: { read: ({ connection }) => mapped(connection, (value) => [value]) },
    country: { read: ({ region }) => mapped(region, ({ country }) => [country]) },
    email: { byUser: true, read: ({ email }) => mapped(email, ({ address }) => [address]) },
    emailDomain: { byUser: true, read: ({ email }) => mapped(email, ({ domain }) => [domain]) },
    fraudScore: { byUser: true, read: ({ fraudScore }) => mapped(fraudScore, (value) => [value]) },
    ipType: {
      read: (source) => {
        const types = ALL_TYPES.filter((type) => knownValue(source.isOfType(type)) === true);
        const fact = isOfTypes(source, ALL_TYPES);
        return types.length === 0 && !fact.known ? fact : known(types, fact.known ? fact.from : '');
      },
    },
    organisation: {
      byUser: true,
      read: ({ organisation }) => mapped(organisation, (value) => [value]),
    },
    region: {
      read: ({ region }) =>
        mapped(region, ({ country, subdivision }) =>
          subdivision === undefined ? [country] : [country, `${country}-${subdivision}`],
        ),
    },
    reputation: { read: ({ reputation }) => mapped(reputation, (value) => [value]) },
    role: { byUser: true, read: ({ roles }) => mapped(roles, (value) => value) },
    user: { byUser: true, read: ({ user }) => mapped(user, ({ id }) => [id]) },
    userAgent: {
      read: ({ userAgent }) => known(userAgent === undefined ? [] : [userAgent], 'request'),
    },
    userVerified: {
      byUser: true,
      read: ({ user }) => mapped(user, ({ isVerified }) => [isVerified]),
    },
  });

export function compileAttribute(
  condition: AttributeCondition,
  lists: Lists,
  userStage: Stage,
): Criterion {
  const { attribute } = condition;
  const reader = READERS[attribute];
  if (reader === undefined) throw new TypeError(`no attribute "${attribute}"`);
  const test = compileCondition(condition, lists);
  return {
    stage: reader.byUser === true ? userStage : 'head',
    judge: ({ source }) => {
      const fact = reader.read(source);
      // Whether a fact is known can be asked for; every other condition on an unknown one fails.
      if (!fact.known && condition.operator !== 'exists' && condition.operator !== 'notExists') {
        return { holds: false, reason: () => `${attribute} is unknown: ${fact.detail}` };
      }
      const holds = test(fact.known ? fact.value : []);
      return { holds, reason: () => conditionText(attribute, condition, holds, false) };
    },
  };
}
