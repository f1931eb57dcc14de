// Derives what rules see of a request head: the target's parts, headers, cookies, query arguments.

import { asciiLower, endOfNonSpace } from '../base/ascii.ts';
import { parseCookies } from '../http/cookie.ts';
import { goEscapedUri, goTargetError } from '../http/go-target.ts';
import { decodePercent } from '../http/percent.ts';
import { splitTarget, type Target, wholeTarget } from '../http/target.ts';
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
  /** Why the target could not be split; undefined where nothing keeps it from being split. */
  targetError: string | undefined = undefined;
  /** More arguments, or more cookies, came than SecArgumentsLimit lets in. */
  argumentsLimitPassed = false;
  /** Content-Type values, as sent. */
  contentTypes: readonly string[] = [];

  #order: Behaviour['argsOrder'] = 'arrival';

  readHead(head: RequestHead, settings: Settings): void {
    const { behaviour } = settings;
    this.targetError = behaviour.brokenTargets === 'whole' ? goTargetError(head.uri) : undefined;
    const target =
      this.targetError === undefined
        ? splitTarget(head.uri, { leadingSlashes: behaviour.leadingSlashes })
        : wholeTarget(head.uri);
    this.method = head.method;
    // A request line without a version is HTTP/0.9 (RFC 1945 4.1); servers name it so, too.
    this.protocol = head.version === '' ? 'HTTP/0.9' : head.version;
    this.line = head.line ?? `${head.method} ${head.uri} ${head.version}`;
    this.uriRaw = head.uri;
    this.uri = shownUri(target, behaviour);
    const raw = behaviour.requestFilename === 'raw';
    this.filename = raw ? target.path : target.filename;
    this.basename = basenameOf(
      this.filename,
      raw ? target.pathBasename : target.basename,
      behaviour,
    );
    this.query = target.hasQuery ? target.query : undefined;
    this.#order = behaviour.argsOrder;
    this.#readHeaders(head, settings);
    const reading = parseUrlencoded(target.query, {
      separator: settings.argumentSeparator,
      limit: settings.argumentsLimit,
      dropsEmpty: behaviour.emptyArguments === 'dropped',
    });
    const { args } = reading;
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
    this.cookies = this.#list(cookies);
    this.contentTypes = contentTypes;
  }

  /**
   * The limit is ours: every rule looks at every cookie, and a header of 128 KB holds 65,000. What passes
   * it is an error in all behaviours, because no engine leaves such cookies out silently.
   */
  #addCookies(header: string, cookies: Pair[], settings: Settings): void {
    const trims = settings.behaviour.cookieBlanks === 'trimmed-around';
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
    if (inPost) this.argsPost = this.#list(args);
    this.args = this.#list(
      this.argsGet.pairs.length === 0 ? args : [...this.argsGet.pairs, ...args],
      moreNames,
    );
    this.argsCombinedSize += combinedSize(args);
  }
}

function shownUri(target: Target, { requestUri }: Behaviour): string {
  const decode = (text: string): string => decodePercent(text, false).value;
  if (requestUri === 'decoded') return decode(target.uri);
  return requestUri === 'escaped-again' ? goEscapedUri(target.uri, decode) : target.uri;
}

/** The last segment; Coraza takes the whole path when that is empty, libmodsecurity nothing without a separator. */
function basenameOf(path: string, usual: string, { basename }: Behaviour): string {
  if (basename === 'needs-separator' && !/[/\\]/.test(path)) return '';
  return usual === '' && basename === 'whole-if-empty' ? path : usual;
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

// The blank between `=` and the value stays.
const trimmedPair = ({ key, value }: Pair): Pair => ({
  key: trimBlanks(key),
  value: value.slice(0, endOfNonSpace(value)),
});

function combinedSize(args: readonly Pair[]): number {
  let size = 0;
  for (const { key, value } of args) size += key.length + value.length;
  return size;
}
