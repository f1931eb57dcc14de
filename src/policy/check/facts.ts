// Facts that rules ask for and no section of the document gives: such a criterion never holds, whatever is sent.

import type { Criteria } from '../document/criteria.ts';
import type { PolicySections } from '../document/document.ts';
import type { Path } from '../document/positions.ts';
import type { RangeKind } from '../intelligence/schema.ts';
import type { Reporter } from './reporter.ts';

type Asked =
  | 'region'
  | 'asn'
  | 'organisation'
  | 'connection'
  | 'reputation'
  | 'ipType'
  | 'bot'
  | 'scanner'
  | 'user'
  | 'email'
  | 'role'
  | 'disposable'
  | 'leaked'
  | 'fraudScore'
  | 'score';

interface Source {
  /** What is not known without it. */
  readonly what: string;
  readonly isGiven: (document: PolicySections) => boolean;
  readonly help: string;
}

const hasRanges =
  (kind: RangeKind) =>
  ({ intelligence }: PolicySections): boolean =>
    intelligence?.ranges.some((list) => list.kind === kind) ?? false;

const claims = (
  { attribution }: PolicySections,
  claim: 'email' | 'organisation' | 'role',
): boolean => attribution.some((rule) => Boolean(new Map(Object.entries(rule)).get(claim)));

const SOURCES: Readonly<Record<Asked, Source>> = Object.freeze({
  region: {
    what: 'region of an address',
    isGiven: (document) =>
      document.intelligence?.geo !== undefined || hasRanges('region')(document),
    help: 'add intelligence: { geo: { mmdb: FILE } }, or ranges of the kind region',
  },
  asn: {
    what: 'ASN of an address',
    isGiven: (document) => document.intelligence?.asn !== undefined || hasRanges('asn')(document),
    help: 'add intelligence: { asn: { mmdb: FILE } }, or ranges of the kind asn',
  },
  organisation: {
    what: 'organisation',
    isGiven: (document) =>
      document.intelligence?.asn !== undefined ||
      hasRanges('organisation')(document) ||
      claims(document, 'organisation'),
    help: 'add intelligence: { asn: { mmdb: FILE } }, ranges of the kind organisation, or a claim in attribution',
  },
  connection: {
    what: 'connection type of an address',
    isGiven: (document) =>
      document.intelligence?.connections !== undefined || hasRanges('connection')(document),
    help: 'add intelligence: { connections: { mmdb: FILE } }, or ranges of the kind connection',
  },
  reputation: {
    what: 'reputation of an address',
    isGiven: hasRanges('reputation'),
    help: 'add intelligence: { ranges: [{ kind: reputation, file: FILE }] }',
  },
  ipType: {
    what: 'kind of an address',
    isGiven: (document) =>
      document.intelligence?.ipTypes !== undefined || hasRanges('ipType')(document),
    help: 'add intelligence: { ipTypes: { mmdb: FILE } }, or ranges of the kind ipType',
  },
  bot: {
    what: 'kind of client',
    isGiven: (document) => hasList(document, 'bots') || hasRanges('ipType')(document),
    help: 'add intelligence: { bots: { package: true } }, or files of user agents',
  },
  scanner: {
    what: 'kind of client',
    isGiven: (document) => hasList(document, 'scanners') || hasRanges('ipType')(document),
    help: 'add intelligence: { scanners: { package: true } }, or files of user agents',
  },
  user: {
    what: 'user',
    isGiven: ({ attribution }) => attribution.length > 0,
    help: 'add attribution: say where requests carry their user',
  },
  email: {
    what: 'email address of a user',
    isGiven: (document) => claims(document, 'email'),
    help: 'add attribution: a rule whose users are email addresses, or a claim with one',
  },
  role: {
    what: 'role of a user',
    isGiven: (document) => claims(document, 'role'),
    help: 'add attribution: a jwt rule with a role',
  },
  disposable: {
    what: 'list of disposable email domains',
    isGiven: (document) => hasList(document, 'disposableDomains'),
    help: 'add intelligence: { disposableDomains: { package: true } }, or files of domains',
  },
  leaked: {
    what: 'list of leaked email addresses',
    isGiven: ({ intelligence }) => intelligence?.leakedEmails !== undefined,
    help: 'add intelligence: { leakedEmails: { files: [FILE] } }',
  },
  fraudScore: {
    what: 'fraud score of an email address',
    isGiven: ({ intelligence }) => intelligence?.emailFraudScores !== undefined,
    help: 'add intelligence: { emailFraudScores: { file: FILE } }',
  },
  score: {
    what: 'abuse velocity of an actor',
    isGiven: ({ actors }) => actors?.score !== undefined,
    help: 'add actors: { score: {} }',
  },
});

/** Without the section the packages that come along are used. */
function hasList(
  { intelligence }: PolicySections,
  section: 'bots' | 'scanners' | 'disposableDomains',
): boolean {
  const list = intelligence?.[section];
  return list === undefined || list.package || list.files.length > 0;
}

/** By the names of criteria and attributes. */
const ASKED: Readonly<Record<string, Asked>> = Object.freeze({
  region: 'region',
  country: 'region',
  asn: 'asn',
  organisation: 'organisation',
  connection: 'connection',
  reputation: 'reputation',
  scanner: 'scanner',
  userId: 'user',
  userIdLike: 'user',
  user: 'user',
  userVerified: 'user',
  email: 'email',
  emailDomain: 'email',
  role: 'role',
  fraudScore: 'fraudScore',
  abuseVelocity: 'score',
});

export function checkFacts(reporter: Reporter): void {
  const { sources, signatures, rateLimits, dataLossPrevention, enumeration } = reporter.document;
  const { allow, block } = reporter.document;
  for (const list of [allow, block]) {
    if (list !== undefined && list.actors.length > 0) need(list, ['actors'], 'user', reporter);
  }
  if (allow !== undefined && allow.emailDomains.length > 0) {
    need(allow, ['emailDomains'], 'email', reporter);
  }
  if (block?.allEmailDomainsExcept !== undefined) {
    need(block, ['allEmailDomainsExcept'], 'email', reporter);
  }
  for (const rule of sources) {
    if (rule.regions !== undefined) need(rule, ['regions'], 'region', reporter);
    if (rule.ipTypes !== undefined) needTypes(rule, ['ipTypes'], rule.ipTypes, reporter);
    if (rule.emails === undefined) continue;
    const { disposable, leaked, fraudScoreAbove } = rule.emails;
    need(rule, ['emails'], 'email', reporter);
    if (disposable) need(rule, ['emails', 'disposable'], 'disposable', reporter);
    if (leaked) need(rule, ['emails', 'leaked'], 'leaked', reporter);
    if (fraudScoreAbove !== undefined) {
      need(rule, ['emails', 'fraudScoreAbove'], 'fraudScore', reporter);
    }
  }
  for (const rule of [...signatures, ...rateLimits, ...dataLossPrevention, ...enumeration]) {
    checkCriteria(rule, reporter);
  }
}

function checkCriteria(rule: Criteria, reporter: Reporter): void {
  const { source = {}, attributes = [] } = rule;
  for (const [key, value] of Object.entries(source)) {
    const asked = ASKED[key];
    if (value !== undefined && asked !== undefined) need(rule, ['source', key], asked, reporter);
  }
  if (source.ipType !== undefined) {
    needTypes(rule, ['source', 'ipType'], source.ipType.any, reporter);
  }
  attributes.forEach(({ attribute, operator }, index) => {
    const asked = ASKED[attribute];
    // That nothing is known can be asked for.
    if (asked === undefined || operator === 'notExists') return;
    need(rule, ['attributes', index, 'attribute'], asked, reporter);
  });
}

function needTypes(rule: object, path: Path, types: readonly string[], reporter: Reporter): void {
  const asked = types.map(
    (type): Asked => (type === 'bot' || type === 'scanner' ? type : 'ipType'),
  );
  for (const one of new Set(asked)) need(rule, path, one, reporter);
}

function need(rule: object, path: Path, asked: Asked, reporter: Reporter): void {
  const { what, isGiven, help } = SOURCES[asked];
  if (isGiven(reporter.document)) return;
  reporter.warn(rule, path, {
    code: 'policy-no-source',
    message: `nothing in the document says the ${what}, so this never holds`,
    help,
  });
}
