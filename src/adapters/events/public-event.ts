// Events as they leave the process: JSON values, with nothing in them that tells who somebody is.
//
// Actors are pseudonyms from the start, and evidence names what matched, not its value. What is left to
// mask is what a path may hold of a person, and the client's address where that is asked for.

import { isByteString } from '../../base/bytes.ts';
import { formatIp, parseIp } from '../../base/ip.ts';
import type { PolicyEvent } from '../../model/policy-event.ts';
import { decodeText } from '../../policy/edit/text.ts';

/** The shape is a promise; null where there is nothing. */
export interface PublicEvent {
  /** ISO 8601. */
  readonly time: string;
  readonly id: string;
  readonly kind: PolicyEvent['kind'];
  readonly rule: string;
  readonly row: string | null;
  readonly severity: PolicyEvent['severity'];
  readonly status: PolicyEvent['status'];
  readonly actor: string | null;
  readonly source: string;
  readonly endpoint: string;
  readonly evidence: string;
  readonly action: string;
  readonly effect: PolicyEvent['effect'];
}

export interface PublicEventOptions {
  /** Addresses are cut to their network: /24, or /48 for IPv6. Default: they are shown. */
  readonly maskAddresses?: boolean | undefined;
}

export function publicEvent(event: PolicyEvent, options: PublicEventOptions = {}): PublicEvent {
  const { source } = event;
  const shown = options.maskAddresses === true ? networkOf(source) : source;
  // Evidence says nothing of addresses but the client's own.
  const evidence =
    shown === source || source === '' ? event.evidence : event.evidence.replaceAll(source, shown);
  return {
    time: new Date(event.time).toISOString(),
    id: event.id,
    kind: event.kind,
    rule: event.rule,
    row: event.row ?? null,
    severity: event.severity,
    status: event.status,
    actor: event.actor ?? null,
    source: shown,
    endpoint: readable(maskedEndpoint(event.endpoint)),
    evidence: readable(maskedEmails(evidence)),
    action: event.action,
    effect: event.effect,
  };
}

const IPV4_BYTES = 3;
const IPV6_BYTES = 6;

/** `203.0.113.0/24`; what is no address is not shown at all. */
export function networkOf(address: string): string {
  const parsed = parseIp(address);
  if (parsed === null) return '';
  const kept = parsed.length === 4 ? IPV4_BYTES : IPV6_BYTES;
  const network = parsed.map((byte, at) => (at < kept ? byte : 0));
  return `${formatIp(network)}/${kept * 8}`;
}

/** In a path, a letter or digit can stand percent-encoded. */
const EMAIL = /[^\s/"'<>()]+(?:@|%40)[^\s/"'<>()]+/gi;
/** A long run of letters and digits in both cases: a token, not a word. */
const TOKEN = /^(?=.*\d)(?=.*[A-Za-z])[\w.~-]{20,}$/;

function maskedEmails(text: string): string {
  return /@|%40/i.test(text) ? text.replace(EMAIL, '{}') : text;
}

function maskedEndpoint(endpoint: string): string {
  return endpoint
    .split('/')
    .map((segment) => (TOKEN.test(segment) ? '{}' : maskedEmails(segment)))
    .join('/');
}

/** What comes from requests is bytes, what comes from documents is text; the two stand side by side. */
function readable(text: string): string {
  return isByteString(text) ? (decodeText(text) ?? text) : text;
}
