// What `bench` found, as promised JSON and as a table for people.

import type { ValueCacheReport } from '../engine/value-cache.ts';
import type { Agreement } from './bench-agreement.ts';
import type { Measured } from './bench-rounds.ts';
import { meanOf, median, summarize } from './bench-samples.ts';
import { verdictDigest } from './bench-verdict.ts';

/** Microseconds rounded to nanoseconds: the clock gives no more. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Keys shared by our engine and its peers. Promised: keys are added, never dropped. */
export interface EngineReport {
  readonly version: string;
  readonly requests: number;
  readonly seconds: number;
  readonly us_mean: number;
  readonly us_p50: number;
  readonly us_p99: number;
  readonly us_p999: number;
  readonly us_max: number;
  /** The mean of the first pass over the file, everything cold. */
  readonly us_first: number;
  /** The mean of each round. */
  readonly us_rounds: readonly number[];
  /** Processor time of one request, the mean of all and of each round: what a busy machine does not change. */
  readonly us_cpu: number;
  readonly us_cpu_rounds: readonly number[];
  readonly load_ms: number;
  readonly rss_mb: number;
  readonly verdict_digest: string;
  /** Timed requests whose verdict was not that of the first pass; above 0 the times are void. */
  readonly changed: number;
}

export interface PeerReport extends EngineReport {
  /** How many times as long the peer takes: of the means, and in each round. */
  readonly ratio: number;
  readonly ratio_rounds: readonly number[];
  /** The same of processor time. */
  readonly ratio_cpu: number;
  readonly ratio_cpu_rounds: readonly number[];
  readonly agreement: Agreement;
}

export interface BenchReport extends EngineReport {
  readonly file: string;
  readonly rules: readonly string[];
  readonly records: number;
  /** Records in which a rule matched, and those that were interrupted. */
  readonly matched: number;
  readonly interrupted: number;
  /** What the cache of names and header values was asked, first pass and warm-up included; null when it is off. */
  readonly value_cache: ValueCacheReport | null;
  readonly peers: Readonly<Record<string, PeerReport>>;
}

export async function engineReport(measured: Measured): Promise<EngineReport> {
  const { subject, first, changed, cpuUs } = measured;
  const times = summarize(measured.rounds);
  return {
    version: subject.version,
    requests: times.requests,
    seconds: rounded(times.seconds),
    us_mean: rounded(times.usMean),
    us_p50: rounded(times.usP50),
    us_p99: rounded(times.usP99),
    us_p999: rounded(times.usP999),
    us_max: rounded(times.usMax),
    us_first: rounded(meanOf(first.us)),
    us_rounds: times.rounds.map(rounded),
    us_cpu: rounded(cpuUs.reduce((sum, us) => sum + us, 0) / times.requests),
    us_cpu_rounds: cpuUs.map((us, round) => rounded(us / (measured.rounds[round]?.length ?? 1))),
    load_ms: rounded(subject.loadMs),
    rss_mb: rounded(await subject.rssMb()),
    verdict_digest: verdictDigest(first.verdicts),
    changed,
  };
}

function quotients(above: readonly number[], below: readonly number[]): readonly number[] {
  return above.map((value, at) => rounded(value / (below[at] ?? value)));
}

/** A peer's figures beside ours; both took the same rounds. */
export function peerReport(
  own: EngineReport,
  peer: EngineReport,
  agreement: Agreement,
): PeerReport {
  return {
    ...peer,
    ratio: rounded(peer.us_mean / own.us_mean),
    ratio_rounds: quotients(peer.us_rounds, own.us_rounds),
    ratio_cpu: rounded(peer.us_cpu / own.us_cpu),
    ratio_cpu_rounds: quotients(peer.us_cpu_rounds, own.us_cpu_rounds),
    agreement,
  };
}

/** Range of the rounds' means against their median, in per cent. */
export function spreadPercent(rounds: readonly number[]): number {
  return ((Math.max(...rounds) - Math.min(...rounds)) / median(rounds)) * 100;
}

const COLUMNS: readonly (readonly [title: string, cell: (report: EngineReport) => string])[] = [
  ['requests', ({ requests }) => String(requests)],
  ['mean us', ({ us_mean }) => us_mean.toFixed(1)],
  ['cpu us', ({ us_cpu }) => us_cpu.toFixed(1)],
  ['p50', ({ us_p50 }) => us_p50.toFixed(1)],
  ['p99', ({ us_p99 }) => us_p99.toFixed(1)],
  ['p99.9', ({ us_p999 }) => us_p999.toFixed(1)],
  ['max', ({ us_max }) => us_max.toFixed(0)],
  ['first us', ({ us_first }) => us_first.toFixed(1)],
  ['per second', ({ us_mean }) => (1e6 / us_mean).toFixed(0)],
  ['spread', ({ us_rounds }) => `${spreadPercent(us_rounds).toFixed(0)} %`],
  ['load ms', ({ load_ms }) => load_ms.toFixed(0)],
  ['RSS MB', ({ rss_mb }) => rss_mb.toFixed(0)],
];

function table(engines: readonly (readonly [name: string, report: EngineReport])[]): string {
  const rows = [
    ['', ...COLUMNS.map(([title]) => title)],
    ...engines.map(([name, report]) => [
      `${name} ${report.version}`,
      ...COLUMNS.map(([, cell]) => cell(report)),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return rows.map((row) => `${line(row)}\n`).join('');
}

// The JSON names all records of a difference; people want to see some.
const SHOWN = 5;

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)} by round`;
}

function peerText(name: string, peer: PeerReport): string {
  const { ratio, ratio_rounds, ratio_cpu, ratio_cpu_rounds, agreement } = peer;
  const { records, equal, explained, differences } = agreement;
  const lines = differences.map((difference) => {
    const { rule, kind, reason } = difference;
    const more = difference.records.length > SHOWN ? ', ...' : '';
    const shown = difference.records.slice(0, SHOWN).join(', ') + more;
    return `  ${rule} ${kind} in ${difference.records.length} (${shown}): ${reason ?? 'NOT EXPLAINED'}\n`;
  });
  return (
    `${name} takes ${ratio.toFixed(1)} times as long (${range(ratio_rounds)}) and ` +
    `${ratio_cpu.toFixed(1)} times the processor time (${range(ratio_cpu_rounds)}).\n` +
    `${name} says the same of ${equal} of ${records} records, something else of ${explained} for known reasons.\n${lines.join('')}`
  );
}

function valueCacheText(cache: ValueCacheReport | null): string {
  if (cache === null) return 'names and header values: learnt anew in each request\n';
  const { hits, misses } = cache;
  if (hits + misses === 0) return '';
  const share = ((hits / (hits + misses)) * 100).toFixed(0);
  return `names and header values: ${share} % were known from earlier requests\n`;
}

export function textReport(report: BenchReport): string {
  const peers = Object.entries(report.peers);
  return (
    `${report.rules.join(', ')}; ${report.records} records of ${report.file}, ` +
    `${report.matched} with matches, ${report.interrupted} interrupted; ${report.us_rounds.length} rounds\n\n` +
    `${table([['portcullis', report], ...peers])}\n` +
    `verdicts ${report.verdict_digest}\n` +
    valueCacheText(report.value_cache) +
    peers.map(([name, peer]) => peerText(name, peer)).join('')
  );
}
