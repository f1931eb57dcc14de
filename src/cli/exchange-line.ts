// One line per exchange, for people or as JSON: who asked what, what the answer was, and why.
//
// Nothing a client sends can break out of its line or reach the terminal as a control sequence.

import type { ExchangeReport } from '../adapters/proxy-report.ts';
import type { RuleMatch } from '../model/verdict.ts';

export interface Evidence {
  readonly rule: number;
  readonly message: string;
}

/**
 * The match that says most about why: with anomaly scoring the rule that interrupts only adds up, so the
 * gravest rule that scored is named instead.
 */
export function mainEvidence(report: ExchangeReport): Evidence | undefined {
  const { verdict, decision } = report;
  if (verdict === null) return undefined;
  const interrupting = decision.interruption?.rule;
  const own = verdict.matches.find(({ rule }) => rule.id === interrupting);
  const scoring = verdict.matches.filter(
    (match) => match !== own && match.logged && match.rule.severity !== undefined,
  );
  const gravest = scoring.reduce<RuleMatch | undefined>(
    (best, match) => (best === undefined || gravity(match) < gravity(best) ? match : best),
    undefined,
  );
  const addsUp = verdict.scores.inbound > 0 || verdict.scores.outbound > 0;
  const match = (addsUp ? gravest : undefined) ?? own ?? gravest;
  return match === undefined ? undefined : { rule: match.rule.id, message: match.message };
}

function gravity({ rule }: RuleMatch): number {
  return rule.severity ?? Number.MAX_SAFE_INTEGER;
}

export function jsonLine(report: ExchangeReport): string {
  const { verdict, decision } = report;
  const matched = new Set<number>();
  for (const match of verdict?.matches ?? []) if (match.logged) matched.add(match.rule.id);
  return JSON.stringify({
    time: new Date(report.timeMs).toISOString(),
    id: report.id,
    client: report.client.address,
    method: report.method,
    uri: report.uri,
    version: report.version,
    status: report.status,
    result: report.result,
    ...(report.reason !== undefined && { reason: report.reason }),
    decision: { effect: decision.effect, row: decision.row, rule: decision.rule },
    evidence: mainEvidence(report) ?? null,
    matched: [...matched],
    errors: (verdict?.errors ?? []).map(({ code, ruleId, message }) => ({
      code,
      rule: ruleId ?? null,
      message,
    })),
    scores: verdict?.scores ?? { inbound: 0, outbound: 0 },
    ms: report.durationMs,
    request_bytes: report.requestBytes,
    response_bytes: report.responseBytes,
  });
}

const RED = '\x1b[31m';
const GREEN = '\x1b[32m';
const YELLOW = '\x1b[33m';
const DIM = '\x1b[2m';
const RESET = '\x1b[0m';

const COLOURS: Readonly<Record<ExchangeReport['result'], string>> = Object.freeze({
  passed: GREEN,
  blocked: RED,
  refused: YELLOW,
  failed: YELLOW,
  aborted: DIM,
});

const MAX_URI = 60;

export function textLine(report: ExchangeReport, colour: boolean): string {
  const paint = (code: string, text: string): string => (colour ? code + text + RESET : text);
  const time = new Date(report.timeMs).toTimeString().slice(0, 8);
  const request = `${printable(report.method, 20)} ${printable(report.uri, MAX_URI)}`;
  const outcome = `${report.status === 0 ? '---' : report.status} ${report.result}`;
  const evidence = mainEvidence(report);
  const { rule, row } = report.decision;
  const error = row === 'engine-error' ? report.verdict?.errors[0] : undefined;
  const why = [
    report.result === 'passed' ? undefined : (reasonText(report) ?? report.decision.row),
    report.result !== 'blocked' || rule === undefined ? undefined : `"${printable(rule, 100)}"`,
    error === undefined ? undefined : printable(error.message, 100),
    evidence === undefined ? undefined : `${evidence.rule} ${printable(evidence.message, 100)}`,
  ].filter((part) => part !== undefined);
  const line = [
    paint(DIM, time),
    report.client.address,
    request,
    paint(COLOURS[report.result], outcome),
  ];
  return [...line, ...why].join('  ');
}

function reasonText(report: ExchangeReport): string | undefined {
  const { row } = report.decision;
  if (report.result !== 'blocked' || report.reason === row) return report.reason;
  return report.reason === undefined ? row : `${row} (${report.reason})`;
}

function printable(text: string, length: number): string {
  const short = text.length > length ? `${text.slice(0, length - 3)}...` : text;
  return short.replace(
    /[^\x20-\x7e]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
