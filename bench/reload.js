#!/usr/bin/env node
// Loads the rules again and again and shows that nothing of the old ones is kept.
//
// Usage: node bench/reload.js --help

import { parseArgs } from 'node:util';
import { createRandom } from './corpora/random.js';
import { create as smallGet } from './corpora/small-get.js';
import { heldHeapBytes, loadEngine, toExchange } from './support/engine.js';
import { requireCrs } from './support/files.js';
import { mean } from './support/statistics.js';

const STEPS = 20;

const HELP = `usage: node bench/reload.js [--reloads N] [--paranoia N] [--max MB]

Loads CRS again and again (1000 times, at paranoia level 1) and prints the heap that is held. Ends with 1 when
it grew by more than the maximum (2 MB) over the second half.
`;

async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      reloads: { type: 'string', default: '1000' },
      paranoia: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
      max: { type: 'string', default: '2' },
    },
  });
  const reloads = Number(values.reloads);
  if (values.help) {
    process.stderr.write(HELP);
    return 0;
  }
  const paranoia = Number(values.paranoia);
  const { waf, load } = await loadEngine({ crs: requireCrs(), paranoia });
  const random = createRandom(13);
  const step = Math.max(1, Math.floor(reloads / STEPS));
  const held = [];
  const times = [];
  for (let done = 1; done <= reloads; done++) {
    const start = performance.now();
    waf.reload(load());
    times.push(performance.now() - start);
    // Requests build what is built at first use, which has to go with the rules, too.
    for (let index = 0; index < 5; index++) waf.inspect(toExchange(smallGet(random, index)));
    if (done % step !== 0) continue;
    held.push(heldHeapBytes() / 1e6);
    process.stdout.write(
      `${done} reloads: ${held.at(-1).toFixed(1)} MB of heap held, ${mean(times.splice(0)).toFixed(0)} ms each\n`,
    );
  }
  const second = held.slice(held.length >> 1);
  const growth = second.at(-1) - second[0];
  process.stdout.write(`over the second half the heap grew by ${growth.toFixed(2)} MB\n`);
  return growth > Number(values.max) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
