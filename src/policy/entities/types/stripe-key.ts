// Stripe's secret and restricted keys and webhook secrets. Publishable keys are meant to be seen.

import type { DataType } from '../data-type.ts';
import { defineTokens, looksRandom } from '../tokens.ts';

export const stripeKey: DataType = defineTokens({
  name: 'stripe-key',
  summary: 'Stripe secret keys',
  evidence: 'format',
  rank: 85,
  forms: [
    ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_org_'].map((prefix) => ({
      prefix,
      also: '_',
      length: [20, 250] as const,
      isValid: looksRandom,
    })),
    { prefix: 'whsec_', also: '+/=', length: [32, 64], isValid: looksRandom },
  ],
});
