// Query strings and form bodies: names and values in the order sent, duplicates and empty names kept.
//
// As in ModSecurity an empty piece is an argument with an empty name (`a&&b` has three), except behind
// the last separator. Line ends at the end of a body belong to the last value.

import type { Pair } from '../model/pair.ts';
import { decodePercent } from './percent.ts';

export interface UrlencodedOptions {
  /** SecArgumentSeparator; default `&`. */
  readonly separator?: string;
  /** At most so many arguments; default: no limit. */
  readonly limit?: number;
  /** Leave out pieces without a byte; default: they are arguments too. */
  readonly dropsEmpty?: boolean;
}

export interface UrlencodedReading {
  readonly args: readonly Pair[];
  /** An escape in a name or value was not `%` and two hex digits. */
  readonly invalidEncoding: boolean;
  /** The limit was reached and arguments were left out. */
  readonly truncated: boolean;
}

/** Splits `text` and decodes both halves of every piece; escapes behind the limit are not looked at. */
export function parseUrlencoded(text: string, options: UrlencodedOptions = {}): UrlencodedReading {
  const separator =
    options.separator === undefined || options.separator === '' ? '&' : options.separator;
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  const args: Pair[] = [];
  let invalidEncoding = false;
  let at = 0;
  // Looked for anew only once it is passed: a text without any would be searched to its end each time.
  let equals = text.indexOf('=');
  while (at < text.length) {
    if (args.length >= limit) return { args, invalidEncoding, truncated: true };
    const found = text.indexOf(separator, at);
    const end = found === -1 ? text.length : found;
    if (end === at && options.dropsEmpty === true) {
      at = end + separator.length;
      continue;
    }
    if (equals !== -1 && equals < at) equals = text.indexOf('=', at);
    const split = equals === -1 || equals > end ? end : equals;
    const key = decodePercent(text.slice(at, split), true);
    const value = decodePercent(text.slice(split + 1, Math.max(end, split + 1)), true);
    invalidEncoding ||= key.invalid || value.invalid;
    args.push({ key: key.value, value: value.value });
    at = end + separator.length;
  }
  return { args, invalidEncoding, truncated: false };
}
