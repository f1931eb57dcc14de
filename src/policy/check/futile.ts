// What a document says and can never do, or does to everybody: it runs, and is nearly always not what was meant.

import { type IpPrefix, parsePrefix } from '../../base/ip.ts';
import { ROWS } from '../../model/decision.ts';
import type { Endpoint } from '../document/places.ts';
import { endpointName } from '../document/places.ts';
import type { Path } from '../document/positions.ts';
import type { SignatureRule } from '../document/signature-rule.ts';
import { internalPrefixes } from '../intelligence/internal.ts';
import { placeText } from './names.ts';
import { covers, shares } from './overlaps.ts';
import type { Reporter } from './reporter.ts';
import { hasCriteria } from './signatures.ts';

export function checkFutile(reporter: Reporter): void {
  checkEverybody(reporter);
  checkInternal(reporter);
  checkOpposites(reporter);
  checkEndpoints(reporter);
}

const isEverybody = (text: string): boolean => parsePrefix(text)?.bits === 0;

/** Ranges of all addresses where only some can be meant. */
function checkEverybody(reporter: Reporter): void {
  const { clientAddress, allow, sources } = reporter.document;
  const warn = (part: object, path: Path, text: string, effect: string, help: string): void =>
    reporter.warn(part, path, {
      code: 'policy-overlap',
      message: `${text} is everybody, so ${effect}`,
      help,
    });
  if (clientAddress !== undefined && typeof clientAddress.trustedProxies === 'object') {
    for (const [index, text] of clientAddress.trustedProxies.entries()) {
      if (!isEverybody(text)) continue;
      const effect = `every client is believed whatever it writes into ${clientAddress.header}`;
      const help = 'name the addresses of your proxies, or how many stand in front';
      warn(clientAddress, ['trustedProxies', index], text, effect, help);
    }
  }
  const effect = 'nothing is ever blocked';
  const help = 'name the addresses that are meant, or set SecRuleEngine DetectionOnly to try rules';
  for (const [index, text] of allow?.addresses.entries() ?? []) {
    if (isEverybody(text)) warn(allow as object, ['addresses', index], text, effect, help);
  }
  for (const rule of sources) {
    if (rule.action !== 'allow' || rule.covers !== 'everything' || !rule.enabled) continue;
    for (const [index, text] of rule.addresses?.entries() ?? []) {
      if (isEverybody(text)) warn(rule, ['addresses', index], text, effect, help);
    }
  }
}

/** Internal addresses are not blocked as sources unless the document says so. */
function checkInternal(reporter: Reporter): void {
  const { internalAddresses, sources } = reporter.document;
  if (internalAddresses?.blockSources === true) return;
  const internal: readonly IpPrefix[] = internalPrefixes(internalAddresses?.ranges ?? []);
  for (const rule of sources) {
    if (rule.action !== 'block' || !rule.enabled) continue;
    for (const [index, text] of rule.addresses?.entries() ?? []) {
      const prefix = parsePrefix(text);
      if (prefix === null || !covers(internal, prefix)) continue;
      reporter.warn(rule, ['addresses', index], {
        code: 'policy-unreachable',
        message: `${text} is never blocked: it is internal, and internal addresses are not blocked as sources`,
        help: 'write internalAddresses: { blockSources: true }, or block requests with a signature',
      });
    }
  }
}

/** Of two signatures that describe the same and want opposite things, one does nothing. */
function checkOpposites(reporter: Reporter): void {
  const { signatures, table = ROWS } = reporter.document;
  const winning =
    table.indexOf('custom-signature-allow') < table.indexOf('custom-signature-block')
      ? 'allow'
      : 'block';
  const lasting = signatures.filter(
    (rule) =>
      rule.enabled &&
      rule.expires === undefined &&
      (rule.secRule !== undefined || hasCriteria(rule)),
  );
  const winners = new Map<string, SignatureRule>();
  for (const rule of lasting) if (rule.action === winning) winners.set(describes(rule), rule);
  for (const rule of lasting) {
    if (rule.action !== 'allow' && rule.action !== 'block') continue;
    const winner = winners.get(describes(rule));
    if (winner === undefined || rule.action === winning || !shares(winner, rule)) continue;
    reporter.warn(rule, ['action'], {
      code: 'policy-contradiction',
      message: `"${rule.name}" does nothing: "${winner.name}"${placeText(winner, reporter)} describes the same, and its "${winning}" comes first`,
      help: 'remove one of them, or tell them apart',
    });
  }
}

function describes({ source, payload, attributes, target, secRule, at }: SignatureRule): string {
  return JSON.stringify([source, payload, attributes, target, secRule, at]);
}

/** Of two endpoints with the same method and path, the second is never meant. */
function checkEndpoints(reporter: Reporter): void {
  const first = new Map<string, Endpoint>();
  for (const endpoint of reporter.document.endpoints) {
    const { service, method, path } = endpoint;
    const shape = JSON.stringify([service, method, path.replace(/\{[^}]*\}/g, '{}')]);
    const other = first.get(shape);
    if (other === undefined) {
      first.set(shape, endpoint);
      continue;
    }
    reporter.warn(endpoint, ['path'], {
      code: 'policy-unreachable',
      message: `no request is for this endpoint: "${endpointName(other)}"${placeText(other, reporter)} has the same method and path`,
      help: 'remove one of them; an endpoint may have several labels',
    });
  }
}
