// Malicious sources, compiled: each says for an exchange whether its row applies, and why.

import { utf8ByteString } from '../../base/bytes.ts';
import type { DecisionRow } from '../../model/decision.ts';
import { compilePattern } from '../../regex/matcher.ts';
import { addressTest, isInRegions } from '../criteria/source.ts';
import type { EmailCriteria, SourceRule } from '../document/source-rule.ts';
import { isOfTypes, type SourceFacts } from '../facts/source.ts';
import type { Stage } from '../facts/stage.ts';
import type { Fact } from '../intelligence/fact.ts';

export interface SourceResult {
  readonly applies: boolean;
  readonly reason: () => string;
}

export interface CompiledSourceRule {
  readonly rule: SourceRule;
  readonly stage: Stage;
  /** The row it speaks for; for `monitor` the row that blocking would be. */
  readonly row: DecisionRow;
  readonly judge: (source: SourceFacts) => SourceResult;
}

/** The document has been checked: each rule has one criterion and an action that goes with it. */
export function compileSourceRule(rule: SourceRule, userStage: Stage): CompiledSourceRule {
  const { addresses, regions, emails, ipTypes, action } = rule;
  const except = action === 'blockAllExcept';
  if (addresses !== undefined) {
    const isAmong = addressTest(addresses);
    return {
      rule,
      stage: 'head',
      row: action === 'allow' ? 'ip-allow' : except ? 'ip-block-all-except' : 'ip-block',
      judge: ({ address }) => {
        const isListed = isAmong(address);
        return {
          applies: isListed !== except,
          reason: () => `address ${address} is ${isListed ? '' : 'not '}listed`,
        };
      },
    };
  }
  if (regions !== undefined) {
    return {
      rule,
      stage: 'head',
      row: except ? 'region-block-all-except' : 'region-block',
      judge: ({ region }) =>
        onFact('region', region, (place) => isInRegions(place, regions) !== except, regionText),
    };
  }
  if (ipTypes !== undefined) {
    return {
      rule,
      stage: 'head',
      row: 'ip-type-block',
      judge: (source) =>
        onFact(
          'kind of address',
          isOfTypes(source, ipTypes),
          (type) => type !== '',
          (type) => (type === '' ? 'none of those listed' : type),
        ),
    };
  }
  if (emails === undefined) throw new TypeError(`the source rule "${rule.name}" has no criterion`);
  return { rule, stage: userStage, row: 'email-domain-block', judge: emailJudge(emails) };
}

function regionText({
  country,
  subdivision,
}: {
  country: string;
  subdivision?: string | undefined;
}): string {
  return subdivision === undefined ? country : `${country}-${subdivision}`;
}

function onFact<T>(
  what: string,
  fact: Fact<T>,
  test: (value: T) => boolean,
  text: (value: T) => string,
): SourceResult {
  if (!fact.known)
    return { applies: false, reason: () => `the ${what} is unknown: ${fact.detail}` };
  const { value, from } = fact;
  return { applies: test(value), reason: () => `${what} ${text(value)} (${from})` };
}

function emailJudge(emails: EmailCriteria): (source: SourceFacts) => SourceResult {
  const domains = new Set(emails.domains.map(utf8ByteString));
  const patterns = emails.matches.map((pattern) => compilePattern(utf8ByteString(pattern)));
  const { disposable, leaked, fraudScoreAbove } = emails;
  return (source) => {
    const { email } = source;
    if (!email.known) {
      return { applies: false, reason: () => `the email is unknown: ${email.detail}` };
    }
    const { address, domain } = email.value;
    const unknown: string[] = [];
    const holds = <T>(fact: Fact<T>, what: string, test: (value: T) => boolean): boolean => {
      if (!fact.known) unknown.push(`${what}: ${fact.detail}`);
      return fact.known && test(fact.value);
    };
    const reasons: readonly (readonly [string, () => boolean])[] = [
      [`email domain ${domain}`, () => domains.has(domain)],
      ['the email address fits a pattern', () => patterns.some((one) => one.test(address))],
      [
        `email domain ${domain} is disposable`,
        () => disposable && holds(source.isDisposableEmail, 'disposable', Boolean),
      ],
      [
        'the email address is in a leak',
        () => leaked && holds(source.isLeakedEmail, 'leaked', Boolean),
      ],
      [
        `the fraud score is above ${fraudScoreAbove}`,
        () =>
          fraudScoreAbove !== undefined &&
          holds(source.fraudScore, 'fraud score', (score) => score > fraudScoreAbove),
      ],
    ];
    const found = reasons.find(([, test]) => test());
    if (found !== undefined) return { applies: true, reason: () => found[0] };
    const open = unknown.length === 0 ? '' : ` (unknown: ${unknown.join(', ')})`;
    return { applies: false, reason: () => `email domain ${domain} is not listed${open}` };
  };
}
