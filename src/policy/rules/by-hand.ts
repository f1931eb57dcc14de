// The lists that somebody wrote by hand: addresses, users and email domains that are always let through, or
// always kept out.

import { utf8ByteString } from '../../base/bytes.ts';
import { addressTest } from '../criteria/source.ts';
import type { AllowList, BlockList } from '../document/document.ts';
import type { SourceFacts } from '../facts/source.ts';
import type { Findings } from './findings.ts';

export interface HandLists {
  readonly onAddress: (source: SourceFacts, findings: Findings) => void;
  readonly onUser: (source: SourceFacts, findings: Findings, mayBlock: boolean) => void;
}

const bytes = (texts: readonly string[] = []): ReadonlySet<string> =>
  new Set(texts.map(utf8ByteString));

export function compileHandLists(
  allow: AllowList | undefined,
  block: BlockList | undefined,
): HandLists {
  const isAllowedAddress = addressTest(allow?.addresses ?? []);
  const allowedActors = bytes(allow?.actors);
  const allowedDomains = bytes(allow?.emailDomains);
  const blockedActors = bytes(block?.actors);
  const onlyDomains =
    block?.allEmailDomainsExcept === undefined ? undefined : bytes(block.allEmailDomainsExcept);
  return {
    onAddress: ({ address }, findings) => {
      if (isAllowedAddress(address)) {
        findings.add('ip-allow', { rule: 'allow.addresses', reason: `address ${address}` });
      }
    },
    onUser: ({ user, email, address }, findings, mayBlock) => {
      if (user.known && allowedActors.has(user.value.id)) {
        findings.add('actor-allow', { rule: 'allow.actors', reason: `the user (${user.from})` });
      }
      if (email.known && allowedDomains.has(email.value.domain)) {
        const { domain } = email.value;
        findings.add('email-domain-allow', {
          rule: 'allow.emailDomains',
          reason: `email domain ${domain}`,
        });
      }
      const isBlocked = user.known && blockedActors.has(user.value.id);
      const isOutside = email.known && onlyDomains?.has(email.value.domain) === false;
      if (!mayBlock) {
        if (isBlocked) findings.passOver('actor-block', () => `${address} is internal`);
        if (isOutside) {
          findings.passOver('email-domain-block-all-except', () => `${address} is internal`);
        }
        return;
      }
      if (isBlocked) {
        findings.add('actor-block', { rule: 'block.actors', reason: `the user (${user.from})` });
      }
      if (isOutside) {
        findings.add('email-domain-block-all-except', {
          rule: 'block.allEmailDomainsExcept',
          reason: `email domain ${email.value.domain}`,
        });
      } else if (onlyDomains !== undefined && !email.known) {
        findings.passOver(
          'email-domain-block-all-except',
          () => `the email is unknown: ${email.detail}`,
        );
      }
    },
  };
}
