#!/usr/bin/env node
// Writes corpora as exchange records, one file each: node bench/corpora/generate.js --help

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CORPUS_NAMES, corpusRecords, DEFAULT_SEED } from './index.js';

const HELP = `usage: node bench/corpora/generate.js [--seed N] [--count N] DIRECTORY [NAME...]

Writes DIRECTORY/NAME.jsonl for each NAME (all: ${CORPUS_NAMES.join(', ')}).
The same seed gives the same files. --count changes the size of corpora that are drawn by chance.
"attacks" is read from the regression tests of CRS: PORTCULLIS_CRS, or ../shared/crs/v4.28.0.
`;

/** Writes one corpus; returns the number of records, or undefined when its source is missing. */
export function writeCorpus(path, name, options) {
  const records = corpusRecords(name, options);
  if (records === undefined) return undefined;
  const file = openSync(path, 'w');
  let written = 0;
  for (const record of records) {
    writeSync(file, `${JSON.stringify(record)}\n`);
    written++;
  }
  closeSync(file);
  return written;
}

function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { seed: { type: 'string' }, count: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [directory, ...chosen] = positionals;
  const unknown = chosen.find((name) => !CORPUS_NAMES.includes(name));
  if (values.help || directory === undefined || unknown !== undefined) {
    if (unknown !== undefined) process.stderr.write(`there is no corpus "${unknown}"\n`);
    process.stderr.write(HELP);
    return values.help ? 0 : 2;
  }
  mkdirSync(directory, { recursive: true });
  const options = {
    seed: Number(values.seed ?? DEFAULT_SEED),
    ...(values.count !== undefined && { count: Number(values.count) }),
  };
  for (const name of chosen.length > 0 ? chosen : CORPUS_NAMES) {
    const path = join(directory, `${name}.jsonl`);
    const written = writeCorpus(path, name, options);
    process.stderr.write(
      written === undefined ? `${name}: left out, CRS is not there\n` : `${path}: ${written}\n`,
    );
  }
  return 0;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  process.exitCode = main(process.argv.slice(2));
}
