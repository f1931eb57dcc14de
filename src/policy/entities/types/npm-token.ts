// npm's access tokens, with the check sum that GitHub's have.

import type { DataType } from '../data-type.ts';
import { hasTokenSum } from '../token-crc.ts';
import { defineTokens } from '../tokens.ts';

export const npmToken: DataType = defineTokens({
  name: 'npm-token',
  summary: 'npm access tokens',
  evidence: 'checksum',
  rank: 90,
  forms: [{ prefix: 'npm_', length: 36, isValid: hasTokenSum }],
});
