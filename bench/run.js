#!/usr/bin/env node
// All corpora at paranoia levels 1 and 4, beside libmodsecurity: node bench/run.js --help
//
// Writes bench/results/results.json and charts, and puts the table into bench/README.md.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { COMMAND, corpusFile, REPOSITORY, requireCrs } from './support/files.js';
import { barChart } from './support/svg.js';

const HELP = `usage: node bench/run.js [options]

  --seconds N       for the slowest engine, for each corpus and level (10)
  --rounds N        in which engines take turns (5)
  --corpora NAMES   comma-separated; default all
  --paranoia LEVELS comma-separated (1,4)
  --no-peer         without libmodsecurity
  --no-value-cache  nothing is kept of names and header values from request to request; the table
                    goes to stdout, and nothing is written
  --out DIRECTORY   where results go (bench/results); README.md beside it gets the table

Needs a build, CRS (PORTCULLIS_CRS) and, for the peer, libmodsecurity-dev, pkg-config and g++.
`;

/** Records of each corpus: all of them take the peer minutes before the first round. */
const LIMITS = Object.freeze({
  'small-get': 3000,
  browsing: 1000,
  'api-json': 100,
  form: 15,
  multipart: 100,
  attacks: 5000,
  worst: 1000,
});
/** Some of its requests keep the peer busy for minutes. */
const WITHOUT_PEER = Object.freeze(['worst']);

const BENCH = fileURLToPath(new URL('.', import.meta.url));
const PEER = 'libmodsecurity';

function measure(name, paranoia, values) {
  const args = [
    ...[COMMAND, 'bench', '--json', '--crs', requireCrs(), '--engine', 'DetectionOnly'],
    ...['--paranoia', paranoia, '--seconds', values.seconds, '--rounds', values.rounds],
    ...['--limit', String(LIMITS[name])],
    ...(values['no-value-cache'] ? ['--no-value-cache'] : []),
    ...(values['no-peer'] || WITHOUT_PEER.includes(name) ? [] : ['--peer', PEER]),
    corpusFile(name),
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (stdout === '') throw new Error(`${name}, paranoia ${paranoia}: ${stderr}`);
  if (status !== 0) process.stderr.write(stderr);
  return { ...JSON.parse(stdout), void: status !== 0 };
}

/** Without the lists of records that every difference comes with. */
function shortened(report) {
  const peers = Object.fromEntries(
    Object.entries(report.peers).map(([name, peer]) => {
      const differences = peer.agreement.differences.map(({ records, ...rest }) => ({
        ...rest,
        count: records.length,
        examples: records.slice(0, 5),
      }));
      return [name, { ...peer, agreement: { ...peer.agreement, differences } }];
    }),
  );
  return { ...report, file: basename(report.file), peers };
}

const digits = (value) => (value < 100 ? value.toFixed(1) : value.toFixed(0));

function row({ corpus, paranoia, report }) {
  const peer = report.peers[PEER];
  const range = (values) => `${Math.min(...values).toFixed(1)}-${Math.max(...values).toFixed(1)}`;
  const cells = [
    corpus,
    paranoia,
    digits(report.us_mean),
    digits(report.us_cpu),
    digits(report.us_p50),
    digits(report.us_p99),
    digits(report.us_first),
    peer === undefined ? '-' : digits(peer.us_mean),
    peer === undefined ? '-' : `${peer.ratio.toFixed(1)} (${range(peer.ratio_rounds)})`,
    peer === undefined ? '-' : `${peer.ratio_cpu.toFixed(1)} (${range(peer.ratio_cpu_rounds)})`,
    peer === undefined
      ? '-'
      : `${peer.agreement.equal} / ${peer.agreement.explained} / ${peer.agreement.unexplained}`,
    report.load_ms.toFixed(0),
    report.rss_mb.toFixed(0),
    `\`${report.verdict_digest.slice(7, 15)}\``,
  ];
  return `| ${cells.join(' | ')} |`;
}

function table(results, facts) {
  return `Measured on ${facts.date} with revision ${facts.revision} (\`node bench/run.js --seconds ${facts.seconds} --rounds ${facts.rounds}\`):
Node ${facts.node}, ${facts.cpu}, ${facts.cores} cores, load average ${facts.load.join(' to ')} during the run.
Microseconds of one request in one thread, DetectionOnly; the ratio is of means over the same requests, its range
that of the rounds. Verdicts: records with the same, with a difference for known reasons, without a known reason.

| corpus | PL | mean us | cpu us | p50 | p99 | first pass | libmodsecurity ${facts.peer ?? ''} mean us | ratio (rounds) | of processor time | verdicts | load ms | RSS MB | digest |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
${results.map(row).join('\n')}
`;
}

function writeCharts(out, results) {
  for (const paranoia of new Set(results.map((result) => result.paranoia))) {
    const groups = results
      .filter((result) => result.paranoia === paranoia)
      .map(({ corpus, report }) => {
        const bar = (name, us) => ({ name, value: us, text: `${digits(us)} us` });
        const peer = report.peers[PEER];
        const own = bar('portcullis', report.us_cpu);
        return {
          label: corpus,
          bars: peer === undefined ? [own] : [own, bar(PEER, peer.us_cpu)],
        };
      });
    const title = `Processor time of a request, paranoia level ${paranoia} (logarithmic)`;
    writeFileSync(join(out, `paranoia-${paranoia}.svg`), barChart(title, groups));
  }
}

/** Replaces what stands between the markers in the README beside `out`. */
function putIntoReadme(out, text) {
  const path = join(out, '..', 'README.md');
  const readme = readFileSync(path, 'utf8');
  const [begin, end] = ['<!-- results: written by run.js -->', '<!-- end of results -->'];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no markers for the results`);
  writeFileSync(path, `${readme.slice(0, from + begin.length)}\n\n${text}\n${readme.slice(to)}`);
}

function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '5' },
      corpora: { type: 'string', default: Object.keys(LIMITS).join(',') },
      paranoia: { type: 'string', default: '1,4' },
      'no-peer': { type: 'boolean', default: false },
      'no-value-cache': { type: 'boolean', default: false },
      out: { type: 'string', default: join(BENCH, 'results') },
      help: { type: 'boolean', default: false },
    },
  });
  const corpora = values.corpora.split(',');
  if (values.help || corpora.some((name) => !(name in LIMITS))) {
    process.stderr.write(HELP);
    return values.help ? 0 : 2;
  }
  const results = [];
  const loads = [loadavg()[0]];
  for (const paranoia of values.paranoia.split(',')) {
    for (const corpus of corpora) {
      const report = shortened(measure(corpus, paranoia, values));
      results.push({ corpus, paranoia, report });
      loads.push(loadavg()[0]);
      process.stderr.write(`${row(results.at(-1))}\n`);
    }
  }
  const git = ['-C', REPOSITORY, 'rev-parse', '--short', 'HEAD'];
  const facts = {
    date: new Date().toISOString().slice(0, 10),
    revision: execFileSync('git', git, { encoding: 'utf8' }).trim(),
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: [Math.min(...loads).toFixed(1), Math.max(...loads).toFixed(1)],
    seconds: values.seconds,
    rounds: values.rounds,
    peer: results.map(({ report }) => report.peers[PEER]?.version).find(Boolean),
  };
  const isVoid = results.some(({ report }) => report.void);
  if (values['no-value-cache']) {
    process.stdout.write(table(results, facts));
    return isVoid ? 1 : 0;
  }
  mkdirSync(values.out, { recursive: true });
  writeFileSync(
    join(values.out, 'results.json'),
    `${JSON.stringify({ facts, results }, null, 1)}\n`,
  );
  writeCharts(values.out, results);
  const charts = [...new Set(results.map(({ paranoia }) => paranoia))]
    .map((paranoia) => `![paranoia level ${paranoia}](results/paranoia-${paranoia}.svg)`)
    .join('\n');
  putIntoReadme(values.out, `${table(results, facts)}\n${charts}\n`);
  return isVoid ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
