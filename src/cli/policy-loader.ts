// Loads the code of policies when a policy is named, and not before.

import type { loadPolicyFromOptions } from './policy-loading.ts';
import { noPolicy, type PolicyOptions } from './policy-options.ts';

export type PolicyLoader = typeof loadPolicyFromOptions;

/** What loads the policy that the options name, whenever it is called. */
export async function policyLoader({ policy }: PolicyOptions): Promise<PolicyLoader> {
  return policy.length === 0
    ? noPolicy
    : (await import('./policy-loading.ts')).loadPolicyFromOptions;
}
