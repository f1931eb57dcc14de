// Counts false positives over a corpus of ordinary text: one line, one request, no rule should match.
//
// Counts and the JSON shape are go-ftw's (`ftw quantitative`), so that its baselines stay comparable:
// a request that trips three rules counts three.

import { type ByteString, utf8ByteString } from '../base/bytes.ts';
import type { RequestHead } from '../model/exchange.ts';
import type { Transaction } from '../model/transaction.ts';
import type { RuleMatch } from '../model/verdict.ts';
import { formEscape } from './request.ts';

/** Where a line goes: an argument, the path, or a header. */
export type Placement =
  | { readonly kind: 'args' }
  | { readonly kind: 'body' }
  | { readonly kind: 'path' }
  | { readonly kind: 'header'; readonly name: string };

export interface QuantitativeOptions {
  readonly begin: () => Transaction;
  readonly placement?: Placement;
  /** Only these rules count; empty or left out: all. */
  readonly ruleIds?: readonly number[];
  /** Stop after so many lines. */
  readonly maxLines?: number | undefined;
  readonly onLine?: ((hits: number) => void) | undefined;
}

export interface RuleCount {
  /** 0 for a rule that names no paranoia level. */
  readonly paranoiaLevel: number;
  readonly falsePositives: number;
}

export interface QuantitativeResult {
  readonly count: number;
  readonly skipped: number;
  readonly totalTimeSeconds: number;
  readonly falsePositives: number;
  readonly falsePositivesPerRule: Readonly<Record<string, RuleCount>>;
  readonly falsePositivesPerParanoiaLevel: Readonly<Record<string, number>>;
  /** Lines with at least one hit. */
  readonly linesWithFalsePositives: number;
}

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36';

/** `args`, `body`, `path` or `header:NAME`; undefined for anything else. */
export function parsePlacement(text: string): Placement | undefined {
  if (text === 'args' || text === 'body' || text === 'path') return { kind: text };
  const name = /^header:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)$/.exec(text)?.[1];
  return name === undefined ? undefined : { kind: 'header', name };
}

/** Sentences of a corpus text; the number in front of each line of a Leipzig corpus is taken off. */
export function corpusLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^\d+\t/, ''));
  return lines.filter((line) => line.trim() !== '');
}

export function runQuantitative(
  lines: readonly string[],
  options: QuantitativeOptions,
): QuantitativeResult {
  const start = performance.now();
  const chosen = new Set(options.ruleIds ?? []);
  const perRule = new Map<number, { paranoiaLevel: number; falsePositives: number }>();
  let count = 0;
  let linesWithHits = 0;
  for (const line of lines.slice(0, options.maxLines ?? lines.length)) {
    const hits = inspectLine(utf8ByteString(line), options).filter(
      ({ rule }) => chosen.size === 0 || chosen.has(rule.id),
    );
    count++;
    if (hits.length > 0) linesWithHits++;
    for (const hit of hits) {
      const known = perRule.get(hit.rule.id);
      if (known !== undefined) known.falsePositives++;
      else perRule.set(hit.rule.id, { paranoiaLevel: paranoiaOf(hit), falsePositives: 1 });
    }
    options.onLine?.(hits.length);
  }
  return summarise(perRule, count, linesWithHits, (performance.now() - start) / 1000);
}

/** The rules that found something in the line, each once. */
function inspectLine(line: ByteString, options: QuantitativeOptions): RuleMatch[] {
  const transaction = options.begin();
  const { head, body } = requestOf(line, options.placement ?? { kind: 'args' });
  transaction.connection({
    client: { address: '127.0.0.1', port: 50_000 },
    server: { address: '127.0.0.1', port: 80 },
  });
  transaction.requestHead(head);
  if (body !== '') transaction.requestBody(body);
  transaction.endRequest();
  const seen = new Set<number>();
  return transaction.finish().matches.filter((match) => {
    if (!match.logged || isBookkeeping(match) || seen.has(match.rule.id)) return false;
    seen.add(match.rule.id);
    return true;
  });
}

function requestOf(
  line: ByteString,
  placement: Placement,
): { readonly head: RequestHead; readonly body: ByteString } {
  const escaped = formEscape(line);
  const headers: [string, string][] = [
    ['Host', 'localhost'],
    ['User-Agent', USER_AGENT],
    ['Accept', '*/*'],
  ];
  let uri = '/get';
  let body = '';
  if (placement.kind === 'args') uri = `/get?uri_payload=${escaped}`;
  else if (placement.kind === 'path') uri = `/get/${escaped.replaceAll('+', '%20')}`;
  else if (placement.kind === 'body') {
    body = `payload=${escaped}`;
    headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
    headers.push(['Content-Length', String(body.length)]);
  } else {
    // The header takes the place of ours, so that rules see the payload and nothing beside it.
    const name = placement.name.toLowerCase();
    const at = headers.findIndex(([own]) => own.toLowerCase() === name);
    if (at !== -1) headers.splice(at, 1);
    headers.push([placement.name, line]);
  }
  const method = body === '' ? 'GET' : 'POST';
  return { head: { method, uri, version: 'HTTP/1.1', headers }, body };
}

/** Rules that add up scores or report them: they match because others did. */
function isBookkeeping(match: RuleMatch): boolean {
  const { id } = match.rule;
  const isCrs = id >= 900_000 && id < 1_000_000;
  return isCrs && (id < 902_000 || id >= 949_000);
}

function paranoiaOf(match: RuleMatch): number {
  for (const tag of match.tags) {
    const level = /^paranoia-level\/(\d)$/.exec(tag)?.[1];
    if (level !== undefined) return Number(level);
  }
  return 0;
}

function summarise(
  perRule: ReadonlyMap<number, RuleCount>,
  count: number,
  linesWithHits: number,
  seconds: number,
): QuantitativeResult {
  const ordered = [...perRule].sort(
    ([idA, a], [idB, b]) => a.paranoiaLevel - b.paranoiaLevel || idA - idB,
  );
  const perLevel: Record<string, number> = {};
  let total = 0;
  for (const [, { paranoiaLevel, falsePositives }] of ordered) {
    perLevel[paranoiaLevel] = (perLevel[paranoiaLevel] ?? 0) + falsePositives;
    total += falsePositives;
  }
  return {
    count,
    skipped: 0,
    totalTimeSeconds: seconds,
    falsePositives: total,
    falsePositivesPerRule: Object.fromEntries(ordered),
    falsePositivesPerParanoiaLevel: perLevel,
    linesWithFalsePositives: linesWithHits,
  };
}

/** The counts for people. */
export function quantitativeReport(result: QuantitativeResult): string {
  const { count } = result;
  const share = (part: number): string =>
    `${part}/${count} = ${(count === 0 ? 0 : part / count).toFixed(4)}`;
  const lines = [
    `${count} lines in ${result.totalTimeSeconds.toFixed(1)} s`,
    `lines with false positives: ${share(result.linesWithFalsePositives)}`,
    `false positives: ${share(result.falsePositives)}`,
  ];
  for (const [level, hits] of Object.entries(result.falsePositivesPerParanoiaLevel)) {
    lines.push(`  ${level === '0' ? 'no level' : `PL${level}`}: ${share(hits)}`);
  }
  const rules = Object.entries(result.falsePositivesPerRule).sort(
    ([idA, a], [idB, b]) => a.paranoiaLevel - b.paranoiaLevel || Number(idA) - Number(idB),
  );
  if (rules.length > 0) lines.push('by rule:');
  for (const [id, { paranoiaLevel, falsePositives }] of rules) {
    lines.push(`  ${id} (PL${paranoiaLevel}): ${share(falsePositives)}`);
  }
  return `${lines.join('\n')}\n`;
}
