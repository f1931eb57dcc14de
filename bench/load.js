#!/usr/bin/env node
// Loading CRS in processes of their own: from texts, and from the cache of compiled rules.
//
// Usage: node bench/load.js --help

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { REPOSITORY, requireCrs } from './support/files.js';

const HELP = `usage: node bench/load.js [--runs N] [--paranoia N] [--max MS] [--max-cached MS] [--as-serve]

Loads CRS (at paranoia level 4) in new processes, 5 times from texts and 5 times from a cache, and prints the least
wall time and the least processor time of the thread that loads and of all threads. Ends with 1 when the least wall time
is above the maximum (400 ms, 150 ms from the cache). Importing the package is not counted, and told by itself.
--as-serve sets what commands tell V8 when they start.
`;

/** Processor time of the first thread in milliseconds; NaN where the system does not tell. */
function ownMs() {
  try {
    const text = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1');
    return Number(text.split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

function now() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), own: ownMs(), all: (user + system) / 1000 };
}

const between = (before, after) => ({
  wall: after.wall - before.wall,
  own: after.own - before.own,
  all: after.all - before.all,
});

/** In a process of its own. */
async function once(paranoia, directory, asServe) {
  if (asServe) {
    for (const [file, name] of [
      ['start-calmly', 'startCalmly'],
      ['serve-memory', 'limitYoung'],
    ]) {
      (await import(pathToFileURL(join(REPOSITORY, `dist/cli/${file}.js`)).href))[name]();
    }
  }
  const began = now();
  const { createWaf, crsLoadOrder, loadRuleset, openRulesCache, resolveCrsDirectory } =
    await import(pathToFileURL(join(REPOSITORY, 'dist/index.js')).href);
  const imported = now();
  const layout = resolveCrsDirectory(requireCrs());
  const sources = crsLoadOrder(layout, { paranoia }).map((name) => ({
    name,
    text: readFileSync(name, 'latin1'),
  }));
  const rulesCache = directory === undefined ? undefined : openRulesCache({ directory });
  createWaf({ rules: loadRuleset(sources, { rulesCache }) });
  const loaded = now();
  process.stdout.write(
    JSON.stringify({ importing: between(began, imported), loading: between(imported, loaded) }),
  );
}

function least(results, part) {
  const of = (field) => Math.round(Math.min(...results.map((result) => result[part][field])));
  return { wall: of('wall'), own: of('own'), all: of('all') };
}

function main(values) {
  const runs = Number(values.runs);
  const directory = mkdtempSync(join(tmpdir(), 'bench-load-'));
  const asServe = values['as-serve'] ? ['--as-serve'] : [];
  const child = (...args) =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [
          fileURLToPath(import.meta.url),
          '--once',
          '--paranoia',
          values.paranoia,
          ...asServe,
          ...args,
        ],
        { encoding: 'utf8' },
      ),
    );
  try {
    child('--cache', directory);
    const cold = [];
    const cached = [];
    for (let run = 0; run < runs; run++) {
      cold.push(child());
      cached.push(child('--cache', directory));
    }
    const tell = (what, { wall, own, all }) =>
      process.stdout.write(`${what}: ${wall} ms, processor ${own} ms, of all threads ${all} ms\n`);
    tell('importing the package', least([...cold, ...cached], 'importing'));
    const fromTexts = least(cold, 'loading');
    const fromCache = least(cached, 'loading');
    tell('loading from texts', fromTexts);
    tell('loading from the cache', fromCache);
    const [file] = readdirSync(directory);
    const { size } = statSync(join(directory, file));
    process.stdout.write(`the file has ${(size / 1e6).toFixed(1)} MB\n`);
    return fromTexts.wall > Number(values.max) || fromCache.wall > Number(values['max-cached'])
      ? 1
      : 0;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    paranoia: { type: 'string', default: '4' },
    max: { type: 'string', default: '400' },
    'max-cached': { type: 'string', default: '150' },
    'as-serve': { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
    cache: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stderr.write(HELP);
else if (values.once) await once(Number(values.paranoia), values.cache, values['as-serve']);
else process.exitCode = main(values);
