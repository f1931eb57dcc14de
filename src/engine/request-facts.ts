// Derives what rules see of a request head: the target's parts, headers, cookies, query arguments.

import { asciiLower } from '../base/ascii.ts';
import { parseCookies } from '../http/cookie.ts';
import { decodePercent } from '../http/percent.ts';
import { splitTarget } from '../http/target.ts';
import { trimBlanks } from '../http/text.ts';
import { parseUrlencoded } from '../http/urlencoded.ts';
import type { Behaviour } from '../model/compatibility.ts';
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
  /** More arguments, or more cookies, came than SecArgumentsLimit lets in. */
  argumentsLimitPassed = false;
  /** Content-Type values, as sent. */
  contentTypes: readonly string[] = [];

  #order: Behaviour['argsOrder'] = 'arrival';
  #dropsEmpty = false;

  readHead(head: RequestHead, settings: Settings): void {
    const { behaviour } = settings;
    const target = splitTarget(head.uri, { leadingSlashes: behaviour.leadingSlashes });
    this.method = head.method;
    // A request line without a version is HTTP/0.9 (RFC 1945 4.1); servers name it so, too.
    this.protocol = head.version === '' ? 'HTTP/0.9' : head.version;
    this.line = head.line ?? `${head.method} ${head.uri} ${head.version}`;
    this.uriRaw = head.uri;
    this.uri =
      behaviour.requestUri === 'decoded' ? decodePercent(target.uri, false).value : target.uri;
    const raw = behaviour.requestFilename === 'raw';
    this.filename = raw ? target.path : target.filename;
    this.basename = basenameOf(
      this.filename,
      raw ? target.pathBasename : target.basename,
      behaviour,
    );
    this.query = target.hasQuery ? target.query : undefined;
    this.#readHeaders(head, settings);
    const reading = parseUrlencoded(target.query, {
      separator: settings.argumentSeparator,
      limit: settings.argumentsLimit,
    });
    this.#order = behaviour.argsOrder;
    this.#dropsEmpty = behaviour.emptyArguments === 'dropped';
    const args = this.#dropsEmpty ? withoutEmpty(reading.args) : reading.args;
    this.argsGet = this.#list(args);
    this.args = this.argsGet;
    this.urlencodedError = reading.invalidEncoding && behaviour.urlencodedError === 'flagged';
    if (reading.truncated && behaviour.argumentsLimit === 'error') this.argumentsLimitPassed = true;
    this.argsCombinedSize = combinedSize(args);
  }

  #readHeaders(head: RequestHead, settings: Settings): void {
    const headers: Pair[] = [];
    const cookies: Pair[] = [];
    const contentTypes: string[] = [];
    for (const [key, raw] of head.headers) {
      const value = settings.behaviour.headerBlanks === 'kept' ? raw : trimBlanks(raw);
      headers.push({ key, value });
      const name = asciiLower(key);
      if (name === 'content-type') contentTypes.push(value);
      else if (name === 'cookie') {
        this.#addCookies(value, cookies, settings);
      }
    }
    this.headers = pairList(headers);
    this.cookies = pairList(cookies);
    this.contentTypes = contentTypes;
  }

  /**
   * The limit is ours: every rule looks at every cookie, and a header of 128 KB holds 65,000. What passes
   * it is an error in all behaviours, because no engine leaves such cookies out silently.
   */
  #addCookies(header: string, cookies: Pair[], settings: Settings): void {
    const trims = settings.behaviour.cookieBlanks === 'trimmed';
    const { cookieFormat: format, cookieV0Separator: separator } = settings;
    for (const cookie of parseCookies(header, { format, separator })) {
      if (cookies.length >= settings.argumentsLimit) {
        this.argumentsLimitPassed = true;
        return;
      }
      cookies.push(trims ? trimmedPair(cookie) : cookie);
    }
  }

  #list(pairs: readonly Pair[], moreNames: readonly string[] = []): PairList {
    return pairList(this.#order === 'grouped' ? grouped(pairs) : pairs, moreNames);
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
    const kept = this.#dropsEmpty ? withoutEmpty(args) : args;
    if (inPost) this.argsPost = this.#list(kept);
    this.args = this.#list(
      this.argsGet.pairs.length === 0 ? kept : [...this.argsGet.pairs, ...kept],
      moreNames,
    );
    this.argsCombinedSize += combinedSize(kept);
  }
}

/** The last segment; with `slashes`, a path that ends in one is all of the segment (Coraza). */
function basenameOf(path: string, usual: string, { basename }: Behaviour): string {
  if (basename === 'all-separators') return usual;
  if (path === '/') return '/';
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function withoutEmpty(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.filter(({ key, value }) => key !== '' || value !== '');
}

/** Values of one name stand together, where the name came first (libmodsecurity). */
function grouped(pairs: readonly Pair[]): readonly Pair[] {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const group = groups.get(pair.key);
    if (group === undefined) groups.set(pair.key, [pair]);
    else group.push(pair);
  }
  return [...groups.values()].flat();
}

const trimmedPair = ({ key, value }: Pair): Pair => ({
  key: trimBlanks(key),
  value: trimBlanks(value),
});

function combinedSize(args: readonly Pair[]): number {
  let size = 0;
  for (const { key, value } of args) size += key.length + value.length;
  return size;
}
