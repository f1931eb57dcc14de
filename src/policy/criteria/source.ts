// Criteria on who is asking.
//
// A criterion on a fact that is unknown does not hold, with `exclude` neither: nobody is blocked or let in
// for what is not known of them.

import { fromByteString, utf8ByteString } from '../../base/bytes.ts';
import { parseIp, parsePrefix } from '../../base/ip.ts';
import { buildPrefixSet } from '../../base/prefix-set.ts';
import { compilePattern } from '../../regex/matcher.ts';
import type { Among, Like, SourceCriteria } from '../document/criteria.ts';
import { isOfTypes, type SourceFacts } from '../facts/source.ts';
import type { Stage } from '../facts/stage.ts';
import type { Fact } from '../intelligence/fact.ts';
import type { Criterion } from './criterion.ts';

/** `userStage`: when the user is known; attribution may have to read the body. */
export function compileSource(source: SourceCriteria, userStage: Stage): readonly Criterion[] {
  const criteria: Criterion[] = [];
  const add = (
    stage: Stage,
    judge: (facts: SourceFacts) => readonly [boolean, () => string],
  ): void => {
    criteria.push({
      stage,
      judge: (facts) => {
        const [holds, reason] = judge(facts.source);
        return { holds, reason };
      },
    });
  };
  const fact = <T>(
    stage: Stage,
    what: string,
    read: (facts: SourceFacts) => Fact<T>,
    test: (value: T) => boolean,
    exclude = false,
  ): void =>
    add(stage, (facts) => {
      const found = read(facts);
      if (!found.known) return [false, () => `the ${what} is unknown: ${found.detail}`];
      const holds = test(found.value) !== exclude;
      const words = (): string =>
        `${what} ${textOf(found.value)} (${found.from})${holds ? '' : ' does not match'}`;
      return [holds, words];
    });

  const { address, ipType, emailDomain, userId, userIdLike, userAgent, organisation } = source;
  if (address !== undefined) {
    const isAmong = addressTest(address.any);
    add('head', (facts) => {
      const isListed = isAmong(facts.address);
      const words = (): string => `address ${facts.address} is ${isListed ? '' : 'not '}listed`;
      return [isListed !== address.exclude, words];
    });
  }
  if (ipType !== undefined) {
    fact(
      'head',
      'kind of address',
      (facts) => isOfTypes(facts, ipType.any),
      (type) => type !== '',
      ipType.exclude,
    );
  }
  if (emailDomain !== undefined) {
    const isAmong = textTest(emailDomain);
    fact(
      userStage,
      'email domain',
      (facts) => facts.email,
      ({ domain }) => isAmong(domain),
      emailDomain.exclude,
    );
  }
  if (userId !== undefined) {
    const ids = new Set(userId.any.map(utf8ByteString));
    fact(
      userStage,
      'user',
      (facts) => facts.user,
      ({ id }) => ids.has(id),
      userId.exclude,
    );
  }
  if (userIdLike !== undefined) {
    const matches = patternTest(userIdLike);
    fact(
      userStage,
      'user',
      (facts) => facts.user,
      ({ id }) => matches(id),
      userIdLike.exclude,
    );
  }
  if (userAgent !== undefined) {
    const matches = patternTest(userAgent);
    add('head', (facts) => {
      if (facts.userAgent === undefined) return [false, () => 'there is no user agent'];
      const holds = matches(facts.userAgent) !== userAgent.exclude;
      return [holds, () => `the user agent${holds ? '' : ' does not match'}`];
    });
  }
  if (organisation !== undefined) {
    const isAmong = textTest(organisation);
    fact(userStage, 'organisation', (facts) => facts.organisation, isAmong, organisation.exclude);
  }
  const { connection, asn, region, scanner, abuseVelocity, reputation } = source;
  if (connection !== undefined) {
    const { any, exclude } = connection;
    fact(
      'head',
      'connection',
      (facts) => facts.connection,
      (type) => any.includes(type),
      exclude,
    );
  }
  if (asn !== undefined) {
    const { any, exclude } = asn;
    fact(
      'head',
      'ASN',
      (facts) => facts.asn,
      (number) => any.includes(number),
      exclude,
    );
  }
  if (region !== undefined) {
    const { any, exclude } = region;
    fact(
      'head',
      'region',
      (facts) => facts.region,
      (place) => isInRegions(place, any),
      exclude,
    );
  }
  if (scanner !== undefined) {
    fact(
      'head',
      'kind of client',
      (facts) => facts.isOfType('scanner'),
      (isScanner) => isScanner,
      scanner.exclude,
    );
  }
  if (abuseVelocity !== undefined) {
    const { above } = abuseVelocity;
    criteria.push({
      // The session looks it up at the stage of the user, before it asks rules.
      stage: userStage,
      judge: ({ abuseScore }) => ({
        holds: abuseScore !== undefined && abuseScore > above,
        reason: () =>
          abuseScore === undefined
            ? 'the abuse velocity is unknown: no score is kept'
            : `abuse velocity ${Math.round(abuseScore)}`,
      }),
    });
  }
  if (reputation !== undefined) {
    const { below } = reputation;
    fact(
      'head',
      'reputation',
      (facts) => facts.reputation,
      (score) => score < below,
    );
  }
  return criteria;
}

export function addressTest(ranges: readonly string[]): (address: string) => boolean {
  const prefixes = ranges.map(parsePrefix).filter((prefix) => prefix !== null);
  const set = buildPrefixSet(prefixes);
  return (address) => {
    const parsed = parseIp(address);
    return parsed !== null && set.contains(parsed);
  };
}

export function isInRegions(
  { country, subdivision }: { readonly country: string; readonly subdivision?: string | undefined },
  regions: readonly string[],
): boolean {
  if (regions.includes(country)) return true;
  return subdivision !== undefined && regions.includes(`${country}-${subdivision}`);
}

/** In any case, letters outside ASCII included: names are texts, kept as the bytes of their UTF-8. */
function textTest({ any }: Among<string>): (value: string) => boolean {
  const wanted = new Set(any.map((text) => text.toLowerCase()));
  return (value) => wanted.has(decoded(value).toLowerCase());
}

function decoded(bytes: string): string {
  return new TextDecoder().decode(fromByteString(bytes));
}

function patternTest({ matches }: Like): (value: string) => boolean {
  const pattern = compilePattern(utf8ByteString(matches));
  return (value) => pattern.test(value);
}

/** Facts in the trace; users and addresses of email are told by their kind only. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return decoded(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null && 'country' in value) {
    const { country, subdivision } = value as { country: string; subdivision?: string };
    return subdivision === undefined ? country : `${country}-${subdivision}`;
  }
  if (typeof value === 'object' && value !== null && 'domain' in value) return String(value.domain);
  return 'given';
}
