// Who sends a request, as far as it is known: each fact is worked out when it is first asked for, once.

import { asciiLower } from '../../base/ascii.ts';
import { formatIp } from '../../base/ip.ts';
import {
  forwardedFor,
  NO_TRUSTED_PROXIES,
  parsePlainIp,
  resolveHops,
  type TrustedProxies,
  trustedHops,
  trustedRanges,
} from '../../http/forwarded.ts';
import type { ConnectionType } from '../document/criteria.ts';
import type { Region, SourceFacts } from '../facts/source.ts';
import { type Fact, firstKnown, knownValue, type NotKnown, unknown } from '../intelligence/fact.ts';
import type { Intelligence } from '../intelligence/load.ts';
import { LISTED_IP_TYPES } from '../intelligence/range-values.ts';
import type { ListedIpType } from '../intelligence/schema.ts';
import type { Email } from './email.ts';
import type { Identifier } from './identify.ts';
import type { AttributionEvidence, Identity, User } from './identity.ts';
import type { AttributionRequest } from './request.ts';
import type { ClientAddressOptions } from './schema.ts';

/** Facts of one request: what criteria see, and what it is made from. Asking never throws. */
export interface RequestSource extends SourceFacts {
  readonly request: AttributionRequest;
  readonly atMs: number;
  /** Who is connected to us. */
  readonly peer: string;
  /** The 4 or 16 bytes of `address`; undefined when the peer has no IP address (a Unix socket). */
  readonly addressBytes: Uint8Array | undefined;
  /** What was claimed and not believed; `evidence` says the same in words. */
  readonly disbelieved: readonly AttributionEvidence[];
  /** All types that are known to be true. For one type, `isOfType` tells "no" from "unknown". */
  readonly ipTypes: readonly ListedIpType[];
  readonly isBot: Fact<boolean>;
  readonly isScanner: Fact<boolean>;
}

/** What a source is read from; the view of a transaction fits. */
export interface SourceView {
  /** The peer. */
  readonly clientAddress: string;
  readonly request: AttributionRequest;
}

export interface RequestSourceReader {
  /** A user may stand in the body, so a source that was read before the body knows less. */
  readonly userStage: 'head' | 'request';
  readonly read: (view: SourceView, nowMs: number) => RequestSource;
}

export function createSourceReader(
  clientAddress: ClientAddressOptions | undefined,
  identifier: Identifier,
  intelligence: Intelligence,
): RequestSourceReader {
  const resolve = clientResolver(clientAddress);
  return {
    userStage: identifier.readsBody ? 'request' : 'head',
    read: (view, nowMs) => new LazySource(view, resolve(view), nowMs, identifier, intelligence),
  };
}

/** Sockets show link-local addresses with the interface they are reached by: `fe80::1%eth0`. */
function withoutZone(address: string): string {
  const at = address.indexOf('%');
  return at < 0 ? address : address.slice(0, at);
}

type ResolveClient = (view: SourceView) => string;

function clientResolver(options: ClientAddressOptions | undefined): ResolveClient {
  if (options === undefined) return ({ clientAddress }) => withoutZone(clientAddress);
  const name = asciiLower(options.header);
  const trusted: TrustedProxies =
    typeof options.trustedProxies === 'number'
      ? trustedHops(options.trustedProxies)
      : options.trustedProxies.length === 0
        ? NO_TRUSTED_PROXIES
        : trustedRanges(options.trustedProxies);
  return ({ clientAddress, request }) => {
    const lines = request.headers.pairs
      .filter(({ key }) => asciiLower(key) === name)
      .map(({ value }) => value);
    const claims = name === 'forwarded' ? forwardedFor(lines) : lines;
    const peer = { address: withoutZone(clientAddress), port: 0 };
    return resolveHops(peer, claims, trusted).address;
  };
}

/** A class, because an object with so many accessors of its own costs microseconds to make. */
class LazySource implements RequestSource {
  readonly request: AttributionRequest;
  readonly atMs: number;
  readonly peer: string;
  readonly address: string;
  readonly addressBytes: Uint8Array | undefined;
  readonly isInternal: boolean;
  readonly #identifier: Identifier;
  readonly #intelligence: Intelligence;
  #identity: Identity | undefined;
  #region: Fact<Region> | undefined;
  #asn: Fact<number> | undefined;
  #organisation: Fact<string> | undefined;
  #connection: Fact<ConnectionType> | undefined;
  #reputation: Fact<number> | undefined;
  #isDisposable: Fact<boolean> | undefined;
  #isLeaked: Fact<boolean> | undefined;
  #fraudScore: Fact<number> | undefined;
  #isBot: Fact<boolean> | undefined;
  #isScanner: Fact<boolean> | undefined;

  /** A field, because callers take it out of the object. */
  readonly isOfType = (type: ListedIpType): Fact<boolean> => {
    const listed = this.#intelligence.addresses.isOfType(this.addressBytes, type);
    if (type === 'bot') return either(this.isBot, listed);
    return type === 'scanner' ? either(this.isScanner, listed) : listed;
  };

  constructor(
    { clientAddress, request }: SourceView,
    client: string,
    nowMs: number,
    identifier: Identifier,
    intelligence: Intelligence,
  ) {
    const bytes = parsePlainIp(client) ?? undefined;
    this.request = request;
    this.atMs = nowMs;
    this.peer = clientAddress;
    this.address = bytes === undefined ? client : formatIp(bytes);
    this.addressBytes = bytes;
    this.isInternal = bytes !== undefined && intelligence.isInternal(bytes);
    this.#identifier = identifier;
    this.#intelligence = intelligence;
  }

  get #who(): Identity {
    this.#identity ??= this.#identifier.identify(this.request, this.atMs);
    return this.#identity;
  }

  get user(): Fact<User> {
    return this.#who.user;
  }

  get email(): Fact<Email> {
    return this.#who.email;
  }

  get roles(): Fact<readonly string[]> {
    return this.#who.roles;
  }

  get evidence(): readonly string[] {
    return this.#who.evidence.map(({ text, rule }) => `${text}, for ${rule}`);
  }

  get disbelieved(): readonly AttributionEvidence[] {
    return this.#who.evidence;
  }

  get region(): Fact<Region> {
    this.#region ??= this.#intelligence.addresses.region(this.addressBytes);
    return this.#region;
  }

  get asn(): Fact<number> {
    this.#asn ??= this.#intelligence.addresses.asn(this.addressBytes);
    return this.#asn;
  }

  get organisation(): Fact<string> {
    this.#organisation ??= firstKnown(
      [this.#intelligence.addresses.organisation(this.addressBytes), this.#who.organisation],
      NO_ORGANISATION,
    );
    return this.#organisation;
  }

  get connection(): Fact<ConnectionType> {
    this.#connection ??= this.#intelligence.addresses.connection(this.addressBytes);
    return this.#connection;
  }

  get reputation(): Fact<number> {
    this.#reputation ??= this.#intelligence.addresses.reputation(this.addressBytes);
    return this.#reputation;
  }

  get ipTypes(): readonly ListedIpType[] {
    return LISTED_IP_TYPES.filter((type) => knownValue(this.isOfType(type)) === true);
  }

  get isDisposableEmail(): Fact<boolean> {
    this.#isDisposable ??= this.#ofEmail(this.#intelligence.emails.isDisposable);
    return this.#isDisposable;
  }

  get isLeakedEmail(): Fact<boolean> {
    this.#isLeaked ??= this.#ofEmail(this.#intelligence.emails.isLeaked);
    return this.#isLeaked;
  }

  get fraudScore(): Fact<number> {
    this.#fraudScore ??= this.#ofEmail(this.#intelligence.emails.fraudScore);
    return this.#fraudScore;
  }

  get userAgent(): string | undefined {
    return this.request.headers.pairs.find(({ key }) => asciiLower(key) === 'user-agent')?.value;
  }

  get isBot(): Fact<boolean> {
    this.#isBot ??= this.#intelligence.agents.isBot(this.userAgent);
    return this.#isBot;
  }

  get isScanner(): Fact<boolean> {
    this.#isScanner ??= this.#intelligence.agents.isScanner(this.userAgent);
    return this.#isScanner;
  }

  #ofEmail<T>(ask: (email: Email) => Fact<T>): Fact<T> {
    const { email } = this.#who;
    if (email.known) return ask(email.value);
    return unknown('no-input', `no email address is known: ${email.detail}`);
  }
}

const NO_ORGANISATION: NotKnown = unknown(
  'not-configured',
  'no source of organisation is configured',
);

/** True when one of them is; false only when each that is configured says so. */
function either(one: Fact<boolean>, other: Fact<boolean>): Fact<boolean> {
  if (one.known && one.value) return one;
  if (other.known && other.value) return other;
  if (!one.known && one.why !== 'not-configured') return one;
  if (!other.known && other.why !== 'not-configured') return other;
  return one.known ? one : other;
}
