// Part H in ModSecurity v2's layout: what the engine found and did, one `Name: value` per line.

import type { Phase } from '../model/phase.ts';
import { PHASES } from '../model/phase.ts';
import type { TransactionRecord } from '../model/transaction-record.ts';
import { alertText, escapeLogText } from './error-log-line.ts';

export interface TrailerOptions {
  readonly producer: string;
  /** Whether part E is there. */
  readonly showsResponse: boolean;
}

export function trailerLines(
  record: TransactionRecord,
  { producer, showsResponse }: TrailerOptions,
): readonly string[] {
  const { settings, masks, interruption } = record;
  const lines = messages(record).map((text) => `Message: ${text}`);
  if (interruption !== null) lines.push(`Action: Intercepted (phase ${interruption.phase})`);
  const start = Math.round(record.startedMs * 1000);
  const duration = durationUs(record);
  lines.push(`Stopwatch: ${start} ${duration} (- - -)`);
  lines.push(`Stopwatch2: ${start} ${duration}; ${performance(record.phaseMs)}`);
  if (showsResponse) lines.push('Response-Body-Transformed: Dechunked');
  lines.push(`Producer: ${[producer, ...settings.componentSignatures].join('; ')}.`);
  if (settings.serverSignature !== '') lines.push(`Server: ${settings.serverSignature}`);
  addNames(lines, 'Sanitised-Args', masks.args);
  addNames(lines, 'Sanitised-Request-Headers', masks.requestHeaders);
  addNames(lines, 'Sanitised-Response-Headers', masks.responseHeaders);
  const { sessionId, userId } = record;
  if (settings.webAppId !== settings.behaviour.webAppIdUnset || sessionId !== '' || userId !== '') {
    lines.push(`WebApp-Info: ${quoted(settings.webAppId)} ${quoted(sessionId)} ${quoted(userId)}`);
  }
  if (settings.sensorId !== '') lines.push(`Sensor-Id: ${quoted(settings.sensorId)}`);
  if (record.engine !== 'Off') {
    lines.push(`Engine-Mode: "${record.engine === 'On' ? 'ENABLED' : 'DETECTION_ONLY'}"`);
  }
  return lines;
}

/** Alerts of rules, and what the engine could not do. */
export function messages({ matches, errors, interruption }: TransactionRecord): string[] {
  const alerts = matches
    .filter(({ logged, audited }) => logged || audited)
    .map((match) => alertText(match, interruption));
  const failures = errors.map(({ code, ruleId, message }) => {
    const rule = ruleId === undefined ? '' : ` [id "${ruleId}"]`;
    return `Rule processing failed (${code}): ${escapeLogText(message)}${rule}`;
  });
  const cause = interruption?.cause;
  if (cause === undefined) return [...alerts, ...failures];
  const status = `Access denied with code ${interruption?.status} (phase ${interruption?.phase}).`;
  return [...alerts, ...failures, `${status} ${escapeLogText(cause)}`];
}

export const durationUs = ({ startedMs, finishedMs }: TransactionRecord): number =>
  Math.max(0, Math.round((finishedMs - startedMs) * 1000));

export const phaseUs = (phaseMs: TransactionRecord['phaseMs'], phase: Phase): number =>
  Math.round((phaseMs.get(phase) ?? 0) * 1000);

// Storage reads and writes, logging and garbage collection are not measured apart.
function performance(phaseMs: TransactionRecord['phaseMs']): string {
  const phases = PHASES.map((phase) => phaseUs(phaseMs, phase));
  const combined = phases.reduce((sum, us) => sum + us, 0);
  const each = phases.map((us, at) => `p${at + 1}=${us}`).join(', ');
  return `combined=${combined}, ${each}, sr=0, sw=0, l=0, gc=0`;
}

function addNames(lines: string[], title: string, names: readonly string[]): void {
  if (names.length === 0) return;
  lines.push(`${title}: ${names.map((name) => `"${escapeLogText(name)}"`).join(', ')}.`);
}

const quoted = (text: string): string => `"${text === '' ? '-' : escapeLogText(text)}"`;
