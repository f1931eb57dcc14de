// A policy document in words: what each rule does, for people who did not write it.

import type { Among, Condition, Criteria, SourceCriteria, Target } from './document/criteria.ts';
import type { DataLossRule } from './document/data-loss-rule.ts';
import type { PolicySections } from './document/document.ts';
import type { SignatureRule } from './document/signature-rule.ts';
import type { SourceRule } from './document/source-rule.ts';
import type { EnumerationRule, ThresholdRule } from './document/threshold-rule.ts';
import { durationText } from './document/values.ts';

export interface RuleWords {
  readonly section: string;
  readonly name: string;
  readonly text: string;
}

/** One sentence a rule, in the order of the document. */
export function policyInWords(document: PolicySections, nowMs: number): readonly RuleWords[] {
  const { sources, signatures, rateLimits, dataLossPrevention, enumeration } = document;
  const words: RuleWords[] = [];
  const say = <R extends { readonly name: string }>(
    section: string,
    rules: readonly R[],
    sentence: (rule: R) => string,
  ): void => {
    for (const rule of rules) {
      words.push({
        section,
        name: rule.name,
        text: sentence(rule) + conditionsOfLife(rule, nowMs),
      });
    }
  };
  words.push(...handLists(document));
  say('sources', sources, sourceSentence);
  say('signatures', signatures, signatureSentence);
  say('rateLimits', rateLimits, (rule) => thresholdSentence(rule, 'requests'));
  say('dataLossPrevention', dataLossPrevention, dataSentence);
  say('enumeration', enumeration, enumerationSentence);
  return words;
}

function conditionsOfLife(rule: object, nowMs: number): string {
  const { enabled, environment, expires } = rule as {
    enabled?: boolean;
    environment?: readonly string[];
    expires?: number;
  };
  const parts: string[] = [];
  if (enabled === false) parts.push('It is switched off.');
  if (environment !== undefined) parts.push(`Only in ${listed(environment)}.`);
  if (expires !== undefined) {
    const date = new Date(expires).toISOString().replace(/\.000Z$/, 'Z');
    parts.push(expires <= nowMs ? `It has expired on ${date}.` : `Until ${date}.`);
  }
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}

function handLists({ allow, block }: PolicySections): readonly RuleWords[] {
  const words: RuleWords[] = [];
  const say = (name: string, items: readonly string[] | undefined, text: string): void => {
    if (items !== undefined && items.length > 0) {
      words.push({
        section: name.split('.')[0] as string,
        name,
        text: `${text} ${listed(items)}.`,
      });
    }
  };
  say('allow.addresses', allow?.addresses, 'Never blocks requests from');
  say('allow.actors', allow?.actors, 'Never blocks the users');
  say('allow.emailDomains', allow?.emailDomains, 'Never blocks users with email addresses at');
  say('block.actors', block?.actors, 'Blocks the users');
  say(
    'block.allEmailDomainsExcept',
    block?.allEmailDomainsExcept,
    'Blocks users with email addresses at any domain but',
  );
  return words;
}

function listed(items: readonly (string | number | boolean)[], most = 8): string {
  const shown = items.slice(0, most).map(String);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

const SOURCE_VERBS = Object.freeze({
  block: 'Blocks',
  allow: 'Allows',
  blockAllExcept: 'Blocks everything but',
  monitor: 'Reports',
});

function sourceSentence(rule: SourceRule): string {
  const verb = SOURCE_VERBS[rule.action];
  const { addresses, regions, ipTypes, emails } = rule;
  const covers =
    rule.action !== 'allow'
      ? ''
      : rule.covers === 'everything'
        ? ', past signatures and the rule engine too'
        : ', past other source rules and thresholds; signatures and the rule engine still apply';
  if (addresses !== undefined) return `${verb} requests from ${listed(addresses)}${covers}.`;
  if (regions !== undefined) return `${verb} requests from the regions ${listed(regions)}.`;
  if (ipTypes !== undefined)
    return `${verb} requests from addresses of the kind ${listed(ipTypes)}.`;
  const kinds: string[] = [];
  if (emails?.disposable) kinds.push('disposable');
  if (emails?.leaked) kinds.push('in a data leak');
  if (emails !== undefined && emails.domains.length > 0) kinds.push(`at ${listed(emails.domains)}`);
  if (emails !== undefined && emails.matches.length > 0) {
    kinds.push(`like ${listed(emails.matches.map((one) => `/${one}/`))}`);
  }
  if (emails?.fraudScoreAbove !== undefined) {
    kinds.push(`with a fraud score above ${emails.fraudScoreAbove}`);
  }
  return `${verb} users whose email address is ${kinds.join(', or ')}.`;
}

function signatureSentence(rule: SignatureRule): string {
  const { action } = rule;
  const period = rule.for === undefined ? '' : `, and the user for ${durationText(rule.for)}`;
  const verb =
    action === 'block'
      ? 'Blocks'
      : action === 'allow'
        ? 'Allows'
        : action === 'monitor'
          ? 'Reports'
          : 'Counts';
  const how = action === 'testing' ? ' as a test' : '';
  const where = rule.at === 'edge' ? ' (at the edge)' : '';
  const secRule = rule.secRule === undefined ? [] : ['its Sec Rule matches'];
  return `${verb} requests${how}${where}${period}${when(rule, secRule)}${injected(rule)}.`;
}

function injected({ inject }: { readonly inject?: SignatureRule['inject'] }): string {
  if (inject === undefined) return '';
  const names = [...inject.request, ...inject.response].map(({ name }) => name);
  return `, and adds ${listed(names).replace(/ or /, ' and ')}`;
}

function thresholdSentence(rule: ThresholdRule, what: string): string {
  const limits = rule.conditions.map((condition) =>
    'moreThan' in condition
      ? `more than ${condition.moreThan} ${what} in ${durationText(condition.in)}`
      : `${condition.percentAbove} % more ${what} in ${durationText(condition.in)} than the mean over ${durationText(condition.baseline)}`,
  );
  const { users, endpoints } = rule.scope;
  const who = users === 'each' ? 'A user' : 'All users together';
  const place = endpoints === 'each' ? ' at one endpoint' : '';
  const period =
    rule.for === 'forever'
      ? 'for ever'
      : typeof rule.for === 'number'
        ? `for ${durationText(rule.for)}`
        : 'for as long as the window';
  const verb =
    rule.action === 'block'
      ? `${users === 'each' ? 'is' : 'are'} blocked ${period}`
      : rule.action === 'monitor'
        ? `${users === 'each' ? 'is' : 'are'} reported`
        : `${users === 'each' ? 'is' : 'are'} counted as a test`;
  return `${who} with ${limits.join(' and ')}${place} ${verb}${when(rule)}${injected(rule)}.`;
}

function enumerationSentence(rule: EnumerationRule): string {
  const where = rule.of === 'sensitive' ? 'sensitive' : `${rule.of}`;
  const names = rule.parameters === undefined ? '' : ` of ${listed(rule.parameters)}`;
  const data = rule.data === undefined ? '' : ` (${listed(rule.data)})`;
  return thresholdSentence(rule, `different ${where} values${names}${data}`);
}

const DATA_VERBS = Object.freeze({
  allow: 'may be sent',
  monitor: 'is reported',
  testing: 'is counted as a test',
  block: 'is blocked',
  redact: 'is replaced',
});

function dataSentence(rule: DataLossRule): string {
  const place = rule.in === 'both' ? 'requests and responses' : `${rule.in}s`;
  if (rule.kind === 'user') {
    const kind = rule.count === 'distinct' ? 'different values' : 'values';
    return thresholdSentence(rule, `${kind} of ${listed(rule.data)} in ${place}`);
  }
  return `Data of the type ${listed(rule.data)} in ${place} ${DATA_VERBS[rule.action]}${when(rule)}${injected(rule)}.`;
}

function when(criteria: Criteria, more: readonly string[] = []): string {
  const { source, payload = [], attributes = [], target } = criteria;
  const parts = [
    ...(target === undefined ? [] : targetWords(target)),
    ...(source === undefined ? [] : sourceWords(source)),
    ...attributes.map((one) => conditionWords(`the attribute ${one.attribute}`, one)),
    ...payload.map((one) =>
      conditionWords(`${one.part}${one.name === undefined ? '' : ` "${one.name}"`}`, one),
    ),
    ...more,
  ];
  return parts.length === 0 ? '' : `, when ${parts.join(' and ')}`;
}

function targetWords({
  services = [],
  endpoints = [],
  labels = [],
  urls = [],
}: Target): readonly string[] {
  const words: string[] = [];
  const places = [
    ...services.map((name) => `the service ${name}`),
    ...endpoints.map((name) => `the endpoint ${name}`),
    ...labels.map((name) => `an endpoint labelled ${name}`),
  ];
  if (places.length > 0) words.push(`it is for ${listed(places)}`);
  if (urls.length > 0) words.push(`the URL is like ${listed(urls.map((url) => `/${url}/`))}`);
  return words;
}

const SOURCE_WORDS: Readonly<Record<string, string>> = Object.freeze({
  address: 'the address',
  ipType: 'the kind of address',
  emailDomain: 'the email domain',
  userId: 'the user',
  organisation: 'the organisation',
  connection: 'the connection',
  asn: 'the ASN',
  region: 'the region',
});

function sourceWords(source: SourceCriteria): readonly string[] {
  const words: string[] = [];
  for (const [key, name] of Object.entries(SOURCE_WORDS)) {
    const among = source[key as keyof SourceCriteria] as Among<string | number> | undefined;
    if (among !== undefined) {
      words.push(`${name} is ${among.exclude ? 'known and not ' : ''}${listed(among.any)}`);
    }
  }
  const { userIdLike, userAgent, scanner, abuseVelocity, reputation } = source;
  const likes = [
    [userIdLike, 'the user'],
    [userAgent, 'the user agent'],
  ] as const;
  for (const [like, name] of likes) {
    if (like !== undefined) {
      words.push(`${name} is ${like.exclude ? 'not ' : ''}like /${like.matches}/`);
    }
  }
  if (scanner !== undefined) words.push(`the client is ${scanner.exclude ? 'no' : 'a'} scanner`);
  if (abuseVelocity !== undefined) words.push(`the abuse velocity is above ${abuseVelocity.above}`);
  if (reputation !== undefined) words.push(`the reputation is below ${reputation.below}`);
  return words;
}

const OPERATOR_WORDS: Readonly<Record<Condition['operator'], string>> = Object.freeze({
  equals: 'is',
  notEquals: 'is not',
  contains: 'contains',
  notContains: 'does not contain',
  matches: 'is like',
  notMatches: 'is not like',
  startsWith: 'begins with',
  endsWith: 'ends with',
  greater: 'is above',
  less: 'is below',
  in: 'is one of',
  notIn: 'is none of',
  exists: 'is there',
  notExists: 'is not there',
});

function conditionWords(what: string, { operator, value }: Condition): string {
  const words = `${what} ${OPERATOR_WORDS[operator]}`;
  if (value === undefined) return words;
  if (Array.isArray(value)) return `${words} ${listed(value)}`;
  if (operator === 'in' || operator === 'notIn') return `${words} the list ${String(value)}`;
  const text = String(value);
  return operator.toLowerCase().endsWith('matches') ? `${words} /${text}/` : `${words} "${text}"`;
}
