// Our engine from some build of it, with CRS: what the scripts measure in their own process.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { REPOSITORY } from './files.js';

const importFrom = (root, path) => import(pathToFileURL(join(root, 'dist', path)).href);

/**
 * Loads CRS at a paranoia level with the build in `root`, in DetectionOnly, so that no request ends early.
 *
 * `settings` are directives that load last. Uses the public names alone: every revision has them. `asServe` imports
 * only what a server without a policy does, and not the whole package.
 */
export async function loadEngine({
  root = REPOSITORY,
  crs,
  paranoia,
  settings = '',
  asServe = false,
}) {
  const files = asServe
    ? ['waf/create-waf.js', 'waf/load.js', 'waf/crs-directory.js']
    : ['index.js'];
  const parts = await Promise.all(files.map((file) => importFrom(root, file)));
  const { createWaf, crsLoadOrder, loadRuleset, resolveCrsDirectory } = Object.assign({}, ...parts);
  const layout = resolveCrsDirectory(crs);
  if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
  const load = () =>
    loadRuleset([
      ...crsLoadOrder(layout, { paranoia }).map((name) => ({
        name,
        text: readFileSync(name, 'latin1'),
      })),
      { name: 'bench', text: settings },
    ]);
  const start = performance.now();
  const ruleset = load();
  const waf = createWaf({ rules: ruleset, engine: 'DetectionOnly' });
  const loadMs = performance.now() - start;
  // As our commands do when they have loaded (src/cli/start-calmly.ts).
  setFlagsFromString('--no-allocation-site-pretenuring');
  setFlagsFromString('--no-parallel-scavenge');
  return { waf, ruleset, load, loadMs };
}

const decoded = (base64) =>
  base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('latin1');

/** One line of an exchange-record file as the engine takes it. */
export function toExchange(fields) {
  const { response } = fields;
  return {
    ...fields,
    body: decoded(fields.body_b64),
    timeMs: fields.time === undefined ? undefined : Date.parse(fields.time),
    response:
      response === undefined ? undefined : { ...response, body: decoded(response.body_b64) },
  };
}

/** The records of a file, at most `limit`. */
export function readExchanges(path, limit = Number.POSITIVE_INFINITY) {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, limit);
  return lines.filter((line) => line !== '').map((line) => toExchange(JSON.parse(line)));
}

/** What is compared between runs: logged rules, ascending, and the interruption. */
export function verdictText({ matches, interruption }) {
  const ids = new Set(matches.filter(({ logged }) => logged).map(({ rule }) => rule.id));
  const stop =
    interruption === null
      ? '-'
      : `${interruption.rule}:${interruption.phase}:${interruption.status}`;
  return `${[...ids].sort((a, b) => a - b).join(',')}|${stop}`;
}

/**
 * Microseconds of processor time that `work` takes, which other load on the machine hardly changes. What the
 * runtime does beside it (compiling, collecting garbage) counts.
 */
export function cpuUs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

// The clock of the processor ticks in microseconds; shorter work is repeated.
const MEASURABLE_US = 2000;

/** Processor time of one inspection; the least of `times` measurements, which is the one least disturbed. */
export function leastUs(waf, exchange, times) {
  const once = cpuUs(() => waf.inspect(exchange));
  const repeats = Math.max(1, Math.min(50, Math.ceil(MEASURABLE_US / Math.max(once, 1))));
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < times; run++) {
    const us = cpuUs(() => {
      for (let repeat = 0; repeat < repeats; repeat++) waf.inspect(exchange);
    });
    least = Math.min(least, us / repeats);
  }
  return least;
}

/** Collects garbage, so that what is left is what is held; then the bytes on the heap. */
export function heldHeapBytes() {
  collectGarbage ??= (() => {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc');
  })();
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

let collectGarbage;
