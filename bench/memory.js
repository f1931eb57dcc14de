#!/usr/bin/env node
// Resident memory over many varied requests at paranoia level 4: what caches and automata grow to.
//
// Usage: node bench/memory.js --help

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { create as apiCall } from './corpora/api-json.js';
import { create as browse } from './corpora/browsing.js';
import { createRandom } from './corpora/random.js';
import { create as smallGet } from './corpora/small-get.js';
import { heldHeapBytes, loadEngine, toExchange } from './support/engine.js';
import { REPOSITORY, requireCrs } from './support/files.js';

const MIX = [
  [90, smallGet],
  [9, browse],
  [1, apiCall],
];

const mb = (bytes) => Number((bytes / 1e6).toFixed(1));

const HELP = `usage: node bench/memory.js [--requests N] [--paranoia N] [--max MB] [--as-serve]

Inspects varied requests (100000, at paranoia level 4) and prints the resident memory on the way. Ends with 1
when it was above the maximum (150 MB). --as-serve sets what portcullis serve tells V8, and imports what it does without a policy.
`;

async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '100000' },
      paranoia: { type: 'string', default: '4' },
      help: { type: 'boolean', default: false },
      max: { type: 'string', default: '150' },
      'as-serve': { type: 'boolean', default: false },
    },
  });
  const requests = Number(values.requests);
  if (values.help) {
    process.stderr.write(HELP);
    return 0;
  }
  const serveMemory = values['as-serve']
    ? await import(pathToFileURL(join(REPOSITORY, 'dist/cli/serve-memory.js')).href)
    : undefined;
  serveMemory?.limitYoung();
  const paranoia = Number(values.paranoia);
  const bare = process.memoryUsage.rss();
  const { waf, loadMs } = await loadEngine({
    crs: requireCrs(),
    paranoia,
    asServe: values['as-serve'],
  });
  serveMemory?.limitHeap();
  const random = createRandom(11);
  const tell = (done) => {
    const rss = process.memoryUsage.rss();
    process.stdout.write(`${done} requests: ${mb(rss)} MB resident\n`);
    return rss;
  };
  process.stdout.write(
    `Node alone: ${mb(bare)} MB resident; rules loaded in ${loadMs.toFixed(0)} ms\n`,
  );
  let peak = tell(0);
  const step = Math.max(1, Math.floor(requests / 10));
  for (let done = 0; done < requests; ) {
    waf.inspect(toExchange(random.weighted(MIX)(random, done)));
    done++;
    if (done % step === 0) peak = Math.max(peak, tell(done));
  }
  const held = heldHeapBytes();
  process.stdout.write(
    `at most ${mb(peak)} MB resident, ${mb(process.memoryUsage.rss())} MB after a collection, ${mb(held)} MB of heap held\n`,
  );
  return mb(peak) > Number(values.max) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
