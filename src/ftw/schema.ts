// Reads one file of go-ftw tests, versions 1 to 3 of the format, tolerantly.
//
// Whatever is unknown or ill-typed is a problem with its place. A test with an ill-typed field is kept,
// marked unusable, so that it is counted; the other tests of the file run.

import type { Node } from 'yaml';
import { utf8ByteString } from '../base/bytes.ts';
import { fillTemplate } from './payload-template.ts';
import { readInputs } from './read-input.ts';
import { readOutput } from './read-output.ts';
import {
  DEFAULT_INPUT,
  DEFAULT_OUTPUT,
  type FtwInput,
  type FtwOutput,
  type FtwStage,
  type FtwTest,
  type FtwTestFile,
} from './test-file.ts';
import {
  addProblem,
  lineOf,
  openYaml,
  readInteger,
  readList,
  readMapping,
  readText,
  type YamlReading,
} from './yaml-reading.ts';

/** Reads a file's bytes. Never throws; an empty document is a file without tests. */
export function readTestFile(path: string, bytes: Uint8Array): FtwTestFile {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const broken = { file: path, line: 1, column: 1, message: 'not UTF-8 text', fatal: true };
    return { path, tests: [], problems: [broken], broken };
  }
  return readTestText(path, text);
}

export function readTestText(path: string, text: string): FtwTestFile {
  const reading = openYaml(path, text);
  if (reading.broken !== undefined) {
    return { path, tests: [], problems: reading.problems, broken: reading.broken };
  }
  const tests = reading.root === undefined ? [] : readTests(reading, reading.root);
  const owned = new Set(tests.map((test) => test.unusable));
  const stray = reading.problems.find((problem) => problem.fatal && !owned.has(problem));
  return {
    path,
    tests,
    problems: reading.problems,
    broken: tests.length === 0 ? stray : undefined,
  };
}

function readTests(reading: YamlReading, root: Node): FtwTest[] {
  let ruleId: number | undefined;
  let template: FtwInput | undefined;
  let testsNode: Node | undefined;
  readMapping(reading, root, 'the test file', {
    meta: (node) =>
      readMapping(reading, node, 'meta', {
        author: ignore,
        enabled: ignore,
        name: ignore,
        description: ignore,
        version: ignore,
        tags: ignore,
      }),
    rule_id: (node) => {
      ruleId = readInteger(reading, node, 'rule_id');
    },
    template: (node) => {
      template = readInputs(reading, node)[0];
    },
    tests: (node) => {
      testsNode = node;
    },
  });
  const context: FileContext = { reading, ruleId, template };
  return readList(reading, testsNode, 'tests', (node, index) => readTest(context, node, index));
}

interface FileContext {
  readonly reading: YamlReading;
  readonly ruleId: number | undefined;
  readonly template: FtwInput | undefined;
}

function readTest(context: FileContext, node: Node | undefined, index: number): FtwTest {
  const { reading, ruleId } = context;
  const problemsBefore = reading.problems.length;
  let testId: number | undefined;
  let title: string | undefined;
  let description = '';
  let tags: readonly string[] = [];
  let stages: readonly FtwStage[] = [];
  let payload: string | undefined;
  let template = context.template;
  let output: FtwOutput | undefined;

  const readId = (value: Node | undefined): void => {
    testId = readInteger(reading, value, 'test_id');
  };
  const readDescription = (value: Node | undefined): void => {
    description = readText(reading, value, 'desc') ?? '';
  };
  readMapping(reading, node, 'a test', {
    test_id: readId,
    id: readId,
    test_title: (value) => {
      title = readText(reading, value, 'test_title');
    },
    desc: readDescription,
    description: readDescription,
    tags: (value) => {
      tags = readList(reading, value, 'tags', (tag) => readText(reading, tag, 'a tag'));
    },
    stages: (value) => {
      stages = readList(reading, value, 'stages', (stage) => readStage(reading, stage)).flat();
    },
    payload: (value) => {
      payload = readText(reading, value, 'payload');
    },
    template: (value) => {
      template = readInputs(reading, value, template)[0];
    },
    output: (value) => {
      output = readOutput(reading, value);
    },
  });
  const isTemplated = payload !== undefined || output !== undefined;
  if (isTemplated && stages.length === 0) {
    const filled = fillTemplate(template ?? DEFAULT_INPUT, utf8ByteString(payload ?? ''));
    if (filled.unsupported) {
      addProblem(reading, node, 'templates may hold {{.Payload}} and no other action', true);
    }
    stages = [{ input: filled.input, output: output ?? DEFAULT_OUTPUT }];
  }
  if (stages.length === 0) addProblem(reading, node, 'a test without stages', true);
  const number = testId ?? index + 1;
  return {
    id: ruleId === undefined ? (title ?? `?-${number}`) : `${ruleId}-${number}`,
    ruleId,
    testId: number,
    description: description.trim(),
    tags,
    stages,
    file: reading.file,
    line: lineOf(reading, node),
    unusable: reading.problems.slice(problemsBefore).find((problem) => problem.fatal),
  };
}

/** Version 1 wrapped each stage in a mapping of its own: `- stage: {input, output}`. */
function readStage(reading: YamlReading, node: Node | undefined): FtwStage[] {
  let inputs: readonly FtwInput[] = [];
  let output: FtwOutput = DEFAULT_OUTPUT;
  let wrapped: FtwStage[] | undefined;
  let hasInput = false;
  readMapping(reading, node, 'a stage', {
    description: ignore,
    input: (value) => {
      hasInput = true;
      inputs = readInputs(reading, value);
    },
    output: (value) => {
      output = readOutput(reading, value);
    },
    stage: (value) => {
      wrapped = readStage(reading, value);
    },
  });
  if (wrapped !== undefined) return wrapped;
  if (!hasInput) addProblem(reading, node, 'a stage without input', true);
  return inputs.map((input) => ({ input, output }));
}

function ignore(): void {}
