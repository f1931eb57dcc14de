// Slack's tokens: bot, user, app, refresh and workspace tokens, and the secret part of incoming webhooks.

import type { DataType } from '../data-type.ts';
import { defineTokens, looksRandom } from '../tokens.ts';

export const slackToken: DataType = defineTokens({
  name: 'slack-token',
  summary: 'Slack tokens and webhooks',
  evidence: 'format',
  rank: 85,
  forms: [
    ...[
      'xoxb-',
      'xoxp-',
      'xoxa-',
      'xoxr-',
      'xoxs-',
      'xoxo-',
      'xoxe-',
      'xoxc-',
      'xoxd-',
      'xapp-',
    ].map((prefix) => ({ prefix, also: '-%', length: [20, 300] as const, isValid: looksRandom })),
    { prefix: 'xoxe.xox', also: '-.', length: [20, 300], isValid: looksRandom },
    {
      prefix: 'hooks.slack.com/',
      also: '/',
      length: [40, 100],
      isValid: (body: string) =>
        /^(?:services|workflows|triggers)\/[TE][0-9A-Z]{6,}\/[0-9A-Z]{6,}\/[0-9A-Za-z]{20,}$/.test(
          body,
        ),
    },
  ],
});
