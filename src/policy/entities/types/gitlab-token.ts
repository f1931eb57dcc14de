// GitLab's tokens: personal, deploy, runner, job, trigger, feed, agent and mail tokens.

import type { DataType } from '../data-type.ts';
import { defineTokens, looksRandom } from '../tokens.ts';

export const gitlabToken: DataType = defineTokens({
  name: 'gitlab-token',
  summary: 'GitLab tokens',
  evidence: 'format',
  rank: 85,
  forms: [
    { prefix: 'glpat-', also: '_-.', length: [20, 300], isValid: looksRandom },
    ...[
      'gldt-',
      'glrt-',
      'glrtr-',
      'glcbt-',
      'glptt-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glsoat-',
    ].map((prefix) => ({ prefix, also: '_-.', length: [20, 300] as const, isValid: looksRandom })),
    ...['glft-', 'glffct-'].map((prefix) => ({
      prefix,
      also: '_-',
      length: [20, 64] as const,
      isValid: looksRandom,
    })),
  ],
});
