// Sends a stage through the engine without a socket: bytes in, transaction, backend, verdict.
//
// The bytes are parsed leniently and nothing is normalised, for the tests are about odd requests. What a
// careful server in front would refuse is refused here by the same judgement (http/strictness.ts), so
// that the statuses which tests expect of their platform come out.

import { errorLogLine } from '../audit/error-log-line.ts';
import type { ByteString } from '../base/bytes.ts';
import { effectiveHeaders } from '../http/effective-headers.ts';
import { type RawRequest, readRequest } from '../http/message.ts';
import { type HeadJudgement, judgeRequestHead } from '../http/strictness.ts';
import type { Header } from '../model/exchange.ts';
import type { Interruption } from '../model/interruption.ts';
import type { Transaction } from '../model/transaction.ts';
import type { RuleMatch, Verdict } from '../model/verdict.ts';
import type { StageObservation, StageResponse } from './observation.ts';
import { type Backend, type BackendResponse, createBackend } from './reflect.ts';
import type { PreparedStage, StageTarget } from './stage-target.ts';
import type { FtwInput } from './test-file.ts';

export interface InProcessOptions {
  /** Starts a transaction on the rules under test. */
  readonly begin: () => Transaction;
  /** Rules that prepare the tests and are none of theirs. */
  readonly ignoredIds?: ReadonlySet<number>;
}

/** The preparation rule of crs/setup/ftw.conf and the marker rule of a setup made for go-ftw. */
export const PREPARATION_IDS: ReadonlySet<number> = new Set([900005, 999999]);

export function createInProcessTarget(options: InProcessOptions): StageTarget {
  const backend = createBackend();
  const ignoredIds = options.ignoredIds ?? PREPARATION_IDS;
  return {
    send(stage: PreparedStage): Promise<StageObservation> {
      return Promise.resolve(sendStage(stage, options.begin, backend, ignoredIds));
    },
    close(): Promise<void> {
      return Promise.resolve();
    },
  };
}

/** Sends one stage and nothing else, on a backend of its own. */
export function replayStage(stage: PreparedStage, begin: () => Transaction): StageObservation {
  return sendStage(stage, begin, createBackend(), PREPARATION_IDS);
}

function sendStage(
  stage: PreparedStage,
  begin: () => Transaction,
  backend: Backend,
  ignoredIds: ReadonlySet<number>,
): StageObservation {
  const request = readRequest(stage.request);
  const judgement = frontEndStatus(stage.request, request);
  if (judgement.reject !== undefined && !judgement.inspect) {
    return {
      request: stage.request,
      response: responseOf(judgement.status, [], ''),
      error: undefined,
      logLines: [],
      loggedIds: [],
      matches: [],
      remark: `refused before the rules: ${judgement.reject}`,
    };
  }
  const { input } = stage;
  if (input.response !== undefined) backend.configure(request.method, request.uri, input.response);
  const exchange = runExchange(begin(), request, input, backend, judgement);
  return observe(stage.request, request, exchange, judgement, ignoredIds);
}

/** What a careful server would answer before the rules, judged from the raw head. */
export function frontEndStatus(raw: ByteString, request: RawRequest): HeadJudgement {
  const judgement = judgeRequestHead({ ...request, headerLines: headerLinesOf(raw) });
  if (judgement.reject !== undefined || !request.anomalies.includes('bad-chunked-body')) {
    return judgement;
  }
  return { reject: 'bad-transfer-encoding', status: 400, inspect: false };
}

function headerLinesOf(raw: ByteString): string[] {
  const lines: string[] = [];
  let at = /^(?:\r?\n)*/.exec(raw)![0].length;
  for (let isFirst = true; at < raw.length; isFirst = false) {
    const feed = raw.indexOf('\n', at);
    const end = feed === -1 ? raw.length : feed;
    const line = raw.slice(at, raw[end - 1] === '\r' && end > at ? end - 1 : end);
    if (line === '') break;
    if (!isFirst) lines.push(line);
    at = end + 1;
  }
  return lines;
}

interface FinishedExchange {
  readonly id: string;
  readonly verdict: Verdict;
  /** Undefined when a rule ended the exchange before the backend was asked. */
  readonly answer: BackendResponse | undefined;
}

function runExchange(
  transaction: Transaction,
  request: RawRequest,
  input: FtwInput,
  backend: Backend,
  judgement: HeadJudgement,
): FinishedExchange {
  const { id } = transaction;
  transaction.connection({
    client: { address: '127.0.0.1', port: 50_000 },
    server: { address: '127.0.0.1', port: input.port ?? 80 },
  });
  const isPlain = request.line === `${request.method} ${request.uri} ${request.version}`;
  let interruption: Interruption | null = transaction.requestHead({
    method: request.method,
    uri: request.uri,
    version: request.version,
    headers: effectiveHeaders(request.headers).map(({ key, value }) => [key, value] as const),
    ...(isPlain ? {} : { line: request.line }),
  });
  const body = framedBody(request);
  if (interruption === null && body !== '' && transaction.wantsRequestBody) {
    interruption = transaction.requestBody(body);
  }
  interruption ??= transaction.endRequest();
  const isServed = interruption === null && judgement.reject === undefined;
  const answer = isServed
    ? backend.answer({ method: request.method, uri: request.uri, body })
    : undefined;
  if (answer !== undefined) {
    interruption = transaction.responseHead({ status: answer.status, headers: answer.headers });
    if (interruption === null && answer.body !== '' && transaction.wantsResponseBody) {
      interruption = transaction.responseBody(answer.body);
    }
    if (interruption === null) transaction.endResponse();
  }
  return { id, verdict: transaction.finish(), answer };
}

/**
 * The part of what was sent that belongs to this request.
 *
 * Without Content-Length and Transfer-Encoding a request has no body (RFC 9112 6.3), whatever follows.
 */
function framedBody(request: RawRequest): ByteString {
  let length = 0;
  for (const { key, value } of request.headers) {
    const name = key.toLowerCase();
    if (name === 'transfer-encoding') return request.body;
    if (name === 'content-length') length = Number(value);
  }
  return request.body.slice(0, length);
}

function observe(
  raw: ByteString,
  request: RawRequest,
  exchange: FinishedExchange,
  judgement: HeadJudgement,
  ignoredIds: ReadonlySet<number>,
): StageObservation {
  const { verdict } = exchange;
  const matches = verdict.matches.filter((match) => !ignoredIds.has(match.rule.id));
  const logged = matches.filter((match) => match.logged);
  const facts = {
    clientAddress: '127.0.0.1',
    hostname: request.headers.find(({ key }) => key.toLowerCase() === 'host')?.value ?? '',
    uri: request.uri,
    uniqueId: exchange.id,
  };
  const response = finalResponse(exchange, judgement);
  return {
    request: raw,
    response,
    error: response === undefined ? 'the connection is closed without a response' : undefined,
    logLines: logged.map((match) => errorLogLine(match, facts, verdict.interruption)),
    loggedIds: logged.map((match: RuleMatch) => match.rule.id),
    matches,
    remark: remarkOf(verdict, judgement),
  };
}

function finalResponse(
  exchange: FinishedExchange,
  judgement: HeadJudgement,
): StageResponse | undefined {
  const { interruption } = exchange.verdict;
  if (interruption !== null) {
    if (interruption.action === 'drop' || interruption.status === 0) return undefined;
    const headers: Header[] =
      interruption.url === undefined ? [] : [['Location', interruption.url]];
    return responseOf(interruption.status, headers, '');
  }
  if (judgement.reject !== undefined) {
    return judgement.status === 0 ? undefined : responseOf(judgement.status, [], '');
  }
  const { answer } = exchange;
  return answer === undefined ? undefined : responseOf(answer.status, answer.headers, answer.body);
}

function responseOf(status: number, headers: readonly Header[], body: ByteString): StageResponse {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return { status, headers, raw: `HTTP/1.1 ${status} \r\n${lines.join('')}\r\n${body}` };
}

function remarkOf(verdict: Verdict, judgement: HeadJudgement): string | undefined {
  const remarks: string[] = [];
  if (judgement.reject !== undefined) remarks.push(`refused by the server: ${judgement.reject}`);
  const { interruption } = verdict;
  if (interruption !== null) {
    const by = interruption.rule ?? interruption.cause ?? 'a limit';
    remarks.push(`interrupted by ${by} in phase ${interruption.phase}`);
  }
  for (const error of verdict.errors) {
    remarks.push(`engine error ${error.code} in rule ${error.ruleId ?? '-'}: ${error.message}`);
  }
  return remarks.length === 0 ? undefined : remarks.join('; ');
}
