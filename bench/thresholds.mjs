// What thresholds cost: ten of them on each request, for one actor, for a thousand, for many; and how much
// memory a million actors take against what the store believes.
//
//   npm run build && node --expose-gc bench/thresholds.mjs [--actors 1000000] [--rules 10]
//
// Thresholds are asked as the rules of a policy ask them: from what each rule counts to what each answers, by
// way of the store. Each request brings a new text for its actor, cut out of a hash, as policies make them; to
// make it is left out. What is measured comes after a warm-up in which each actor has come once; the first
// requests have a line of their own.
//
// Each measurement checks its own answer: the number of requests that fired has to be the one expected, so
// that a fast wrong store fails.

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { thresholdEngine } from '../dist/policy/rules/threshold-engine.js';
import { compileThreshold } from '../dist/policy/thresholds/threshold.js';
import { memoryStore } from '../dist/state/memory.js';
import { memorySlots } from '../dist/state/memory-slots.js';
import { CLOCK_TOLERANCE_MS } from '../dist/state/operations.js';
import { runBatch } from '../dist/state/run-batch.js';
import { runOperations } from '../dist/state/run-operations.js';

const { values } = parseArgs({
  options: {
    actors: { type: 'string', default: '1000000' },
    rules: { type: 'string', default: '10' },
  },
});
const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const RULES = Number(values.rules);

const actorOf = (at) => `actor-${at.toString(16).padStart(16, '0')}`;

function thresholds(count) {
  return Array.from({ length: count }, (_, at) =>
    compileThreshold({
      id: `rate-limit/rule ${at}`,
      conditions: [{ limit: 100 + at, windowMs: 5 * MINUTE }],
      scope: { perUser: true, perEndpoint: at % 2 === 1 },
      measure: 'count',
      action: at % 2 === 0 ? { kind: 'block', forMs: MINUTE } : { kind: 'monitor' },
      onStoreFailure: 'local',
    }),
  );
}

/** So many requests at a time; what they need is made before, and not measured. */
const LOT = 1000;
const NOTHING = () => undefined;

/**
 * Runs `run(at, made)` for each `at` from `first` on, with what `make(at)` has made. Prints microseconds per
 * request: the mean of processor time, so that others on the machine count little, and by the clock the median
 * and the tail of the last tenth.
 */
function measure(name, requests, run, make = NOTHING, first = 0) {
  const sampled = Math.floor(requests / 10);
  const end = first + requests;
  const lot = new Array(LOT);
  const single = new Float64Array(sampled);
  let fired = 0;
  let micros = 0;
  for (let start = first, size = 0; start < end; start += size) {
    const isTimed = start < end - sampled;
    size = Math.min(LOT, (isTimed ? end - sampled : end) - start);
    for (let at = 0; at < size; at++) lot[at] = make(start + at);
    if (isTimed) {
      const begin = process.cpuUsage();
      for (let at = 0; at < size; at++) fired += run(start + at, lot[at]);
      const { user, system } = process.cpuUsage(begin);
      micros += user + system;
      continue;
    }
    for (let at = 0; at < size; at++) {
      const begin = process.hrtime.bigint();
      fired += run(start + at, lot[at]);
      single[start + at - (end - sampled)] = Number(process.hrtime.bigint() - begin) / 1000;
    }
  }
  const mean = (micros / (requests - sampled)).toFixed(2);
  single.sort();
  const [p50, p99] = [0.5, 0.99].map((share) => single[Math.floor(sampled * share)].toFixed(2));
  console.log(`${name.padEnd(52)} mean ${mean} us  p50 ${p50}  p99 ${p99}`);
  return fired;
}

function expectFired(fired, expected) {
  if (fired === expected) return;
  throw new Error(`fired ${fired} times, expected ${expected}`);
}

/** One store operation batch, without planning. */
function benchOperations(actors) {
  const store = memoryStore();
  const requests = 1_000_000;
  const names = Array.from({ length: RULES }, (_, rule) => `rule ${rule}`);
  const actorNames = Array.from({ length: actors }, (_, at) => actorOf(at));
  // Time goes on so that nobody ever comes to the limit.
  const stepMs = Math.ceil((5 * MINUTE) / (90 * actors));
  const fired = measure(`${RULES} consume operations, ${actors} actors`, requests, (at) => {
    const actor = actorNames[at % actors];
    const operations = [];
    for (let rule = 0; rule < RULES; rule++) {
      operations.push({
        kind: 'consume',
        key: actor,
        name: names[rule],
        windowMs: 5 * MINUTE,
        limit: 100,
        amount: 1,
      });
    }
    let holds = 0;
    for (const result of store.run(operations, NOW + at * stepMs)) if (result.holds) holds++;
    return holds;
  });
  expectFired(fired, 0);
  store.close();
}

const engine = thresholdEngine(() => {
  throw new Error('nothing is counted by its value');
});
const ONE = Object.freeze({ kind: 'count', amount: 1 });

/** Everything that a policy does about thresholds: how many fire. */
function judge(store, rules, actor, nowMs) {
  const asks = [];
  for (const threshold of rules) asks.push({ of: { threshold }, measured: ONE });
  const operations = [];
  const subject = { actor, endpoint: 'GET /shop', mayBlock: true };
  const plan = engine.plan(asks, subject, nowMs, operations);
  let fires = 0;
  for (const answer of plan.conclude(runBatch(store, operations, nowMs)).answers) {
    if (answer.fires) fires++;
  }
  return fires;
}

/** The hashes of so many actors, of which a new text can be cut each time. */
function hashes(actors) {
  const digits = Buffer.alloc(64 * actors);
  for (let at = 0; at < actors; at++) {
    const hash = createHash('sha256').update(String(at)).digest('hex');
    digits.write(hash, 64 * at, 'latin1');
  }
  return (at) => digits.latin1Slice(64 * at, 64 * at + 64).slice(0, 32);
}

/** In an order that no prefetcher knows, and the same one each time. */
const scattered = (at) => (Math.imul(at ^ (at >>> 7), 0x9e3779b1) ^ 0x5bd1e995) >>> 4;

function benchThresholds(actors, requests, isRandom = false) {
  const store = memoryStore({ maxKeys: 20_000_000, maxBytes: 64 * 2 ** 30 });
  const rules = thresholds(RULES);
  const stepMs = Math.ceil((5 * MINUTE) / (90 * actors));
  const textOf = hashes(actors);
  const make = (at) => textOf(isRandom ? scattered(at) % actors : at % actors);
  const run = (at, actor) => judge(store, rules, actor, NOW + at * stepMs);
  const name = `${RULES} thresholds, ${actors} actors${isRandom ? ' at random' : ''}`;
  const warm = Math.max(actors, 100_000);
  const turn = (at) => textOf(at % actors);
  expectFired(measure(`${name}, first requests`, warm, run, turn), 0);
  expectFired(measure(name, requests, run, make, warm), 0);
  store.close();
}

function benchFlood() {
  const store = memoryStore();
  const rules = thresholds(1);
  const limit = rules[0].spec.conditions[0].limit;
  const name = '1 threshold, one actor in a flood, blocked';
  let passed = 0;
  const fired = measure(name, 1_000_000, (at) => {
    const fires = judge(store, rules, 'a', NOW + Math.floor(at / 1000));
    if (fires === 0 && at < limit) passed++;
    return fires;
  });
  // Blocked after the limit, once: the whole flood lasts less than the block.
  expectFired(fired, 1);
  if (limit !== 100 || passed !== limit) throw new Error('another limit');
  store.close();
}

function benchMillion(actors) {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const bounds = {
    maxKeys: actors,
    maxBytes: 64 * 2 ** 30,
    maxMarks: 1,
    maxLists: 1,
    maxListItems: 1,
  };
  const slots = memorySlots(bounds);
  const windowMs = 5 * MINUTE;
  const consume = (at, nowMs) => {
    const [result] = runOperations(
      slots,
      [{ kind: 'consume', key: actorOf(at), name: 'rule', windowMs, limit: 100, amount: 1 }],
      nowMs,
    );
    // As the store does after each batch.
    slots.sweep(nowMs - CLOCK_TOLERANCE_MS, 5);
    return result;
  };
  const tell = (events) => {
    globalThis.gc?.();
    const now = process.memoryUsage();
    const taken = now.heapUsed + now.external - before.heapUsed - before.external;
    const [real, believed] = [taken, slots.usage().bytes].map((all) => (all / actors).toFixed(0));
    console.log(`  ${real} bytes for an actor with ${events} events; the store says ${believed}`);
  };
  const grow = measure(`first request of each of ${actors} actors`, actors, (at) =>
    consume(at, NOW).holds ? 1 : 0,
  );
  expectFired(grow, 0);
  tell(1);
  for (let round = 1; round < 50; round++) {
    for (let at = 0; at < actors; at++) consume(at, NOW + round);
    if (round === 9 || round === 49) tell(round + 1);
  }
  const beyond = measure(`new actors beyond the bound of ${actors}`, actors / 2, (at) =>
    consume(actors + at, NOW + 50).holds ? 1 : 0,
  );
  expectFired(beyond, 0);
  // The first ones went, the last ones are there.
  if (consume(0, NOW + 50).count !== 1) throw new Error('the oldest actor is still known');
  if (consume(actors - 1, NOW + 50).count !== 51) throw new Error('a recent actor is forgotten');
}

const actors = Number(values.actors);
benchMillion(actors);
benchOperations(1);
benchOperations(1000);
benchOperations(100_000);
benchThresholds(1, 1_000_000);
benchThresholds(1000, 1_000_000);
benchFlood();
benchThresholds(100_000, 1_000_000);
benchThresholds(100_000, 1_000_000, true);
