// Runs whole files of tests one after another: read, select, run, collect.

import { readFileSync } from 'node:fs';
import type { Overrides } from './overrides.ts';
import { isSelected, runTest, type TestFilter, type TestResult } from './runner.ts';
import { readTestFile } from './schema.ts';
import type { StageTarget } from './stage-target.ts';
import type { FtwProblem, FtwTest, FtwTestFile } from './test-file.ts';

export interface FileResult {
  readonly path: string;
  readonly results: readonly TestResult[];
  readonly problems: readonly FtwProblem[];
  /** Names of the tests in the file, run or not: overrides are checked against them. */
  readonly ids: readonly string[];
}

export interface RunFilesOptions {
  readonly target: StageTarget;
  readonly overrides: Overrides;
  readonly filter: TestFilter;
  readonly onTest?: ((result: TestResult) => void) | undefined;
}

/** Runs one file. A file that cannot be read gives one failed result in its name. */
export async function runFile(path: string, options: RunFilesOptions): Promise<FileResult> {
  const file = loadFile(path);
  const results: TestResult[] = [];
  if (file.broken !== undefined) results.push(brokenFile(file));
  for (const test of file.tests) {
    if (!isSelected(test.id, options.filter)) continue;
    const result = await runGuarded(test, options);
    results.push(result);
    options.onTest?.(result);
  }
  return { path, results, problems: file.problems, ids: file.tests.map((test) => test.id) };
}

function loadFile(path: string): FtwTestFile {
  try {
    return readTestFile(path, readFileSync(path));
  } catch (error) {
    const broken = { file: path, line: 1, column: 1, message: messageOf(error), fatal: true };
    return { path, tests: [], problems: [broken], broken };
  }
}

/** One test that throws must not end the run of the others; the exception is its result. */
async function runGuarded(test: FtwTest, options: RunFilesOptions): Promise<TestResult> {
  try {
    return await runTest(test, options.target, options.overrides);
  } catch (error) {
    return {
      id: test.id,
      outcome: 'failed',
      reason: `the run broke off: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      description: test.description,
      file: test.file,
      line: test.line,
      ms: 0,
      stage: undefined,
    };
  }
}

function brokenFile(file: FtwTestFile): TestResult {
  const { line, message } = file.broken!;
  return {
    id: file.path,
    outcome: 'failed',
    reason: `the file cannot be read: ${message}`,
    description: '',
    file: file.path,
    line,
    ms: 0,
    stage: undefined,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
