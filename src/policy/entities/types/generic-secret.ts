// Keys, secrets and tokens of whatever service, by the name in front of them and by looking drawn at random.

import { ASSIGNMENT_REACH, isPlaceholder, nameWords, readValue } from '../assignment.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { entropyOf } from '../tokens.ts';

const NAME =
  /(?: api key| apikey| api secret| api token| app key| app secret| access key| access token| refresh token| auth token| bearer token| session token| id token| client secret| consumer secret| shared secret| secret key| secret| private key| signing key| encryption key| master key| account key| service key| webhook secret| auth key| auth| token| credential| credentials) $/;
/** Tokens that are handed out to be seen: against forgery of requests, for the next page. */
const HARMLESS =
  / (?:csrf|xsrf|next|previous|prev|page|cursor|continuation|sync|public|publishable|site|verification|etag|id) /;

const SHORTEST = 16;
const LEAST_ENTROPY = 3.3;
/** Hexadecimal digits carry four bits at most. */
const LEAST_HEX_ENTROPY = 2.8;

export const genericSecret: DataType = defineDataType(
  {
    name: 'generic-secret',
    summary: 'API keys, secrets and tokens behind their name, when they look random',
    sets: ['credentials'],
    evidence: 'context',
    rank: 10,
  },
  {
    anchors: { names: ['key', 'ret', 'ken', 'uth', 'ial', 'als'] },
    after: ASSIGNMENT_REACH,
    recognise,
  },
);

function recognise(text: string, at: number, end: number): Span | undefined {
  const name = nameWords(text, end);
  if (!NAME.test(name) || HARMLESS.test(name)) return undefined;
  const value = readValue(text, at);
  if (value === undefined || value.end - value.start < SHORTEST) return undefined;
  const secret = text.slice(value.start, value.end);
  if (!/^[0-9A-Za-z+/=_.~!@#$%^*-]+$/.test(secret) || isPlaceholder(secret)) return undefined;
  // What is assigned without quotes, with blanks, may be code: `token = this.token1`.
  if (!value.quoted && value.spaced && !/^[0-9A-Za-z+/=_-]+$/.test(secret)) return undefined;
  // Names of things have letters alone, and versions or amounts digits alone.
  if (!/[0-9]/.test(secret) || !/[A-Za-z]/.test(secret)) return undefined;
  const least = /^[0-9A-Fa-f-]+$/.test(secret) ? LEAST_HEX_ENTROPY : LEAST_ENTROPY;
  return entropyOf(secret) < least ? undefined : { start: value.start, end: value.end };
}
