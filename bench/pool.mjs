// How throughput grows with workers: whole exchanges through one waf in this thread, and through pools of one
// worker, of two, ...
//
//   npm run build && node bench/pool.mjs [--crs DIR] [--corpus FILE] [--workers 1,2] [--seconds 4] [--rounds 3]
//
// The subjects take turns, so that what else runs on the machine falls on all of them; the best round counts.
// Where cores are shared, throughput says little and processor time more: what a subject takes of all threads
// for an exchange, and what of the thread that asks, which is what ends growth with more cores (Linux only).
// Each subject's blocked exchanges are held against those of the waf: figures without equal verdicts are void.

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createWaf, createWafPool, crsLoadOrder, resolveCrsDirectory } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    crs: { type: 'string', default: 'starter' },
    corpus: { type: 'string' },
    workers: { type: 'string', default: '1,2' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
  },
});

/** Exchanges asked for at once, as a busy server has them. */
const CONCURRENT = 64;

function generated() {
  return Array.from({ length: 500 }, (_, at) => ({
    method: 'GET',
    uri: `/shop/${at}?q=item${at * 7}&page=${at % 9}${at % 50 === 0 ? "&x=1'+or+'1'='1" : ''}`,
    headers: [
      ['Host', 'shop.test'],
      ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'],
      ['Accept', 'text/html'],
      ['Cookie', `session=s${at * 31}`],
    ],
    client: { address: `203.0.113.${at % 250}`, port: 50_000 },
  }));
}

function recorded(path) {
  const bytes = (base64) =>
    base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('latin1');
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { body_b64, time, response, ...record } = JSON.parse(line);
      const { body_b64: answer_b64, ...answer } = response ?? {};
      return {
        ...record,
        body: bytes(body_b64) ?? record.body,
        response: response && { ...answer, body: bytes(answer_b64) ?? answer.body },
      };
    });
}

const layout = resolveCrsDirectory(values.crs);
if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
const rules = crsLoadOrder(layout, { paranoia: 1 }).map((name) => ({
  name,
  text: readFileSync(name, 'latin1'),
}));
const records = values.corpus === undefined ? generated() : recorded(values.corpus);

/** Nanoseconds that the main thread has run. */
function askingNs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return Number.NaN;
  }
}

/** Runs for so long; exchanges per second and of one pass those that were blocked. */
async function drive(inspect, ms) {
  const until = performance.now() + ms;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const asking = askingNs();
  let next = 0;
  let done = 0;
  let blocked = 0;
  const client = async () => {
    while (next < records.length || performance.now() < until) {
      const at = next++;
      const { decision } = await inspect(records[at % records.length]);
      if (at < records.length && decision.effect === 'block') blocked++;
      done++;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, client));
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: (done / (performance.now() - start)) * 1000,
    all: (user + system) / done,
    asking: (askingNs() - asking) / 1000 / done,
    blocked,
  };
}

const EMPTY = { perSecond: 0, all: Infinity, asking: Infinity };
const waf = createWaf({ rules });
const subjects = [
  { name: 'createWaf', inspect: async (record) => waf.inspect(record), best: EMPTY },
];
const pools = [];
for (const workers of values.workers.split(',').map(Number)) {
  const pool = await createWafPool({ rules, workers });
  pools.push(pool);
  subjects.push({ name: `pool of ${workers}`, inspect: pool.inspect, best: EMPTY });
}
const ms = Number(values.seconds) * 1000;
for (const { inspect } of subjects) await drive(inspect, ms / 2);
let expected;
for (let round = 0; round < Number(values.rounds); round++) {
  for (const subject of subjects) {
    const { blocked, perSecond, all, asking } = await drive(subject.inspect, ms);
    expected ??= blocked;
    if (blocked !== expected) throw new Error(`${subject.name} blocks ${blocked}, not ${expected}`);
    const { best } = subject;
    subject.best = {
      perSecond: Math.max(best.perSecond, perSecond),
      all: Math.min(best.all, all),
      asking: Math.min(best.asking, asking),
    };
  }
}
console.log(`${availableParallelism()} processors, ${records.length} records, ${expected} blocked`);
for (const { name, best } of subjects) {
  const [perSecond, all, asking] = [best.perSecond, best.all, best.asking].map((n) => n.toFixed(0));
  console.log(
    `${name.padEnd(12)} ${perSecond} exchanges/s  ${all} us of processors  ${asking} us of the asking thread`,
  );
}
await Promise.all(pools.map((pool) => pool.close()));
