// GitHub's tokens: personal, OAuth, user, server and refresh tokens with a check sum, fine-grained ones without a
// published one.

import type { DataType } from '../data-type.ts';
import { hasTokenSum } from '../token-crc.ts';
import { defineTokens, looksRandom } from '../tokens.ts';

export const githubToken: DataType = defineTokens({
  name: 'github-token',
  summary: 'GitHub tokens',
  evidence: 'checksum',
  rank: 90,
  forms: [
    ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => ({
      prefix,
      length: 36,
      isValid: hasTokenSum,
    })),
    {
      prefix: 'github_pat_',
      also: '_',
      length: 82,
      isValid: (body: string) => body.charAt(22) === '_' && looksRandom(body),
    },
  ],
});
