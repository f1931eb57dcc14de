// portcullis bench: how fast the rules judge recorded exchanges, beside what they say of them.
//
// The verdicts come first, in a pass of their own, and every timed request is held against them: times of
// an engine that says something else are void, and end with status 1.

import { Command, InvalidArgumentError, Option } from 'commander';
import { compareVerdicts } from './bench-agreement.ts';
import { type OwnEngine, ownEngine } from './bench-own.ts';
import { knownDifferences, PEER_NAMES, startNamedPeer } from './bench-peers.ts';
import {
  type BenchReport,
  engineReport,
  type PeerReport,
  peerReport,
  textReport,
} from './bench-report.ts';
import { type Measured, runRounds } from './bench-rounds.ts';
import type { BenchItem, BenchSubject } from './bench-subject.ts';
import { readItems } from './eval-input.ts';
import { FailureError, type Output, processOutput } from './output.ts';
import { addRulesOptions, type RulesOptions } from './rules-options.ts';
import { version } from './version.ts';

interface BenchOptions extends RulesOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly limit?: number;
  readonly peer: readonly string[];
  readonly fresh: boolean;
  /** Commander's reading of --no-value-cache. */
  readonly valueCache?: boolean;
  readonly json: boolean;
}

function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return number;
}

function whole(value: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(value)) {
    throw new InvalidArgumentError('It must be a whole number above 0.');
  }
  return Number(value);
}

function peerName(value: string, before: readonly string[]): readonly string[] {
  if (!PEER_NAMES.includes(value)) {
    throw new InvalidArgumentError(`Known peers: ${PEER_NAMES.join(', ')}.`);
  }
  return [...before, value];
}

/** All records at once: reading must not fall into the timed part. Throws when one cannot be read. */
async function readRecords(
  path: string,
  limit: number,
  output: Output,
): Promise<readonly BenchItem[]> {
  const items: BenchItem[] = [];
  for await (const item of readItems(path, output.talk)) {
    if ('error' in item) throw new FailureError(`${path}: ${item.error}`);
    items.push(item);
    if (items.length >= limit) break;
  }
  if (items.length === 0) throw new FailureError(`${path}: no exchange records`);
  return items;
}

function createProgress(): (step: string, done: number, total: number) => void {
  const began = Date.now();
  return (step, done, total) => {
    if (process.stderr.isTTY !== true || Date.now() - began < 2000) return;
    process.stderr.write(`\r\x1b[K${done === total ? '' : `${done} of ${total}: ${step}`}`);
  };
}

async function measure(path: string, options: BenchOptions, output: Output): Promise<BenchReport> {
  const items = await readRecords(path, options.limit ?? Number.POSITIVE_INFINITY, output);
  const records = items.map(({ record }) => record);
  const own = ownEngine(
    {
      rules: options,
      records,
      version: version(),
      fresh: options.fresh,
      valueCache: options.valueCache !== false,
      warmUpSeconds: Math.min(2, options.seconds / 4),
    },
    output,
  );
  const peers: BenchSubject[] = [];
  try {
    for (const name of new Set(options.peer)) {
      peers.push(await startNamedPeer(name, options, records));
    }
    const [first, ...others] = await runRounds(
      [own, ...peers],
      {
        records: records.length,
        rounds: options.rounds,
        seconds: options.seconds,
        fromStart: options.fresh,
      },
      createProgress(),
    );
    return await reportOf(path, items, own, first as Measured, others);
  } finally {
    for (const peer of peers) await peer.close();
  }
}

async function reportOf(
  path: string,
  items: readonly BenchItem[],
  { loaded, valueCache }: OwnEngine,
  own: Measured,
  others: readonly Measured[],
): Promise<BenchReport> {
  const ours = await engineReport(own);
  const peers: Record<string, PeerReport> = {};
  for (const other of others) {
    const { name } = other.subject;
    const known = knownDifferences(name);
    const agreement = compareVerdicts(items, own.first.verdicts, other.first.verdicts, known);
    peers[name] = peerReport(ours, await engineReport(other), agreement);
  }
  const { verdicts } = own.first;
  return {
    file: path,
    rules: loaded.names,
    records: verdicts.length,
    matched: verdicts.filter(({ matched }) => matched.length > 0).length,
    interrupted: verdicts.filter(({ interruption }) => interruption !== null).length,
    ...ours,
    value_cache: valueCache() ?? null,
    peers,
  };
}

function problemsOf(report: BenchReport): readonly string[] {
  const peers = Object.entries(report.peers);
  const unexplained = peers
    .filter(([, { agreement }]) => agreement.unexplained > 0)
    .map(
      ([name, { agreement }]) =>
        `${name}: ${agreement.unexplained} of ${agreement.records} records got another verdict for no known reason, so the ratio is void`,
    );
  const changed = [['portcullis', report] as const, ...peers]
    .filter(([, { changed }]) => changed > 0)
    .map(
      ([name, { changed, requests }]) =>
        `${name}: ${changed} of ${requests} timed requests got another verdict than at first, so the times are void; rules that keep state between requests need --fresh`,
    );
  return [...changed, ...unexplained];
}

async function run(path: string, options: BenchOptions): Promise<number> {
  const output = processOutput();
  const report = await measure(path, options, output);
  output.data(options.json ? `${JSON.stringify(report, null, 2)}\n` : textReport(report));
  const problems = problemsOf(report);
  for (const problem of problems) output.talk(`${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

export function benchCommand(): Command {
  const command = new Command('bench')
    .description('measure throughput and latency over recorded exchanges, with a verdict digest')
    .argument('<file>', 'exchange records (.jsonl), a raw request, a recording, or "-"')
    .option('--seconds <n>', 'time to measure, for the slowest engine', positive, 10)
    .option('--rounds <n>', 'in how many rounds; engines take turns in each', whole, 5)
    .option('--limit <n>', 'only the first n records', whole)
    .addOption(
      new Option('--peer <name>', 'measure this engine in the same run; repeatable')
        .argParser(peerName)
        .default([]),
    )
    .option(
      '--cache <dir>',
      'load from compiled rules that are kept in this folder; default: from texts',
    )
    .option('--fresh', 'load the rules anew before each round: cold caches, no state', false)
    .option(
      '--no-value-cache',
      'learn names and header values anew in each request, as if none came twice',
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
Times are microseconds of one request in one thread, from its first step to its outcome. "first" is the
mean of the first pass over the file, with everything cold; "spread" says how far the rounds lie apart;
"cpu" is processor time, which other load on the machine disturbs less.
The digest covers matched rules and interruption of every record and is the same from run to run.

--peer libmodsecurity builds a small driver with Debian's libmodsecurity-dev and compares its verdicts with
ours, rule by rule. Engines take turns with the same records; differences are listed with their records,
and the reason where bench/peers/differences.json knows one.

Exit status: 0 when the figures count, 1 when they are void (records that cannot be read, a verdict that
changes between passes, a peer that says something else for no known reason), 2 for a wrong command line.

Examples:
  portcullis bench --crs 4.28.0 --engine DetectionOnly --peer libmodsecurity traffic.jsonl
  portcullis bench --crs starter --engine DetectionOnly --seconds 5 traffic.jsonl`,
    );
  addRulesOptions(command);
  return command.action(async (path: string, options: BenchOptions) => {
    process.exitCode = await run(path, options);
  });
}
