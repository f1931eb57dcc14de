#!/usr/bin/env node
// Looks for the most expensive request of 128 KiB: pumps every pattern of CRS, times it alone and as a whole
// transaction at paranoia level 4. Ends with 1 above the maximum: node bench/pump.js --help

import { parseArgs } from 'node:util';
import { dialectFlags } from '../dist/regex/dialect.js';
import { compilePattern } from '../dist/regex/matcher.js';
import { parsePattern } from '../dist/regex/parse.js';
import { createRandom } from './corpora/random.js';
import { cpuUs, leastUs, loadEngine, readExchanges } from './support/engine.js';
import { corpusFile, requireCrs } from './support/files.js';
import { pumped, pumpsOf, sample } from './support/pumps.js';

const HELP = `usage: node bench/pump.js [--paranoia N] [--seed N] [--patterns N] [--max MS] [--json]

--patterns N  only the first N patterns; --max MS  the most that a transaction may cost (50)
`;

const BYTES = 128 * 1024;
const SHORT = 8 * 1024;
/** Pumps of a pattern that are tried at full length, and inputs that are tried as transactions. */
const FINALISTS = 3;
const TRANSACTIONS = 60;
const DIALECT = 'modsecurity-2';

/** Every distinct @rx pattern of a rule set, with the first rule that has it. */
function patternsOf(ruleset) {
  const patterns = new Map();
  for (const { facts, links } of ruleset.rules) {
    for (const link of links) {
      const { operator } = link;
      if (operator?.definition.name !== 'rx' || operator.macro !== undefined) continue;
      if (!patterns.has(operator.argument)) patterns.set(operator.argument, facts.id);
    }
  }
  return patterns;
}

/** Processor time of one search for captures with automata built anew, as the first such request meets them. */
function coldMs(source, text) {
  const matcher = compilePattern(source, { dialect: DIALECT });
  return cpuUs(() => matcher.exec(text)) / 1000;
}

function worstOf(source, rule, random) {
  const { root } = parsePattern(source, dialectFlags(DIALECT, {}));
  const ranked = pumpsOf(root, random)
    .flatMap((pump) => [pump, { ...pump, end: sample(root, random) }])
    .map((pump) => ({ pump, ms: coldMs(source, pumped(pump, SHORT, pump.end)) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, FINALISTS);
  return ranked
    .map(({ pump }) => {
      const text = pumped(pump, BYTES, pump.end);
      // The least of three: the others may have been disturbed.
      return { rule, pump, ms: Math.min(...[0, 1, 2].map(() => coldMs(source, text))) };
    })
    .reduce((worst, next) => (next.ms > worst.ms ? next : worst));
}

const headers = [
  ['Host', 'shop.example'],
  ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['Accept', '*/*'],
];

const escaped = (text) =>
  text.replace(
    /[^0-9A-Za-z_.~-]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** The text in a form, encoded and cut so that the body stays within 128 KiB. */
function asForm(text) {
  const room = BYTES - 16;
  const body = `a=${escaped(text).slice(0, room).replace(/%.?$/, '')}`;
  return {
    method: 'POST',
    uri: '/',
    version: 'HTTP/1.1',
    headers: [
      ...headers,
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Content-Length', String(body.length)],
    ],
    body,
  };
}

async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      paranoia: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      patterns: { type: 'string', default: '100000' },
      max: { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stderr.write(HELP);
    return 0;
  }
  const { waf, ruleset } = await loadEngine({
    crs: requireCrs(),
    paranoia: Number(values.paranoia),
  });
  const random = createRandom(Number(values.seed));
  const patterns = [...patternsOf(ruleset)].slice(0, Number(values.patterns));
  const found = patterns
    .map(([source, rule]) => worstOf(source, rule, random))
    .sort((a, b) => b.ms - a.ms);

  const crafted = [
    ...found.slice(0, TRANSACTIONS).map(({ rule, pump }) => ({
      name: `pump of ${rule}`,
      exchange: asForm(pumped(pump, BYTES, pump.end)),
    })),
    ...readExchanges(corpusFile('worst')).map((exchange) => ({ name: exchange.id, exchange })),
  ];
  for (const { exchange } of crafted.slice(0, 10)) waf.inspect(exchange);
  const transactions = crafted
    .map(({ name, exchange }) => {
      const first = cpuUs(() => waf.inspect(exchange)) / 1000;
      return { name, coldMs: first, ms: leastUs(waf, exchange, 3) / 1000 };
    })
    .sort((a, b) => b.ms - a.ms);

  const shown = (pump) =>
    JSON.stringify({ prefix: pump.prefix.slice(0, 30), unit: pump.unit.slice(0, 30) });
  if (values.json) {
    const rows = found.map(({ rule, ms, pump }) => ({ rule, ms, ...pump }));
    process.stdout.write(`${JSON.stringify({ patterns: rows, transactions }, null, 2)}\n`);
  } else {
    process.stdout.write(`${found.length} patterns, 128 KiB each, automata built anew:\n`);
    for (const { rule, ms, pump } of found.slice(0, 10)) {
      process.stdout.write(`  ${ms.toFixed(1).padStart(7)} ms  ${rule}  ${shown(pump)}\n`);
    }
    process.stdout.write(
      `${transactions.length} transactions, first time and best of three more:\n`,
    );
    for (const { name, ms, coldMs: cold } of transactions.slice(0, 15)) {
      process.stdout.write(
        `  ${cold.toFixed(1).padStart(7)} ms  ${ms.toFixed(1).padStart(7)} ms  ${name}\n`,
      );
    }
  }
  return (transactions[0]?.ms ?? 0) > Number(values.max) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
