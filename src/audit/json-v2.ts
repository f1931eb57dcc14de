// An entry of the JSON audit log in the layout of ModSecurity v2, one line.

import type { TransactionRecord } from '../model/transaction-record.ts';
import type { RuleMatch } from '../model/verdict.ts';
import { DEFAULT_ENTRY_OPTIONS, type EntryOptions } from './entry-options.ts';
import { fakeBody } from './fake-body.ts';
import { headersJson } from './json.ts';
import { jsonArray, jsonObject, jsonString } from './json-text.ts';
import { clfTime } from './local-time.ts';
import { masked } from './mask.ts';
import { hasPart, showsFakeBody, showsRawBody } from './parts.ts';
import { durationUs, messages, phaseUs } from './trailer.ts';
import { totalSize } from './uploads.ts';

export function jsonEntryV2(
  record: TransactionRecord,
  options: Partial<EntryOptions> = {},
): string {
  const all = { ...DEFAULT_ENTRY_OPTIONS, ...options };
  const shown = masked(record);
  const { auditLogParts: parts, client, server, request } = shown;
  const entry = jsonObject([
    [
      'transaction',
      jsonObject([
        ['time', jsonString(clfTime(shown.startedMs, all.utcOffset))],
        ['transaction_id', jsonString(shown.id)],
        ['remote_address', jsonString(client.address)],
        ['remote_port', String(client.port)],
        ['local_address', jsonString(server.address)],
        ['local_port', String(server.port)],
      ]),
    ],
    ['request', requestJson(shown)],
    ['response', responseJson(shown)],
    ['audit_data', hasPart(parts, 'H') ? auditDataJson(shown, all.producer) : undefined],
    ['uploads', hasPart(parts, 'J') && request.isMultipart ? uploadsJson(shown) : undefined],
    ['matched_rules', hasPart(parts, 'K') ? matchedRulesJson(shown) : undefined],
  ]);
  return `${entry}\n`;
}

function requestJson({ request, auditLogParts: parts }: TransactionRecord): string {
  const hasHead = hasPart(parts, 'B');
  const hasBody = showsRawBody(parts, request.isMultipart) && request.body !== undefined;
  return jsonObject([
    ['request_line', hasHead ? jsonString(request.line) : undefined],
    ['headers', hasHead ? headersJson(request.headers) : undefined],
    ['body', hasBody ? jsonArray([jsonString(request.body ?? '')]) : undefined],
    [
      'fake_body',
      showsFakeBody(parts, request.isMultipart)
        ? jsonString(fakeBody(request.bodyArgs))
        : undefined,
    ],
  ]);
}

function responseJson({ response, auditLogParts: parts }: TransactionRecord): string {
  const hasHead = hasPart(parts, 'F');
  const hasBody = hasPart(parts, 'E') && response.body !== undefined;
  return jsonObject([
    ['protocol', hasHead ? jsonString(response.protocol) : undefined],
    ['status', hasHead ? String(response.status) : undefined],
    ['headers', hasHead ? headersJson(response.headers) : undefined],
    ['body', hasBody ? jsonString(response.body ?? '') : undefined],
  ]);
}

function auditDataJson(record: TransactionRecord, producer: string): string {
  const { settings, interruption, masks, sessionId, userId } = record;
  const names = (list: readonly string[]): string | undefined =>
    list.length === 0 ? undefined : jsonArray(list.map(jsonString));
  const hasMasks =
    masks.args.length + masks.requestHeaders.length + masks.responseHeaders.length > 0;
  const { webAppId, behaviour } = settings;
  const hasApplication = webAppId !== behaviour.webAppIdUnset || sessionId !== '' || userId !== '';
  return jsonObject([
    ['messages', jsonArray(messages(record).map(jsonString))],
    ['action', interruption === null ? undefined : actionJson(record)],
    ['stopwatch', stopwatchJson(record)],
    ['response_body_dechunked', String(record.response.body !== undefined)],
    ['producer', jsonArray([producer, ...settings.componentSignatures].map(jsonString))],
    ['server', settings.serverSignature === '' ? undefined : jsonString(settings.serverSignature)],
    [
      'sanitized',
      hasMasks
        ? jsonObject([
            ['args', names(masks.args)],
            ['request_headers', names(masks.requestHeaders)],
            ['response_headers', names(masks.responseHeaders)],
          ])
        : undefined,
    ],
    [
      'webapp_info',
      hasApplication
        ? jsonArray([settings.webAppId, sessionId, userId].map(jsonString))
        : undefined,
    ],
    ['sensor_id', settings.sensorId === '' ? undefined : jsonString(settings.sensorId)],
    ['engine_mode', jsonString(record.engine === 'On' ? 'ENABLED' : 'DETECTION_ONLY')],
  ]);
}

function actionJson({ interruption, matches }: TransactionRecord): string {
  const message =
    matches.find(({ rule }) => rule.id === interruption?.rule)?.message ??
    interruption?.cause ??
    '';
  return jsonObject([
    ['intercepted', 'true'],
    ['phase', String(interruption?.phase ?? 0)],
    ['message', jsonString(message)],
  ]);
}

function stopwatchJson(record: TransactionRecord): string {
  const { phaseMs } = record;
  return jsonObject([
    ['p1', String(phaseUs(phaseMs, 1))],
    ['p2', String(phaseUs(phaseMs, 2))],
    ['p3', String(phaseUs(phaseMs, 3))],
    ['p4', String(phaseUs(phaseMs, 4))],
    ['p5', String(phaseUs(phaseMs, 5))],
    ['sr', '0'],
    ['sw', '0'],
    ['l', '0'],
    ['gc', '0'],
    ['duration', String(durationUs(record))],
  ]);
}

function uploadsJson({ request: { uploads } }: TransactionRecord): string {
  const info = uploads.map(({ size, filename, contentType }) =>
    jsonObject([
      ['file_size', String(size)],
      ['file_name', jsonString(filename)],
      ['content_type', jsonString(contentType ?? '<Unknown Content-Type>')],
    ]),
  );
  return jsonObject([
    ['info', jsonArray(info)],
    ['total', String(totalSize(uploads))],
  ]);
}

function matchedRulesJson(record: TransactionRecord): string {
  return jsonArray(record.matches.map((match) => matchedRuleJson(match, record)));
}

function matchedRuleJson(match: RuleMatch, record: TransactionRecord): string {
  const links = record.ruleText(match);
  const isChain = links.length > 1;
  const { rule } = match;
  const rules = links.map((link, at) =>
    jsonObject([
      [
        'actionset',
        jsonObject([
          ['id', at === 0 ? jsonString(String(rule.id)) : undefined],
          ['rev', at === 0 && rule.rev !== '' ? jsonString(rule.rev) : undefined],
          ['msg', at === 0 && match.message !== '' ? jsonString(match.message) : undefined],
          ['severity', at === 0 && rule.severity !== undefined ? String(rule.severity) : undefined],
          ['phase', String(rule.phase)],
          ['is_chained', String(isChain)],
          ['chain_starter', String(isChain && at === 0)],
          ['version', at === 0 && rule.ver !== '' ? jsonString(rule.ver) : undefined],
          ['accuracy', at === 0 && rule.accuracy > 0 ? String(rule.accuracy) : undefined],
          ['maturity', at === 0 && rule.maturity > 0 ? String(rule.maturity) : undefined],
          [
            'tags',
            at === 0 && match.tags.length > 0 ? jsonArray(match.tags.map(jsonString)) : undefined,
          ],
        ]),
      ],
      [
        'operator',
        jsonObject([
          ['operator', jsonString(link.operator)],
          ['operator_param', jsonString(link.argument)],
          ['target', jsonString(link.targets)],
          ['negated', String(link.negated)],
        ]),
      ],
      [
        'config',
        jsonObject([
          ['filename', jsonString(rule.file)],
          ['line_num', String(rule.line)],
        ]),
      ],
      ['unparsed', jsonString(link.text)],
      ['is_matched', 'true'],
    ]),
  );
  return jsonObject([
    ['chain', String(isChain)],
    ['rules', jsonArray(rules)],
    ['full_chain_match', 'true'],
  ]);
}
