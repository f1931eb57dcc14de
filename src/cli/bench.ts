// portcullis bench: how fast the rules judge recorded exchanges, beside what they say of them.
//
// The verdicts come first, in a pass of their own, and every timed request is held against them: times of
// an engine that says something else are void, and end with status 1.

import { Command, InvalidArgumentError } from 'commander';
import type { ExchangeRecord } from '../model/exchange.ts';
import { ownEngine } from './bench-own.ts';
import { type BenchReport, engineReport, textReport } from './bench-report.ts';
import { runRounds } from './bench-rounds.ts';
import { readItems } from './eval-input.ts';
import { FailureError, type Output, processOutput } from './output.ts';
import { addRulesOptions, type RulesOptions } from './rules-options.ts';
import { version } from './version.ts';

interface BenchOptions extends RulesOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly limit?: number;
  readonly fresh: boolean;
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

interface Records {
  readonly ids: readonly string[];
  readonly records: readonly ExchangeRecord[];
}

/** All records at once: reading must not fall into the timed part. Throws when one cannot be read. */
async function readRecords(path: string, limit: number): Promise<Records> {
  const ids: string[] = [];
  const records: ExchangeRecord[] = [];
  for await (const item of readItems(path)) {
    if ('error' in item) throw new FailureError(`${path}: ${item.error}`);
    ids.push(item.id);
    records.push(item.record);
    if (records.length >= limit) break;
  }
  if (records.length === 0) throw new FailureError(`${path}: no exchange records`);
  return { ids, records };
}

function createProgress(): (step: string, done: number, total: number) => void {
  const began = Date.now();
  return (step, done, total) => {
    if (process.stderr.isTTY !== true || Date.now() - began < 2000) return;
    process.stderr.write(`\r\x1b[K${done === total ? '' : `${done} of ${total}: ${step}`}`);
  };
}

async function measure(path: string, options: BenchOptions, output: Output): Promise<BenchReport> {
  const { records } = await readRecords(path, options.limit ?? Number.POSITIVE_INFINITY);
  const own = ownEngine(
    {
      rules: options,
      records,
      version: version(),
      fresh: options.fresh,
      warmUpSeconds: Math.min(2, options.seconds / 4),
    },
    output,
  );
  const plan = {
    records: records.length,
    rounds: options.rounds,
    seconds: options.seconds,
    fromStart: options.fresh,
  };
  const [measured] = await runRounds([own], plan, createProgress());
  if (measured === undefined) throw new FailureError('nothing was measured');
  const { verdicts } = measured.first;
  return {
    file: path,
    rules: own.loaded.names,
    records: records.length,
    matched: verdicts.filter(({ matched }) => matched.length > 0).length,
    interrupted: verdicts.filter(({ interruption }) => interruption !== null).length,
    ...(await engineReport(measured)),
    peers: {},
  };
}

function problemsOf(report: BenchReport): readonly string[] {
  const engines = [['portcullis', report] as const, ...Object.entries(report.peers)];
  return engines
    .filter(([, { changed }]) => changed > 0)
    .map(
      ([name, { changed, requests }]) =>
        `${name}: ${changed} of ${requests} timed requests got another verdict than at first, so the times are void; rules that keep state between requests need --fresh`,
    );
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
    .option('--fresh', 'load the rules anew before each round: cold caches, no state', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
Times are microseconds of one request in one thread, from its first step to its outcome. "first" is the
mean of the first pass over the file, with everything cold; "spread" says how far the rounds lie apart.
The digest covers matched rules and interruption of every record and is the same from run to run.

Exit status: 0 when the figures count, 1 when they are void (records that cannot be read, a verdict that
changes between passes), 2 for a wrong command line.

Example:
  portcullis bench --crs starter --engine DetectionOnly --seconds 5 traffic.jsonl`,
    );
  addRulesOptions(command);
  return command.action(async (path: string, options: BenchOptions) => {
    process.exitCode = await run(path, options);
  });
}
