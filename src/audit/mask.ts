// Hides what rules have asked to hide: a record goes in, the same record with asterisks comes out.
//
// Promise: a masked value is hidden where its place is known (arguments in the request line and in forms,
// headers), and wherever else its text stands: in bodies, and in what matches tell of it.

import { asciiLower } from '../base/ascii.ts';
import type { Header } from '../model/exchange.ts';
import type { Masks, MatchedMask } from '../model/masks.ts';
import type { Pair } from '../model/pair.ts';
import type { TransactionRecord } from '../model/transaction-record.ts';
import type { RuleMatch } from '../model/verdict.ts';

/** The record itself when nothing is to be hidden. */
export function masked(record: TransactionRecord): TransactionRecord {
  const { masks } = record;
  if (
    masks.args.length === 0 &&
    masks.requestHeaders.length === 0 &&
    masks.responseHeaders.length === 0 &&
    masks.matched.length === 0
  ) {
    return record;
  }
  const { request, response } = record;
  const hide = hider(record, masks);
  return {
    ...record,
    request: {
      ...request,
      line: hide(maskQuery(request.line, masks)),
      uri: hide(maskQuery(request.uri, masks)),
      headers: request.headers.map((header) =>
        maskHeader(header, masks.requestHeaders, masks.matched, 'REQUEST_HEADERS', hide),
      ),
      body: request.body === undefined ? undefined : hide(maskForm(request.body, masks)),
      bodyArgs: request.bodyArgs.map((pair) => maskArgument(pair, masks, hide)),
    },
    response: {
      ...response,
      headers: response.headers.map((header) =>
        maskHeader(header, masks.responseHeaders, masks.matched, 'RESPONSE_HEADERS', hide),
      ),
      body: response.body === undefined ? undefined : hide(response.body),
    },
    matches: record.matches.map((match) => maskMatch(match, hide)),
  };
}

type Hide = (text: string) => string;

const stars = (text: string): string => '*'.repeat(text.length);

/**
 * Hides every secret wherever it stands. Secrets that are too short to be told from ordinary text are left
 * to the masks by position: a value "1" would tear holes into everything.
 */
const SHORTEST_SECRET = 3;

/** With more secrets than these, free text is hidden as a whole: looking for each would take too long. */
const MOST_SECRETS = 64;

function hider(record: TransactionRecord, masks: Masks): Hide {
  const whole = new Set<string>();
  const partly = new Map<string, MatchedMask>();
  const add = (text: string): void => {
    if (text.length >= SHORTEST_SECRET) whole.add(text);
  };
  const names = hiddenArguments(masks);
  for (const { key, value } of record.request.args) {
    if (names.includes(asciiLower(key))) add(value);
  }
  for (const { variable, value } of record.matches) {
    if (isMaskedVariable(variable, names, masks)) add(value);
  }
  addHeaders(record.request.headers, masks.requestHeaders, add);
  addHeaders(record.response.headers, masks.responseHeaders, add);
  for (const mask of masks.matched) {
    if (mask.text === undefined || mask.text.length < SHORTEST_SECRET) continue;
    if (mask.keepLeft + mask.keepRight > 0) partly.set(mask.text, mask);
    else whole.add(mask.text);
  }
  // The longest first, so that no secret is torn by a shorter one inside it.
  const secrets = [...new Set([...whole, ...partly.keys()])].sort((a, b) => b.length - a.length);
  if (secrets.length > MOST_SECRETS) return stars;
  return (text) => {
    let shown = text;
    for (const secret of secrets) {
      if (!shown.includes(secret)) continue;
      const mask = whole.has(secret) ? undefined : partly.get(secret);
      shown = shown.replaceAll(secret, () =>
        mask === undefined ? stars(secret) : part(secret, mask),
      );
    }
    return shown;
  };
}

function part(text: string, { keepLeft, keepRight }: MatchedMask): string {
  const left = Math.min(keepLeft, text.length);
  const right = Math.min(keepRight, text.length - left);
  return (
    text.slice(0, left) + '*'.repeat(text.length - left - right) + text.slice(text.length - right)
  );
}

function isMaskedVariable(variable: string, names: readonly string[], masks: Masks): boolean {
  const [collection, key] = splitName(variable);
  if (key === undefined) return false;
  const lower = asciiLower(key);
  if (collection.startsWith('ARGS')) return names.includes(lower);
  const has = (list: readonly string[]): boolean => list.some((name) => asciiLower(name) === lower);
  if (collection === 'REQUEST_HEADERS') return has(masks.requestHeaders);
  return collection === 'RESPONSE_HEADERS' && has(masks.responseHeaders);
}

function splitName(variable: string): readonly [string, string | undefined] {
  const colon = variable.indexOf(':');
  return colon < 0 ? [variable, undefined] : [variable.slice(0, colon), variable.slice(colon + 1)];
}

function addHeaders(
  headers: readonly Header[],
  names: readonly string[],
  add: (value: string) => void,
): void {
  for (const [name, value] of headers) {
    if (names.some((known) => asciiLower(known) === asciiLower(name))) add(value);
  }
}

function maskHeader(
  [name, value]: Header,
  names: readonly string[],
  matched: readonly MatchedMask[],
  collection: string,
  hide: Hide,
): Header {
  const lower = asciiLower(name);
  const all = [
    ...names.map(asciiLower),
    ...matched
      .filter(({ text }) => text === undefined)
      .map(({ variable }) => splitName(variable))
      .filter(([kind]) => kind === collection)
      .map(([, key]) => asciiLower(key ?? '')),
  ];
  return [name, all.includes(lower) ? stars(value) : hide(value)];
}

/** Names of arguments that are hidden as a whole. */
function hiddenArguments(masks: Masks): readonly string[] {
  const matched = masks.matched
    .filter(({ text }) => text === undefined)
    .map(({ variable }) => splitName(variable))
    .filter(([kind]) => kind.startsWith('ARGS'))
    .map(([, key]) => key ?? '');
  return [...masks.args, ...matched].map(asciiLower);
}

function maskArgument(pair: Pair, masks: Masks, hide: Hide): Pair {
  const isHidden = hiddenArguments(masks).includes(asciiLower(pair.key));
  return { key: pair.key, value: isHidden ? stars(pair.value) : hide(pair.value) };
}

/** Works on the text as sent, since decoding would not lead back to it. */
function maskQuery(text: string, masks: Masks): string {
  const start = text.indexOf('?');
  if (start < 0) return text;
  const blank = text.indexOf(' ', start);
  const end = blank < 0 ? text.length : blank;
  return text.slice(0, start + 1) + maskForm(text.slice(start + 1, end), masks) + text.slice(end);
}

function maskForm(form: string, masks: Masks): string {
  const names = hiddenArguments(masks);
  if (names.length === 0) return form;
  return form.replace(/([^&;=]*)=([^&]*)/g, (all, name: string, value: string) =>
    names.includes(asciiLower(decodeName(name))) ? `${name}=${stars(value)}` : all,
  );
}

const decodeName = (name: string): string =>
  name
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

function maskMatch(match: RuleMatch, hide: Hide): RuleMatch {
  return {
    ...match,
    message: hide(match.message),
    data: hide(match.data),
    tags: match.tags.map(hide),
    value: hide(match.value),
    evidence: hide(match.evidence),
    ...(match.test && { test: { ...match.test, argument: hide(match.test.argument) } }),
  };
}
