// What a debug log tells of the exchange itself: arguments, bodies and what was wrong with them.

import { asciiLower } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';
import type { TransactionView } from '../model/view.ts';

export type DebugLine = readonly [level: number, message: string];

function argumentLine(origin: string, { key, value }: Pair): DebugLine {
  return [4, `Adding request argument (${origin}): name "${key}", value "${value}"`];
}

/** What is known before the rules of a phase begin. */
export function factLines(transaction: TransactionView, phase: number): readonly DebugLine[] {
  if (phase === 1) return requestHeadLines(transaction);
  if (phase === 2) return requestBodyLines(transaction);
  return phase === 4 ? responseLines(transaction) : [];
}

function requestHeadLines({ request, settings }: TransactionView): readonly DebugLine[] {
  const lines = request.argsGet.pairs.map((pair) => argumentLine('GET', pair));
  if (request.argsGet.pairs.length >= settings.argumentsLimit) lines.push(overLimit(settings));
  return lines;
}

const overLimit = ({ argumentsLimit }: TransactionView['settings']): DebugLine => [
  4,
  `Skipping request argument, over limit (${argumentsLimit})`,
];

function requestBodyLines({ request, body, settings }: TransactionView): readonly DebugLine[] {
  const lines: DebugLine[] = [];
  const origin = body.processor === 'JSON' || body.processor === 'XML' ? body.processor : 'BODY';
  const bodyArgs = request.args.pairs.slice(request.argsGet.pairs.length);
  lines.push(...(body.multipart?.log() ?? []));
  for (const pair of bodyArgs) lines.push(argumentLine(origin, pair));
  if (bodyArgs.length > 0 && request.args.pairs.length >= settings.argumentsLimit) {
    lines.push(overLimit(settings));
  }
  if (body.processorError && body.processor === 'XML') {
    lines.push([4, 'XML parsing error: XML: Failed parsing document.']);
  }
  if (body.processorError) lines.push([4, body.processorErrorMessage]);
  else if (body.error) lines.push([4, body.errorMessage]);
  if (body.error) lines.push([4, 'Failed to parse request body.']);
  if (body.inboundDataError) {
    lines.push([5, 'Request body excluding files is bigger than the maximum expected.']);
  }
  return lines;
}

function responseLines({ response, settings }: TransactionView): readonly DebugLine[] {
  // An interruption gives a status, but only an upstream's answer has a protocol.
  if (response.protocol === '') return [];
  if (!settings.responseBodyAccess) {
    return [[4, 'Response body is disabled, returning... 2']];
  }
  const type = asciiLower(response.contentType);
  const { responseBodyMimeTypes: inspected } = settings;
  if (inspected === undefined || inspected.includes(type)) return [];
  return [[5, `Response Content-Type is ${type}. It is not marked to be inspected.`]];
}

const PARTS = 'ABCDEFGHIJKZ';

/**
 * What is said of the audit log in the end. Whether the status of the answer makes an entry relevant is known
 * to who writes the log; nothing is said then.
 */
export function auditLines(
  { auditEngine, auditLogParts }: TransactionView,
  hasAuditedMatch: boolean,
): readonly DebugLine[] {
  const parts = [...auditLogParts].reduce((sum, part) => sum + 2 ** (PARTS.indexOf(part) + 1), 0);
  if (parts === 0) return [];
  const lines: DebugLine[] = [
    [8, 'Checking if this request is suitable to be saved as an audit log.'],
  ];
  if (auditEngine === 'RelevantOnly' && !hasAuditedMatch) return lines;
  const isOff = auditEngine === 'Off';
  lines.push([
    5,
    isOff ? 'Audit log engine was not set.' : 'Saving this request as part of the audit logs.',
  ]);
  // libmodsecurity says so even if there is no log.
  lines.push([8, `Request was relevant to be saved. Parts: ${parts}`]);
  return lines;
}
