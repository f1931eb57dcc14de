// What thresholds cost: ten of them on each request, for one actor, for a thousand, for a million; and how
// much memory a million actors take against what the store believes.
//
//   npm run build && node --expose-gc bench/thresholds.mjs [--actors 1000000] [--rules 10]
//
// Each measurement checks its own answer: the number of requests that fired has to be the one expected, so
// that a fast wrong store fails.

import { parseArgs } from 'node:util';
import { planThresholds } from '../dist/policy/thresholds/plan.js';
import { compileThreshold } from '../dist/policy/thresholds/threshold.js';
import { memoryStore } from '../dist/state/memory.js';
import { memorySlots } from '../dist/state/memory-slots.js';
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

/**
 * Runs `run(0)` to `run(requests - 1)`. Prints microseconds per request: the mean of processor time, so that
 * others on the machine count little, and by the clock the median and the tail of the last tenth.
 */
function measure(name, requests, run) {
  const sampled = Math.floor(requests / 10);
  let fired = 0;
  const begin = process.cpuUsage();
  for (let at = 0; at < requests - sampled; at++) fired += run(at);
  const { user, system } = process.cpuUsage(begin);
  const mean = ((user + system) / (requests - sampled)).toFixed(2);
  const single = new Float64Array(sampled);
  for (let at = 0; at < sampled; at++) {
    const start = process.hrtime.bigint();
    fired += run(requests - sampled + at);
    single[at] = Number(process.hrtime.bigint() - start) / 1000;
  }
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

/** Everything: plan, run, conclude. */
function benchThresholds(actors, requests) {
  const store = memoryStore({ maxKeys: 20_000_000, maxBytes: 64 * 2 ** 30 });
  const rules = thresholds(RULES);
  const stepMs = Math.ceil((5 * MINUTE) / (90 * actors));
  const actorNames = Array.from({ length: actors }, (_, at) => actorOf(at));
  const fired = measure(`${RULES} thresholds, ${actors} actors`, requests, (at) => {
    const nowMs = NOW + at * stepMs;
    const hits = rules.map((threshold) => ({ threshold, amount: 1 }));
    const plan = planThresholds(
      hits,
      { actor: actorNames[at % actors], endpoint: 'GET /shop' },
      nowMs,
    );
    let holds = 0;
    for (const outcome of plan.conclude(runBatch(store, plan.operations, nowMs)).outcomes) {
      if (outcome.fired) holds++;
    }
    return holds;
  });
  expectFired(fired, 0);
  store.close();
}

function benchFlood() {
  const store = memoryStore();
  const [rule] = thresholds(1);
  const limit = rule.spec.conditions[0].limit;
  const fired = measure('1 threshold, one actor in a flood, blocked', 1_000_000, (at) => {
    const nowMs = NOW + Math.floor(at / 1000);
    const hits = [{ threshold: rule, amount: 1 }];
    const plan = planThresholds(hits, { actor: 'a', endpoint: 'e' }, nowMs);
    return plan.conclude(runBatch(store, plan.operations, nowMs)).outcomes[0].fired ? 1 : 0;
  });
  // Blocked after the limit, once: the whole flood lasts less than the block.
  expectFired(fired, 1);
  if (limit !== 100) throw new Error('another limit');
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
  const consume = (at, nowMs) =>
    runOperations(
      slots,
      [{ kind: 'consume', key: actorOf(at), name: 'rule', windowMs, limit: 100, amount: 1 }],
      nowMs,
    )[0];
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
benchThresholds(100_000, 500_000);
