// Derives what rules see of a request head: the target's parts, headers, cookies, query arguments.

import { asciiLower } from '../base/ascii.ts';
import { parseCookies } from '../http/cookie.ts';
import { splitTarget } from '../http/target.ts';
import { trimBlanks } from '../http/text.ts';
import { parseUrlencoded } from '../http/urlencoded.ts';
import type { RequestHead } from '../model/exchange.ts';
import type { Pair } from '../model/pair.ts';
import type { Settings } from '../model/settings.ts';
import type { PairList, RequestView } from '../model/view.ts';
import { EMPTY_LIST, pairList } from './collections.ts';

/** The request as rules see it; body arguments arrive later through `addBodyArguments`. */
export class RequestFacts implements RequestView {
  method = '';
  line = '';
  protocol = '';
  uriRaw = '';
  uri = '';
  filename = '';
  basename = '';
  query: string | undefined = undefined;
  headers: PairList = EMPTY_LIST;
  cookies: PairList = EMPTY_LIST;
  argsGet: PairList = EMPTY_LIST;
  argsPost: PairList = EMPTY_LIST;
  args: PairList = EMPTY_LIST;
  argsPath: PairList = EMPTY_LIST;
  argsCombinedSize = 0;
  urlencodedError = false;
  /** More arguments came than SecArgumentsLimit lets in. */
  argumentsLimitPassed = false;
  /** Content-Type values, as sent. */
  contentTypes: readonly string[] = [];

  readHead(head: RequestHead, settings: Settings): void {
    const target = splitTarget(head.uri);
    this.method = head.method;
    // A request line without a version is HTTP/0.9 (RFC 1945 4.1); servers name it so, too.
    this.protocol = head.version === '' ? 'HTTP/0.9' : head.version;
    this.line = head.line ?? `${head.method} ${head.uri} ${head.version}`;
    this.uriRaw = head.uri;
    this.uri = target.uri;
    this.filename = target.filename;
    this.basename = target.basename;
    this.query = target.hasQuery ? target.query : undefined;
    this.#readHeaders(head, settings);
    const reading = parseUrlencoded(target.query, {
      separator: settings.argumentSeparator,
      limit: settings.argumentsLimit,
    });
    this.argsGet = pairList(reading.args);
    this.args = this.argsGet;
    this.urlencodedError = reading.invalidEncoding;
    this.argumentsLimitPassed = reading.truncated;
    this.argsCombinedSize = combinedSize(reading.args);
  }

  #readHeaders(head: RequestHead, settings: Settings): void {
    const headers: Pair[] = [];
    const cookies: Pair[] = [];
    const contentTypes: string[] = [];
    for (const [key, raw] of head.headers) {
      const value = trimBlanks(raw);
      headers.push({ key, value });
      const name = asciiLower(key);
      if (name === 'content-type') contentTypes.push(value);
      else if (name === 'cookie') {
        cookies.push(
          ...parseCookies(value, {
            format: settings.cookieFormat,
            separator: settings.cookieV0Separator,
          }),
        );
      }
    }
    this.headers = pairList(headers);
    this.cookies = pairList(cookies);
    this.contentTypes = contentTypes;
  }

  /** How many more arguments SecArgumentsLimit lets in. */
  remainingArguments(settings: Settings): number {
    return Math.max(0, settings.argumentsLimit - this.argsGet.pairs.length);
  }

  /** Path arguments are arguments too, behind all others. */
  addPathArguments(args: readonly Pair[]): void {
    this.argsPath = pairList([...this.argsPath.pairs, ...args]);
    this.args = pairList([...this.args.pairs, ...args]);
    this.argsCombinedSize += combinedSize(args);
  }

  /** `inPost` is false for JSON and XML: their members are in ARGS only (ModSecurity v2, v3). */
  addBodyArguments(
    args: readonly Pair[],
    inPost: boolean,
    moreNames: readonly string[] = [],
  ): void {
    if (inPost) this.argsPost = pairList(args);
    this.args = pairList(
      this.argsGet.pairs.length === 0 ? args : [...this.argsGet.pairs, ...args],
      moreNames,
    );
    this.argsCombinedSize += combinedSize(args);
  }
}

function combinedSize(args: readonly Pair[]): number {
  let size = 0;
  for (const { key, value } of args) size += key.length + value.length;
  return size;
}
