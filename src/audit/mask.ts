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
  const separator = record.settings.argumentSeparator;
  const hide = hider(record, masks);
  const hidesTarget = masks.matched.some(({ variable }) => TARGETS.has(variable));
  const hidesBody = masks.matched.some(({ variable }) => variable === 'REQUEST_BODY');
  const hideTarget = (text: string): string =>
    hidesTarget ? starsBehindMethod(text) : hide(maskQuery(text, masks, separator));
  return {
    ...record,
    request: {
      ...request,
      line: hideTarget(request.line),
      uri: hideTarget(request.uri),
      headers: request.headers.map((header) =>
        maskHeader(header, masks.requestHeaders, masks.matched, 'REQUEST_HEADERS', hide),
      ),
      body:
        request.body === undefined
          ? undefined
          : hidesBody
            ? stars(request.body)
            : hide(maskForm(request.body, masks, separator)),
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

/** Variables that show the request target as a whole. */
const TARGETS: ReadonlySet<string> = new Set([
  'QUERY_STRING',
  'REQUEST_FILENAME',
  'REQUEST_BASENAME',
  'REQUEST_LINE',
  'REQUEST_URI',
  'REQUEST_URI_RAW',
]);

const starsBehindMethod = (text: string): string => {
  const method = /^[A-Za-z]+ /.exec(text)?.[0] ?? '';
  return method + stars(text.slice(method.length));
};

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
    else if (masks.matched.some((mask) => mask.text === undefined && mask.variable === variable)) {
      add(value);
    }
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
  if (all.includes(lower)) return [name, stars(value)];
  return [name, hide(lower === 'cookie' ? maskCookies(value, matched) : value)];
}

function maskCookies(header: string, matched: readonly MatchedMask[]): string {
  const names = matched
    .filter(({ text, variable }) => text === undefined && variable.startsWith('REQUEST_COOKIES:'))
    .map(({ variable }) => asciiLower(variable.slice('REQUEST_COOKIES:'.length)));
  if (names.length === 0) return header;
  return maskPairs(header, ';', (name) => names.includes(asciiLower(name.trim())));
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
function maskQuery(text: string, masks: Masks, separator: string): string {
  const start = text.indexOf('?');
  if (start < 0) return text;
  const blank = text.indexOf(' ', start);
  const end = blank < 0 ? text.length : blank;
  const query = text.slice(start + 1, end);
  return text.slice(0, start + 1) + maskForm(query, masks, separator) + text.slice(end);
}

function maskForm(form: string, masks: Masks, separator: string): string {
  const names = hiddenArguments(masks);
  if (names.length === 0) return form;
  return maskPairs(form, separator, (name) => names.includes(asciiLower(decodeName(name))));
}

/** Stars the values of `name=value` pairs. Split rather than matched, since that is linear in any text. */
function maskPairs(text: string, separator: string, isHidden: (name: string) => boolean): string {
  return text
    .split(separator)
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0 || !isHidden(pair.slice(0, equals))) return pair;
      return `${pair.slice(0, equals)}=${stars(pair.slice(equals + 1))}`;
    })
    .join(separator);
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
