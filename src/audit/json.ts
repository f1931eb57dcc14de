// An entry of the JSON audit log, one line, in the layout of libmodsecurity (v3).
//
// All details of messages are strings, as there. Headers that repeat are members that repeat.

import type { TransactionRecord } from '../model/transaction-record.ts';
import type { RuleMatch } from '../model/verdict.ts';
import { DEFAULT_ENTRY_OPTIONS, type EntryOptions } from './entry-options.ts';
import { fakeBody } from './fake-body.ts';
import { jsonArray, jsonObject, jsonString, type Member } from './json-text.ts';
import { ascTime } from './local-time.ts';
import { masked } from './mask.ts';
import { hasPart, showsFakeBody, showsRawBody } from './parts.ts';
import { matchText } from './rule-line.ts';
import { limited } from './text.ts';

/**
 * Chars of a message and of its data. libmodsecurity has no limit here; but dozens of rules may each quote a value of
 * 128 KB, and made a record of 27 MB out of it.
 */
const MAX_TEXT = 4096;

export function jsonEntry(record: TransactionRecord, options: Partial<EntryOptions> = {}): string {
  const { producer, serverId, utcOffset } = { ...DEFAULT_ENTRY_OPTIONS, ...options };
  const shown = masked(record);
  const { auditLogParts: parts, client, server } = shown;
  const hasTrailer = hasPart(parts, 'H');
  const transaction = jsonObject([
    ['client_ip', jsonString(client.address)],
    ['time_stamp', jsonString(ascTime(shown.startedMs, utcOffset))],
    ['server_id', jsonString(serverId)],
    ['client_port', String(client.port)],
    ['host_ip', jsonString(server.address)],
    ['host_port', String(server.port)],
    ['unique_id', jsonString(shown.id)],
    ['request', requestJson(shown)],
    ['response', responseJson(shown)],
    ['producer', hasTrailer ? producerJson(shown, producer) : undefined],
    ['messages', hasTrailer ? messagesJson(shown) : undefined],
  ]);
  return `${jsonObject([['transaction', transaction]])}\n`;
}

export function headersJson(headers: TransactionRecord['request']['headers']): string {
  return jsonObject(headers.map(([name, value]): Member => [name, jsonString(value)]));
}

function requestJson({ request, auditLogParts: parts }: TransactionRecord): string {
  const version = /^HTTP\/(\d{1,2}(?:\.\d{1,2})?)$/.exec(request.protocol)?.[1];
  return jsonObject([
    ['method', jsonString(request.method)],
    [
      'http_version',
      version === undefined ? jsonString(request.protocol) : String(Number(version)),
    ],
    ['uri', jsonString(request.uri)],
    ['body', bodyJson(request, parts)],
    ['headers', hasPart(parts, 'B') ? headersJson(request.headers) : undefined],
  ]);
}

function bodyJson(request: TransactionRecord['request'], parts: string): string | undefined {
  if (showsRawBody(parts, request.isMultipart)) return jsonString(request.body ?? '');
  return showsFakeBody(parts, request.isMultipart)
    ? jsonString(fakeBody(request.bodyArgs))
    : undefined;
}

function responseJson({ response, auditLogParts: parts }: TransactionRecord): string {
  return jsonObject([
    ['body', hasPart(parts, 'E') ? jsonString(response.body ?? '') : undefined],
    ['http_code', String(response.status)],
    ['headers', hasPart(parts, 'F') ? headersJson(response.headers) : undefined],
  ]);
}

const ENGINE_STATES = { On: 'Enabled', Off: 'Disabled', DetectionOnly: 'DetectionOnly' } as const;

function producerJson({ engine, settings }: TransactionRecord, producer: string): string {
  return jsonObject([
    // The name of this member is what readers of v3's logs look for; the value says who wrote it.
    ['modsecurity', jsonString(producer)],
    ['connector', jsonString(settings.serverSignature)],
    ['secrules_engine', jsonString(ENGINE_STATES[engine])],
    ['components', jsonArray(settings.componentSignatures.map(jsonString))],
  ]);
}

function messagesJson({ matches, reference }: TransactionRecord): string {
  const audited = matches.filter((match) => match.audited);
  return jsonArray(audited.map((match) => messageJson(match, reference(match))));
}

function messageJson(match: RuleMatch, reference: string): string {
  const { rule } = match;
  const details = jsonObject([
    ['match', jsonString(matchText(match))],
    ['reference', jsonString(reference)],
    ['ruleId', jsonString(String(rule.id))],
    ['file', jsonString(rule.file)],
    ['lineNumber', jsonString(String(rule.line))],
    ['data', jsonString(limited(match.data, MAX_TEXT))],
    ['severity', jsonString(String(rule.severity ?? 0))],
    ['ver', jsonString(rule.ver)],
    ['rev', jsonString(rule.rev)],
    ['tags', jsonArray(match.tags.map(jsonString))],
    ['maturity', jsonString(String(rule.maturity))],
    ['accuracy', jsonString(String(rule.accuracy))],
  ]);
  return jsonObject([
    ['message', jsonString(limited(match.message, MAX_TEXT))],
    ['details', details],
  ]);
}
