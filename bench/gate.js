#!/usr/bin/env node
// Compares the speed and the verdicts of two revisions: node bench/gate.js --help
//
// Both are built in worktrees in a temporary folder and run as processes that take turns over the same
// records. What decides is the ratio of their processor times in each round: other load does not count, and a
// machine that slows down slows both.
// A verdict that differs fails, and so does a ratio that is above the threshold by more than its own noise.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { corpusFile, REPOSITORY, requireCrs } from './support/files.js';
import { median, medianError } from './support/statistics.js';

const HELP = `usage: node bench/gate.js [options] BASE [HEAD]

Compares HEAD (default: the last commit) with BASE. Ends with 1 when HEAD is slower beyond noise or says
something else, 2 for a wrong command line.

  --corpora NAMES        comma-separated (small-get,browsing,attacks,form)
  --paranoia LEVELS      comma-separated (1,4)
  --rounds N             rounds in which both take turns (15)
  --seconds N            time for one revision in one round (0.4)
  --limit N              records of each corpus (400)
  --threshold PERCENT    how much slower HEAD may be (3)
  --verdicts-may-differ  report other verdicts without failing
`;

const WORKER = fileURLToPath(new URL('support/worker.js', import.meta.url));
const WARM_UP_SECONDS = 2;

const git = (...args) =>
  execFileSync('git', ['-C', REPOSITORY, ...args], { encoding: 'utf8' }).trim();

/** Checks a revision out and builds it; returns its folder. */
function build(folder, name, revision) {
  const commit = git('rev-parse', '--verify', `${revision}^{commit}`);
  const root = join(folder, name);
  git('worktree', 'add', '--quiet', '--detach', root, commit);
  const same = (file) =>
    readFileSync(join(root, file), 'utf8') === readFileSync(join(REPOSITORY, file), 'utf8');
  if (same('package-lock.json') && existsSync(join(REPOSITORY, 'node_modules'))) {
    symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  } else {
    execFileSync('npm', ['ci', '--silent'], { cwd: root, stdio: ['ignore', 2, 2] });
  }
  process.stderr.write(`building ${name}: ${commit.slice(0, 10)}\n`);
  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
  } catch (error) {
    // Wrong types are for the tests to refuse; the compiler writes its output all the same.
    if (!existsSync(join(root, 'dist/index.js'))) throw error;
  }
  return root;
}

function start(root, { crs, paranoia, path, limit }) {
  const child = spawn(process.execPath, [WORKER, root, crs, paranoia, path, limit].map(String), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const next = await lines.next();
    if (next.done) throw new Error(`the worker of ${root} ended early`);
    return next.value;
  };
  return {
    line,
    timed: async (from, count) => {
      child.stdin.write(`timed ${from} ${count}\n`);
      const [us, changed] = (await line()).split(' ').map(Number);
      return { us, changed };
    },
    verdicts: async (count) => {
      child.stdin.write('first\n');
      const verdicts = [];
      while (verdicts.length < count) verdicts.push(await line());
      return verdicts;
    },
    end: () => child.stdin.end(),
  };
}

/** Repeats requests until the compiler of the engine has settled; microseconds of one. */
async function warmUp(worker, records) {
  let us = 0;
  const until = performance.now() + WARM_UP_SECONDS * 1000;
  while (performance.now() < until) us = (await worker.timed(0, Math.min(records, 200))).us;
  return us;
}

/** One corpus at one level: the ratios of all rounds, and what differs in the verdicts. */
async function compare(roots, options) {
  const ids = readFileSync(options.path, 'utf8')
    .split('\n', options.limit)
    .filter((line) => line !== '')
    .map((line, index) => JSON.parse(line).id ?? String(index + 1));
  const workers = roots.map((root) => start(root, options));
  for (const worker of workers) await worker.line();
  const said = [];
  for (const worker of workers) said.push(await worker.verdicts(ids.length));
  const differing = ids.filter((_, index) => said[0][index] !== said[1][index]);
  const paces = [];
  for (const worker of workers) paces.push(await warmUp(worker, ids.length));
  const count = Math.max(1, Math.floor((options.seconds * 1e6) / Math.max(...paces)));
  const rounds = [];
  let changed = 0;
  for (let round = 0; round < options.rounds; round++) {
    const from = (round * count) % ids.length;
    const times = [];
    // Base first, then head first: whoever comes second finds another state of the machine.
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const { us, changed: other } = await workers[index].timed(from, count);
      times[index] = us;
      changed += other;
    }
    rounds.push(times);
  }
  for (const worker of workers) worker.end();
  return { differing, rounds, changed };
}

function report(label, { differing, rounds, changed }, { threshold, mayDiffer }) {
  const ratios = rounds.map(([base, head]) => head / base);
  const ratio = median(ratios);
  const error = medianError(ratios);
  // Two standard errors: one gate in forty fails by chance at the threshold itself, hardly any below it.
  const isSlower = ratio - 2 * error > 1 + threshold / 100;
  const isOther = differing.length > 0 && !mayDiffer;
  const failed = isSlower || isOther || changed > 0;
  const percent = (value) => `${(value * 100).toFixed(1)} %`;
  process.stdout.write(
    `${failed ? 'FAIL' : 'ok  '} ${label}: base ${median(rounds.map(([base]) => base)).toFixed(1)} us, ` +
      `head ${median(rounds.map(([, head]) => head)).toFixed(1)} us, ` +
      `${percent(ratio - 1)} +- ${percent(2 * error)}${isSlower ? ', slower beyond noise' : ''}\n`,
  );
  if (differing.length > 0) {
    const shown = differing.slice(0, 10).join(', ');
    process.stdout.write(`     ${differing.length} verdicts differ: ${shown}\n`);
  }
  if (changed > 0) process.stdout.write(`     ${changed} timed requests changed their verdict\n`);
  return failed;
}

async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      corpora: { type: 'string', default: 'small-get,browsing,attacks,form' },
      paranoia: { type: 'string', default: '1,4' },
      rounds: { type: 'string', default: '15' },
      seconds: { type: 'string', default: '0.4' },
      limit: { type: 'string', default: '400' },
      threshold: { type: 'string', default: '3' },
      'verdicts-may-differ': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [base, head = 'HEAD'] = positionals;
  if (values.help || base === undefined) {
    process.stderr.write(HELP);
    return values.help ? 0 : 2;
  }
  const crs = requireCrs();
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-gate-'));
  let failed = false;
  try {
    const roots = [build(folder, 'base', base), build(folder, 'head', head)];
    for (const name of values.corpora.split(',')) {
      for (const paranoia of values.paranoia.split(',')) {
        const compared = await compare(roots, {
          crs,
          paranoia,
          path: corpusFile(name),
          limit: Number(values.limit),
          rounds: Number(values.rounds),
          seconds: Number(values.seconds),
        });
        const mayDiffer = values['verdicts-may-differ'];
        const limits = { threshold: Number(values.threshold), mayDiffer };
        failed = report(`${name}, paranoia ${paranoia}`, compared, limits) || failed;
      }
    }
  } finally {
    for (const name of ['base', 'head']) {
      if (existsSync(join(folder, name))) git('worktree', 'remove', '--force', join(folder, name));
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return failed ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
