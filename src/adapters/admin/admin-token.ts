// The token of the API: checked in constant time, and never shown.

import { createHash, timingSafeEqual } from 'node:crypto';

/** Shorter ones can be found by trying. */
export const MIN_TOKEN_CHARS = 16;

export type TokenTest = (authorization: string | undefined) => boolean;

/** Whether an `Authorization` field holds the token. Throws for a token that is too short. */
export function tokenTest(token: string): TokenTest {
  if (token.length < MIN_TOKEN_CHARS) {
    throw new RangeError(
      `the token of the admin API has ${token.length} characters, expected ${MIN_TOKEN_CHARS} or more`,
    );
  }
  const wanted = digest(token);
  return (authorization) => {
    const given = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
    // Digests have one length, so that the comparison tells nothing of the token's.
    return timingSafeEqual(digest(given ?? ''), wanted) && given !== undefined;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
