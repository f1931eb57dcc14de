// Keys of services that run language models.

import type { DataType } from '../data-type.ts';
import { defineTokens, entropyOf, looksRandom } from '../tokens.ts';

export const aiServiceKey: DataType = defineTokens({
  name: 'ai-service-key',
  summary: 'keys of OpenAI, Anthropic, Hugging Face, Groq, xAI, Replicate, Perplexity',
  evidence: 'format',
  rank: 85,
  forms: [
    { prefix: 'sk-ant-', also: '_-', length: [80, 130], isValid: looksRandom },
    {
      prefix: 'sk-',
      also: '_-',
      length: [40, 220],
      isValid: (body: string) => body.includes('T3BlbkFJ'),
    },
    { prefix: 'hf_', length: [34, 40], isValid: (body: string) => entropyOf(body) > 3.5 },
    { prefix: 'gsk_', length: 52, isValid: looksRandom },
    { prefix: 'xai-', length: 80, isValid: looksRandom },
    { prefix: 'r8_', length: 37, isValid: looksRandom },
    { prefix: 'pplx-', length: [48, 56], isValid: looksRandom },
  ],
});
