// The result of a run for people: what failed, with the request, the expectation and what matched.

import type { RuleMatch } from '../model/verdict.ts';
import type { FailedStage, TestResult } from './runner.ts';

/** What a rule saw of a request: `ARGS:x  t:lowercase -> "..."  no match`. One line each. */
export type ExplainRule = (ruleId: number, stage: FailedStage) => readonly string[];

export interface ReportOptions {
  readonly explain?: ExplainRule | undefined;
  readonly seconds?: number | undefined;
}

const MAX_BODY_LINES = 24;
const MAX_LINE = 400;
const MAX_VALUE = 120;

export function textReport(results: readonly TestResult[], options: ReportOptions = {}): string {
  const failed = results.filter((result) => result.outcome === 'failed');
  const details = failed.map((result) => `${failureText(result, options)}\n`);
  return `${details.join('')}${summary(results, options.seconds)}\n`;
}

export function summary(results: readonly TestResult[], seconds?: number): string {
  const count = (outcome: string): number =>
    results.filter((result) => result.outcome === outcome).length;
  const time = seconds === undefined ? '' : ` in ${seconds.toFixed(1)} s`;
  return `${results.length} tests: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped${time}`;
}

function failureText(result: TestResult, options: ReportOptions): string {
  const lines = [`FAIL ${result.id}  ${result.file}:${result.line}`];
  if (result.description !== '') lines.push(`  ${firstLine(result.description)}`);
  const { stage } = result;
  if (stage === undefined) {
    lines.push(`  ${result.reason}`);
    return `${lines.join('\n')}\n`;
  }
  lines.push(`  stage ${stage.number}:`);
  for (const failure of stage.failures) lines.push(`    ${cut(failure.message, MAX_LINE)}`);
  const { observation } = stage;
  if (observation.remark !== undefined) lines.push(`    ${observation.remark}`);
  lines.push('  request:', ...requestLines(observation.request));
  if (observation.response !== undefined) lines.push(`  status: ${observation.response.status}`);
  if (observation.error !== undefined) lines.push(`  no response: ${observation.error}`);
  lines.push('  matched:', ...matchLines(observation.matches, observation.logLines));
  const ruleIds = new Set(stage.failures.flatMap((failure) => failure.ruleIds));
  for (const id of options.explain === undefined ? [] : ruleIds) {
    lines.push(`  rule ${id}:`);
    for (const line of options.explain?.(id, stage) ?? []) lines.push(`    ${cut(line, MAX_LINE)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** One line per line of the request; whatever is not printable ASCII is shown as \xhh. */
function requestLines(request: string): string[] {
  const lines = request.split('\n').map((line, at, all) => {
    // Ordinary line ends are left out; a missing CR or a missing last LF is the thing to see.
    const isLast = at === all.length - 1;
    const shown = line.endsWith('\r') && !isLast ? line.slice(0, -1) : isLast ? line : `${line}\n`;
    return `    ${cut(showBytes(shown), MAX_LINE)}`;
  });
  if (lines.at(-1) === '    ') lines.pop();
  if (lines.length <= MAX_BODY_LINES) return lines;
  const left = lines.length - MAX_BODY_LINES;
  return [...lines.slice(0, MAX_BODY_LINES), `    ... ${left} more lines`];
}

function matchLines(
  matches: readonly RuleMatch[] | undefined,
  logLines: readonly string[],
): string[] {
  if (matches === undefined) {
    return logLines.length === 0
      ? ['    nothing']
      : logLines.map((line) => `    ${cut(line, MAX_LINE)}`);
  }
  const telling = matches.filter((match) => match.logged);
  if (telling.length === 0) return ['    nothing'];
  return telling.map((match) => {
    const value = cut(showBytes(match.value), MAX_VALUE);
    return `    ${match.rule.id} (phase ${match.phase}) ${match.message} | ${showBytes(match.variable)}: ${value}`;
  });
}

export function showBytes(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\r') return '\\r';
    if (char === '\t') return '\\t';
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return cut(end === -1 ? text : text.slice(0, end), MAX_LINE);
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}... (${text.length - max} more)` : text;
}
