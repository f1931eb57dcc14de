// Identifiers of AWS access keys, long-lived and temporary, and keys of Bedrock. The secrets beside them are
// `aws-secret-key`.

import type { DataType } from '../data-type.ts';
import { defineTokens, looksRandom } from '../tokens.ts';

export const awsAccessKey: DataType = defineTokens({
  name: 'aws-access-key',
  summary: 'AWS access key identifiers',
  evidence: 'format',
  rank: 85,
  forms: [
    ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => ({
      prefix,
      alphabet: 'upper' as const,
      length: 16,
      isValid: (body: string) => /^[A-Z2-7]+$/.test(body) && /[2-7]/.test(body),
    })),
    { prefix: 'ABSK', also: '+/=', length: [109, 269], isValid: looksRandom },
  ],
});
