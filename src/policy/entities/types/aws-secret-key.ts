// AWS secret access keys: forty characters of Base64 that only their name tells from any others.

import { ASSIGNMENT_REACH, nameWords, readValue } from '../assignment.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { entropyOf } from '../tokens.ts';

const LENGTH = 40;
const LEAST_ENTROPY = 4;

export const awsSecretKey: DataType = defineDataType(
  {
    name: 'aws-secret-key',
    summary: 'AWS secret access keys behind their name',
    sets: ['credentials'],
    evidence: 'context',
    rank: 75,
  },
  { anchors: { names: ['key', 'ret'] }, after: ASSIGNMENT_REACH, recognise },
);

function recognise(text: string, at: number, end: number): Span | undefined {
  // Names end in "key", or in "secret" where "aws" stands in front.
  const name = nameWords(text, end);
  if (!/ (?:secret access key|secretaccesskey|aws .*secret|aws .*secret key) $/.test(name))
    return undefined;
  const value = readValue(text, at);
  if (value === undefined || value.end - value.start !== LENGTH) return undefined;
  const secret = text.slice(value.start, value.end);
  if (!/^[0-9A-Za-z/+]+$/.test(secret) || entropyOf(secret) < LEAST_ENTROPY) return undefined;
  return { start: value.start, end: value.end };
}
