// portcullis ftw: runs go-ftw tests in process or through the real proxy; counts false positives.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { staleOverrides } from '../ftw/apply-overrides.ts';
import { type BeginTraced, createExplain } from '../ftw/explain.ts';
import { findTestFiles } from '../ftw/find-files.ts';
import { createInProcessTarget } from '../ftw/in-process.ts';
import type { Overrides } from '../ftw/overrides.ts';
import { runParallel } from '../ftw/parallel.ts';
import { createProgress } from '../ftw/progress.ts';
import {
  corpusLines,
  parsePlacement,
  quantitativeReport,
  runQuantitative,
} from '../ftw/quantitative.ts';
import { type ExplainRule, textReport } from '../ftw/report.ts';
import { jsonReport } from '../ftw/report-json.ts';
import { junitReport } from '../ftw/report-junit.ts';
import { type FileResult, runFile } from '../ftw/run-files.ts';
import type { StageTarget } from '../ftw/stage-target.ts';
import type { TraceFactory } from '../model/trace.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { createWaf, type Waf } from '../waf/create-waf.ts';
import { addCacheOptions } from './cache-options.ts';
import { externalTarget, startHttpTarget } from './ftw-over-http.ts';
import {
  type FtwOptions,
  loadOverrides,
  loadTestRules,
  problemLine,
  testFilter,
} from './ftw-setup.ts';
import { type Output, processOutput, UsageError } from './output.ts';
import { addRulesOptions, loadRulesFromOptions } from './rules-options.ts';
import { beginWork } from './start-calmly.ts';

const MAX_DEFAULT_WORKERS = 4;
/** Loading CRS takes as long as some dozens of its files; fewer are not worth another thread. */
const FILES_PER_WORKER = 20;

export function ftwCommand(): Command {
  const command = new Command('ftw')
    .description('run go-ftw tests (YAML) against the rules, or count false positives on a corpus')
    .argument('[tests...]', 'test files, or directories to search for .yaml and .yml')
    .option('--overrides <file>', 'changed expectations; repeatable, later ones win', collect, [])
    .option('-i, --include <pattern>', 'only tests whose id matches, as in 942100-1')
    .option('-e, --exclude <pattern>', 'without tests whose id matches')
    .option('--over-http', 'through the real proxy on loopback instead of in process', false)
    .option('--against <url>', 'test another WAF at this address, by its log (needs --log)')
    .option('--log <file>', 'with --over-http: write the log there, too; with --against: read it')
    .option('--workers <n>', 'threads for tests in process', wholeNumber)
    .option('--json', 'print the result as JSON', false)
    .option('--junit <file>', 'write the result as JUnit XML, too')
    .option('--corpus <file>', 'count false positives over ordinary text, one sentence a line')
    .option('--placement <where>', 'for --corpus: args, body, path or header:NAME', 'args')
    .option('--rule <id>', 'for --corpus: count only this rule; repeatable', collectIds, [])
    .option('--lines <n>', 'for --corpus: stop after so many lines', wholeNumber)
    .addHelpText(
      'after',
      `
Patterns are in Go's syntax. With --crs, crs/setup/ftw.conf is loaded: paranoia level 4 unless
--paranoia says otherwise, low limits, nothing blocked.

Exit status: 0 when all tests pass (or the corpus was read), 1 otherwise and when an overrides file
cannot be read as one, 2 for a wrong command line.

Examples:
  portcullis ftw --crs ./coreruleset ./coreruleset/tests/regression/tests
  portcullis ftw --crs ./coreruleset -i '^942' --over-http ./coreruleset/tests/regression/tests
  portcullis ftw --rules mine.conf --json tests/mine.yaml
  portcullis ftw --against http://127.0.0.1:8080 --log /var/log/apache2/error.log tests
  portcullis ftw --crs ./coreruleset --paranoia 2 --corpus sentences.txt`,
    );
  addRulesOptions(command);
  addCacheOptions(command);
  return command.action(async (tests: string[], options: FtwOptions) => {
    const output = processOutput();
    process.exitCode =
      options.corpus === undefined
        ? await runTests(tests, options, output)
        : countFalsePositives(options.corpus, tests, options, output);
  });
}

async function runTests(
  paths: readonly string[],
  options: FtwOptions,
  output: Output,
): Promise<number> {
  if (paths.length === 0) throw new UsageError('no tests: name files or directories');
  const start = performance.now();
  const filter = testFilter(options);
  const overrides = loadOverrides(options);
  for (const problem of overrides.problems) output.talk(problemLine(problem));
  const files = testFiles(paths);
  const { target, rules } = await testTarget(options, output);
  const results = await runAll(files, target, options, overrides, filter);
  await target.close();

  for (const problem of results.flatMap((result) => result.problems)) {
    output.talk(problemLine(problem));
  }
  tellStale(results, overrides, output);
  const tests = results.flatMap((result) => result.results);
  if (tests.length === 0) throw new UsageError('no test is selected');
  if (options.junit !== undefined) writeFileSync(options.junit, junitReport(tests));
  const seconds = (performance.now() - start) / 1000;
  if (options.json) output.data(`${JSON.stringify(jsonReport(tests))}\n`);
  else output.data(textReport(tests, { seconds, explain: rules && explainer(rules) }));
  const misread = overrides.problems.some(({ fatal }) => fatal);
  return misread || tests.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

interface TestTarget {
  readonly target: StageTarget;
  /** The rules under test; undefined when another WAF has them. */
  readonly rules: Ruleset | undefined;
}

async function testTarget(options: FtwOptions, output: Output): Promise<TestTarget> {
  const { against, log } = options;
  if (against !== undefined) {
    if (log === undefined) throw new UsageError('--against needs --log: the log of that WAF');
    return { target: externalTarget(against, log), rules: undefined };
  }
  if (log !== undefined && !options.overHttp) {
    throw new UsageError('--log needs --over-http or --against');
  }
  const rules = loadTestRules(options, output);
  beginWork();
  if (options.overHttp) return { target: await startHttpTarget(rules, log), rules };
  const waf = createWaf({ rules });
  return { target: createInProcessTarget({ begin: () => waf.transaction() }), rules };
}

/** Compiles the rules once more, with a trace, when the first failure asks. */
function explainer(rules: Ruleset): ExplainRule {
  let waf: Waf<'sync'> | undefined;
  let current: TraceFactory = () => undefined;
  const loaded = new Set(rules.rules.map(({ facts }) => facts.id));
  const begin: BeginTraced = (trace) => {
    current = trace;
    waf ??= createWaf({ rules, trace: (transaction) => current(transaction) });
    return waf.transaction();
  };
  return createExplain(begin, (id) => loaded.has(id));
}

async function runAll(
  files: readonly string[],
  target: StageTarget,
  options: FtwOptions,
  overrides: Overrides,
  filter: ReturnType<typeof testFilter>,
): Promise<FileResult[]> {
  const progress = createProgress(process.stderr, () => undefined);
  const onTest = (failed: boolean): void => progress.step(failed);
  const entry = new URL('./ftw-worker.js', import.meta.url);
  const isInProcess = !options.overHttp && options.against === undefined;
  const count = isInProcess && existsSync(entry) ? furtherThreads(files, options) : 0;
  const results = await runParallel({
    files,
    runHere: (path) =>
      runFile(path, {
        target,
        overrides,
        filter,
        onTest: ({ outcome }) => onTest(outcome === 'failed'),
      }),
    ...(count > 0 ? { further: { entry, data: { ...options }, count } } : {}),
    onTest,
  });
  progress.end();
  return results;
}

function furtherThreads(files: readonly string[], options: FtwOptions): number {
  if (options.workers !== undefined) return Math.min(options.workers, files.length) - 1;
  const worthwhile = Math.ceil(files.length / FILES_PER_WORKER);
  return Math.min(availableParallelism(), MAX_DEFAULT_WORKERS, worthwhile) - 1;
}

function testFiles(paths: readonly string[]): string[] {
  try {
    const files = findTestFiles(paths);
    if (files.length > 0) return files;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read ${path ?? paths.join(', ')} (${code ?? 'unreadable'})`);
  }
  throw new UsageError(`no .yaml or .yml files in ${paths.join(', ')}`);
}

/** Only files given by name: our own list serves several versions of CRS. */
function tellStale(results: readonly FileResult[], overrides: Overrides, output: Output): void {
  const ids = results.flatMap((result) => result.ids);
  for (const { file, line, ruleId, testIds } of staleOverrides(ids, overrides)) {
    const names = testIds.map((testId) => `${ruleId}-${testId}`).join(', ');
    output.talk(`${file}:${line}: warning: not all of these tests exist: ${names}\n`);
  }
}

function countFalsePositives(
  path: string,
  tests: readonly string[],
  options: FtwOptions,
  output: Output,
): number {
  if (tests.length > 0) throw new UsageError('--corpus and tests exclude each other');
  const placement = parsePlacement(options.placement);
  if (placement === undefined) {
    throw new UsageError(
      `--placement "${options.placement}" is not args, body, path or header:NAME`,
    );
  }
  const lines = corpusLines(readCorpus(path));
  const { ruleset } = loadRulesFromOptions({ ...options, engine: 'DetectionOnly' }, output);
  const waf = createWaf({ rules: ruleset });
  beginWork();
  const progress = createProgress(process.stderr, () =>
    Math.min(lines.length, options.lines ?? lines.length),
  );
  const result = runQuantitative(lines, {
    begin: () => waf.transaction(),
    placement,
    ruleIds: options.rule,
    maxLines: options.lines,
    onLine: (hits) => progress.step(hits > 0),
  });
  progress.end();
  output.data(options.json ? `${JSON.stringify(result)}\n` : quantitativeReport(result));
  return 0;
}

function readCorpus(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(`cannot read ${path} (${code})`);
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectIds(value: string, before: readonly number[]): readonly number[] {
  return [...before, ...value.split(',').map((id) => wholeNumber(id))];
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}
