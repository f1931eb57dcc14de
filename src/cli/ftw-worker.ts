// A further thread of `portcullis ftw`: loads the rules again and runs files until there are no more.

import { parentPort, workerData } from 'node:worker_threads';
import { createInProcessTarget } from '../ftw/in-process.ts';
import { serveFiles } from '../ftw/parallel.ts';
import { runFile } from '../ftw/run-files.ts';
import { createWaf } from '../waf/create-waf.ts';
import { type FtwOptions, loadOverrides, loadTestRules, testFilter } from './ftw-setup.ts';

/** The first thread has told all warnings already. */
const SILENT = { data: () => {}, talk: () => {}, colour: false };

function start(options: FtwOptions): void {
  if (parentPort === null) return;
  const waf = createWaf({ rules: loadTestRules(options, SILENT) });
  const target = createInProcessTarget({ begin: () => waf.transaction() });
  const overrides = loadOverrides(options);
  const filter = testFilter(options);
  serveFiles(parentPort, (path, onTest) => runFile(path, { target, overrides, filter, onTest }));
}

start(workerData as FtwOptions);
