// The header fields that count, where a request repeats or contradicts itself in a way that has one reading.
//
// A front end that passed both on would leave the reading to whoever comes next. What has no single reading is
// refused instead (strictness.ts).

import type { Pair } from '../model/pair.ts';

/**
 * The fields to judge and to forward; the very same list when nothing had to change.
 *
 * - Content-Length beside Transfer-Encoding is dropped: RFC 9112 6.3 lets chunks win and forbids to forward the
 *   length. The connection must be closed afterwards.
 * - Repeated Content-Type fields become one, joined by a comma as RFC 9110 5.2 combines fields: the upstream
 *   cannot pick another than the rules saw.
 */
export function effectiveHeaders(headers: readonly Pair[]): readonly Pair[] {
  let types = 0;
  let lengths = 0;
  let codings = 0;
  for (const { key } of headers) {
    const name = key.toLowerCase();
    if (name === 'content-type') types++;
    else if (name === 'content-length') lengths++;
    else if (name === 'transfer-encoding') codings++;
  }
  const dropsLength = lengths > 0 && codings > 0;
  if (types < 2 && !dropsLength) return headers;
  const effective: Pair[] = [];
  let type: { key: string; value: string } | undefined;
  for (const { key, value } of headers) {
    const name = key.toLowerCase();
    if (name === 'content-length' && dropsLength) continue;
    if (name === 'content-type' && type !== undefined) {
      type.value += `, ${value}`;
      continue;
    }
    const pair = { key, value };
    if (name === 'content-type') type = pair;
    effective.push(pair);
  }
  return effective;
}
