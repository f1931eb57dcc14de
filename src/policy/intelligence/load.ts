// All intelligence of a policy, loaded: what is asked about addresses, email addresses and user agents.
//
// Loading never throws and never stops: a source whose file is missing or wrong is off and reported.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { type AddressFacts, loadAddressFacts } from './address-facts.ts';
import { type AgentFacts, loadAgentFacts } from './agent-facts.ts';
import { type EmailFacts, loadEmailFacts } from './email-facts.ts';
import { internalTest } from './internal.ts';
import type { IntelligenceResources, Locate } from './resources.ts';
import {
  type IntelligenceOptions,
  type InternalAddresses,
  intelligence,
  internalAddresses,
} from './schema.ts';

export interface Intelligence {
  readonly addresses: AddressFacts;
  readonly emails: EmailFacts;
  readonly agents: AgentFacts;
  /** For 4 or 16 bytes of an address. */
  readonly isInternal: (address: Uint8Array) => boolean;
}

export interface IntelligenceSections {
  readonly intelligence?: IntelligenceOptions | undefined;
  readonly internalAddresses?: InternalAddresses | undefined;
}

/** `diagnostics` are warnings: what they name is off, the rest works. */
export interface LoadedIntelligence {
  readonly intelligence: Intelligence;
  readonly diagnostics: readonly Diagnostic[];
}

export function loadIntelligence(
  sections: IntelligenceSections,
  resources: IntelligenceResources,
  locate: Locate,
): LoadedIntelligence {
  const options = sections.intelligence ?? intelligence.parse({}, { jitless: true });
  const internal = sections.internalAddresses ?? internalAddresses.parse({}, { jitless: true });
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  return {
    intelligence: {
      addresses: loadAddressFacts(options, resources, locate, report),
      emails: loadEmailFacts(options, resources, locate, report),
      agents: loadAgentFacts(options, resources, locate, report),
      isInternal: internalTest(internal.ranges),
    },
    diagnostics,
  };
}
