// A build of our engine as a process of its own, for bench/gate.js: commands on stdin, answers on stdout.
//
// Usage: worker.js ROOT CRS PARANOIA RECORDS LIMIT. Says "ready MS" when the rules are loaded; then
//   first             ->  a line with the verdict of each record
//   timed FROM COUNT  ->  "MEAN_US CHANGED": processor time of one, and a count of other verdicts than at first

import { createInterface } from 'node:readline';
import { cpuUs, loadEngine, readExchanges, verdictText } from './engine.js';

const [root, crs, paranoia, path, limit] = process.argv.slice(2);
const { waf, loadMs } = await loadEngine({ root, crs, paranoia: Number(paranoia) });
const exchanges = readExchanges(path, Number(limit));
const expected = [];
process.stdout.write(`ready ${loadMs}\n`);

function first() {
  for (const exchange of exchanges) expected.push(verdictText(waf.inspect(exchange).verdict));
  return expected.join('\n');
}

function timed(from, count) {
  const verdicts = [];
  const us = cpuUs(() => {
    for (let at = 0; at < count; at++) {
      verdicts.push(waf.inspect(exchanges[(from + at) % exchanges.length]).verdict);
    }
  });
  const changed = verdicts.filter(
    (verdict, at) => verdictText(verdict) !== expected[(from + at) % exchanges.length],
  );
  return `${us / count} ${changed.length}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command, from, count] = line.split(' ');
  process.stdout.write(`${command === 'first' ? first() : timed(Number(from), Number(count))}\n`);
}
