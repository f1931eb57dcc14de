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
import type { SourceFacts } from '../facts/source.ts';
import { type Fact, firstKnown, knownValue, type NotKnown, unknown } from '../intelligence/fact.ts';
import type { Intelligence } from '../intelligence/load.ts';
import { LISTED_IP_TYPES } from '../intelligence/range-values.ts';
import type { ListedIpType } from '../intelligence/schema.ts';
import type { Email } from './email.ts';
import type { Identifier } from './identify.ts';
import type { AttributionEvidence } from './identity.ts';
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
    read: (view, nowMs) => sourceOf(view, resolve(view), nowMs, identifier, intelligence),
  };
}

type ResolveClient = (view: SourceView) => string;

function clientResolver(options: ClientAddressOptions | undefined): ResolveClient {
  if (options === undefined) return ({ clientAddress }) => clientAddress;
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
    return resolveHops({ address: clientAddress, port: 0 }, claims, trusted).address;
  };
}

function sourceOf(
  { clientAddress, request }: SourceView,
  client: string,
  nowMs: number,
  identifier: Identifier,
  { addresses, emails, agents, isInternal }: Intelligence,
): RequestSource {
  const bytes = parsePlainIp(client) ?? undefined;
  const identity = once(() => identifier.identify(request, nowMs));
  const userAgent = once(
    () => request.headers.pairs.find(({ key }) => asciiLower(key) === 'user-agent')?.value,
  );
  const isBot = once(() => agents.isBot(userAgent()));
  const isScanner = once(() => agents.isScanner(userAgent()));
  const region = once(() => addresses.region(bytes));
  const asn = once(() => addresses.asn(bytes));
  const organisation = once(() =>
    firstKnown([addresses.organisation(bytes), identity().organisation], NO_ORGANISATION),
  );
  const connection = once(() => addresses.connection(bytes));
  const reputation = once(() => addresses.reputation(bytes));
  const isOfType = (type: ListedIpType): Fact<boolean> => {
    const listed = addresses.isOfType(bytes, type);
    if (type === 'bot') return either(isBot(), listed);
    return type === 'scanner' ? either(isScanner(), listed) : listed;
  };
  const ofEmail = <T>(ask: (email: Email) => Fact<T>): (() => Fact<T>) =>
    once(() => {
      const { email } = identity();
      if (email.known) return ask(email.value);
      return unknown('no-input', `no email address is known: ${email.detail}`);
    });
  const isDisposableEmail = ofEmail(emails.isDisposable);
  const isLeakedEmail = ofEmail(emails.isLeaked);
  const fraudScore = ofEmail(emails.fraudScore);
  return {
    request,
    atMs: nowMs,
    peer: clientAddress,
    address: bytes === undefined ? client : formatIp(bytes),
    addressBytes: bytes,
    isInternal: bytes !== undefined && isInternal(bytes),
    isOfType,
    get user() {
      return identity().user;
    },
    get email() {
      return identity().email;
    },
    get roles() {
      return identity().roles;
    },
    get evidence() {
      return identity().evidence.map(({ text, rule }) => `${text}, for ${rule}`);
    },
    get disbelieved() {
      return identity().evidence;
    },
    get region() {
      return region();
    },
    get asn() {
      return asn();
    },
    get organisation() {
      return organisation();
    },
    get connection() {
      return connection();
    },
    get reputation() {
      return reputation();
    },
    get ipTypes() {
      return LISTED_IP_TYPES.filter((type) => knownValue(isOfType(type)) === true);
    },
    get isDisposableEmail() {
      return isDisposableEmail();
    },
    get isLeakedEmail() {
      return isLeakedEmail();
    },
    get fraudScore() {
      return fraudScore();
    },
    get userAgent() {
      return userAgent();
    },
    get isBot() {
      return isBot();
    },
    get isScanner() {
      return isScanner();
    },
  };
}

const NO_ORGANISATION: NotKnown = unknown(
  'not-configured',
  'no source of organisation is configured',
);

/** Works it out when it is first asked for. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

/** True when one of them is; false only when each that is configured says so. */
function either(one: Fact<boolean>, other: Fact<boolean>): Fact<boolean> {
  if (one.known && one.value) return one;
  if (other.known && other.value) return other;
  if (!one.known && one.why !== 'not-configured') return one;
  if (!other.known && other.why !== 'not-configured') return other;
  return one.known ? one : other;
}
