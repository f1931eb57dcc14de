// From which bytes of the request a value under test came, as libmodsecurity counts them.
//
// Computed when a log line asks, from the transaction as it is then; what is needed is read once.

import { asciiLower } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';
import type { PairList } from '../model/view.ts';
import {
  type ArgumentOrigins,
  formOrigins,
  type MultipartOrigins,
  memberOrigins,
  multipartOrigins,
} from './origins-body.ts';
import { type HeadOrigins, headOrigins, type NamedSpan, type Span } from './origins-head.ts';
import { SpanIndex } from './span-index.ts';
import type { TransactionState } from './state.ts';
import type { Element } from './targets.ts';

const NOWHERE: readonly Span[] = Object.freeze([]);
const NO_ARGUMENTS: ArgumentOrigins = Object.freeze({ names: [], values: [] });
const NO_MULTIPART: MultipartOrigins = Object.freeze({
  args: NO_ARGUMENTS,
  uploads: {
    fields: [],
    filenames: [],
    sizes: [],
    contents: [],
    lastName: undefined,
    lastFilename: undefined,
  },
});

/** The origins of elements of one transaction, which must have ended. */
export class Origins {
  readonly #state: TransactionState;
  #head: HeadOrigins | undefined;
  #get: ArgumentOrigins | undefined;
  #post: ArgumentOrigins | undefined;
  #multipart: MultipartOrigins | undefined;
  readonly #indexes = new Map<string, SpanIndex>();

  constructor(state: TransactionState) {
    this.#state = state;
  }

  /** Empty for what no request holds: counts, TX, times and the like. */
  of({ target, pair, value }: Element): readonly Span[] {
    if (target.count) return NOWHERE;
    const { name } = target.variable;
    if (pair !== undefined) return this.#ofPair(name, pair);
    return this.#ofScalar(name, value);
  }

  #ofPair(variable: string, pair: Pair): readonly Span[] {
    if (variable === 'RESPONSE_HEADERS' || variable === 'RESPONSE_HEADERS_NAMES') {
      return this.#isResponseHeader(pair, this.#state.response.headers)
        ? this.#atEnd(pair.value)
        : NOWHERE;
    }
    let index = this.#indexes.get(variable);
    if (index === undefined) {
      const [spans, ...lists] = this.#named(variable);
      index = new SpanIndex(spans, lists);
      this.#indexes.set(variable, index);
    }
    return only(index.of(pair));
  }

  /** The spans of a collection, and its elements as rules see them; in phase 1 there is no body yet. */
  #named(variable: string): readonly [readonly NamedSpan[], ...(readonly Pair[])[]] {
    const { request, body } = this.#state;
    const { get, post } = this;
    switch (variable) {
      case 'ARGS':
        return [[...get.values, ...post.values], request.args.pairs];
      case 'ARGS_NAMES':
        return [[...get.names, ...post.names], request.args.names, request.argsGet.names];
      case 'ARGS_GET':
        return [get.values, request.argsGet.pairs];
      case 'ARGS_GET_NAMES':
        return [get.names, request.argsGet.names];
      case 'ARGS_POST':
        return [post.values, request.argsPost.pairs];
      case 'ARGS_POST_NAMES':
        return [post.names, request.argsPost.names];
      case 'REQUEST_HEADERS':
        return [this.head.values, request.headers.pairs];
      case 'REQUEST_HEADERS_NAMES':
        return [this.head.names, request.headers.names];
      case 'REQUEST_COOKIES':
        return [this.head.cookies, request.cookies.pairs];
      case 'REQUEST_COOKIES_NAMES':
        return [this.head.cookieNames, request.cookies.names];
      case 'FILES':
        return [this.uploads.filenames, body.fileNames];
      case 'FILES_NAMES':
        return [this.uploads.fields];
      case 'FILES_SIZES':
        return [this.uploads.sizes];
      case 'FILES_TMP_CONTENT':
        return [this.uploads.contents];
      default:
        return [[]];
    }
  }

  #isResponseHeader(pair: Pair, { pairs, names }: PairList): boolean {
    return pairs.includes(pair) || names.includes(pair);
  }

  #ofScalar(variable: string, value: string): readonly Span[] {
    const { request, rawBody = '' } = this.#state;
    const target = request.method.length + 1;
    switch (variable) {
      case 'REQUEST_METHOD':
      case 'REQUEST_LINE':
      case 'REMOTE_ADDR':
      case 'REMOTE_HOST':
      case 'REMOTE_PORT':
      case 'SERVER_ADDR':
      case 'SERVER_PORT':
      case 'UNIQUE_ID':
      case 'RESPONSE_CONTENT_TYPE':
        return span(0, value.length);
      case 'REQUEST_PROTOCOL':
        return span(target + request.uriRaw.length + 1, value.length);
      case 'REQUEST_URI':
      case 'REQUEST_URI_RAW':
        return span(target, request.uriRaw.length);
      case 'PATH_INFO':
      case 'REQUEST_FILENAME':
        return span(target, pathLength(request.uriRaw));
      case 'REQUEST_BASENAME':
        return span(target + request.filename.length - value.length, value.length);
      case 'QUERY_STRING':
        return value === '' ? NOWHERE : span(this.#queryStart, value.length);
      case 'ARGS_COMBINED_SIZE':
        return inTurn(this.get).concat(inTurn(this.post));
      case 'AUTH_TYPE':
        return this.#ofHeader('authorization', value.length);
      case 'REMOTE_USER':
        return this.#ofHeader('authorization');
      case 'SERVER_NAME':
        return this.#ofHeader('host', value.length);
      case 'REQBODY_PROCESSOR':
        return value === 'URLENCODED' || value === 'MULTIPART'
          ? this.#ofHeader('content-type', value.length)
          : NOWHERE;
      case 'REQUEST_BODY_LENGTH':
        return span(this.#bodyStart, rawBody.length);
      case 'FILES_COMBINED_SIZE':
        return this.uploads.sizes;
      case 'MULTIPART_NAME':
        return only(this.uploads.lastName);
      case 'MULTIPART_FILENAME':
        return only(this.uploads.lastFilename);
      default:
        return variable.startsWith('MULTIPART_') || AT_END.has(variable)
          ? this.#atEnd(value)
          : NOWHERE;
    }
  }

  /** `length` is that of the header's whole value if it is left out. */
  #ofHeader(lowerName: string, length?: number): readonly Span[] {
    const header = this.head.values.find(({ key }) => asciiLower(key) === lowerName);
    return header === undefined ? NOWHERE : span(header.offset, length ?? header.length);
  }

  /** What libmodsecurity learns as it goes is counted from where it has got to: the end of the head. */
  #atEnd(value: string): readonly Span[] {
    return span(this.#bodyStart, value.length);
  }

  get #queryStart(): number {
    const { method, uriRaw } = this.#state.request;
    return method.length + 1 + uriRaw.indexOf('?') + 1;
  }

  /** A form is counted from one byte further on, as if the empty line were there. */
  get #bodyStart(): number {
    return this.head.end + (this.#state.body.processor === 'URLENCODED' ? 1 : 0);
  }

  get head(): HeadOrigins {
    this.#head ??= headOrigins(this.#state);
    return this.#head;
  }

  get get(): ArgumentOrigins {
    const { query } = this.#state.request;
    this.#get ??=
      query === undefined ? NO_ARGUMENTS : formOrigins(query, this.#queryStart, this.#state);
    return this.#get;
  }

  get post(): ArgumentOrigins {
    this.#post ??= this.#readPost();
    return this.#post;
  }

  #readPost(): ArgumentOrigins {
    const { body, rawBody, request } = this.#state;
    if (rawBody === undefined) return NO_ARGUMENTS;
    switch (body.processor) {
      case 'URLENCODED':
        return formOrigins(rawBody, this.#bodyStart, this.#state);
      case 'MULTIPART':
        return this.multipart.args;
      default: {
        const get = new Set(request.argsGet.pairs);
        return memberOrigins(request.args.pairs.filter((pair) => !get.has(pair)));
      }
    }
  }

  get multipart(): MultipartOrigins {
    const { body, rawBody = '' } = this.#state;
    this.#multipart ??=
      body.processor === 'MULTIPART'
        ? multipartOrigins(rawBody, this.head.end, this.#state)
        : NO_MULTIPART;
    return this.#multipart;
  }

  get uploads(): MultipartOrigins['uploads'] {
    return this.multipart.uploads;
  }
}

const AT_END: ReadonlySet<string> = new Set([
  'FULL_REQUEST',
  'FULL_REQUEST_LENGTH',
  'MATCHED_VAR',
  'MATCHED_VAR_NAME',
  'OUTBOUND_DATA_ERROR',
  'REQBODY_ERROR',
  'REQBODY_ERROR_MSG',
  'REQBODY_PROCESSOR_ERROR',
  'REQBODY_PROCESSOR_ERROR_MSG',
  'REQUEST_BODY',
  'RESPONSE_BODY',
  'RESPONSE_CONTENT_LENGTH',
  'RESPONSE_PROTOCOL',
  'RESPONSE_STATUS',
]);

const span = (offset: number, length: number): readonly Span[] => [{ offset, length }];

const only = (one: Span | undefined): readonly Span[] => (one === undefined ? NOWHERE : [one]);

/** Up to the query. */
function pathLength(uri: string): number {
  const question = uri.indexOf('?');
  return question < 0 ? uri.length : question;
}

/** Each name, then its value. */
function inTurn({ names, values }: ArgumentOrigins): Span[] {
  return names.flatMap((name, at) => [name, values[at] ?? name]);
}
