// Google's API keys, OAuth client secrets, access and refresh tokens. Keys of service accounts are `private-key`.

import type { DataType } from '../data-type.ts';
import { defineTokens, looksRandom } from '../tokens.ts';

export const gcpKey: DataType = defineTokens({
  name: 'gcp-key',
  summary: 'Google Cloud keys and tokens',
  evidence: 'format',
  rank: 85,
  forms: [
    { prefix: 'AIza', also: '_-', length: 35, isValid: looksRandom },
    { prefix: 'GOCSPX-', also: '_-', length: 28, isValid: looksRandom },
    { prefix: 'ya29.', also: '_-.', length: [40, 500], isValid: looksRandom },
    { prefix: '1//0', also: '_-', length: [60, 200], isValid: looksRandom },
  ],
});
