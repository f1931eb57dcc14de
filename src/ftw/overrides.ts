// Reads files that change what tests expect: CRS's platform overrides and the `testoverride` part of a
// go-ftw configuration.
//
// Reading is strict, since a misspelt override would silently leave a wrong expectation in force.

import type { Node } from 'yaml';
import { compileGoRegex } from './go-regex.ts';
import { readInputs } from './read-input.ts';
import { readOutput } from './read-output.ts';
import { DEFAULT_INPUT, type FtwInput, type FtwOutput, type FtwProblem } from './test-file.ts';
import {
  addProblem,
  entriesOf,
  openYaml,
  readBoolean,
  readInteger,
  readList,
  readMapping,
  readText,
  type YamlReading,
} from './yaml-reading.ts';

/** One entry of `test_overrides`: its output takes the place of the test's. */
export interface OutputOverride {
  readonly ruleId: number;
  /** Empty: all tests of the rule. */
  readonly testIds: readonly number[];
  /** Counted from 0; empty: all stages. */
  readonly stageIds: readonly number[];
  readonly reason: string;
  /** Undefined: no output was given, so nothing is expected. */
  readonly output: FtwOutput | undefined;
  readonly retryOnce: boolean | undefined;
  /** The test is known to fail: it passes exactly when it would fail. */
  readonly expectFailure: boolean;
  readonly file: string;
  readonly line: number;
}

export type Fate = 'ignore' | 'forcepass' | 'forcefail';

/** A pattern on test names and what becomes of the tests it finds. */
export interface FateOverride {
  readonly fate: Fate;
  readonly pattern: string;
  readonly reason: string;
}

/** `testoverride.input`: what it gives replaces the same field of every test. */
export interface InputOverride {
  readonly input: FtwInput;
  /** Whether `input.autocompleteHeaders` was given and is not just the default. */
  readonly givesAutocomplete: boolean;
  readonly overrideEmptyHostHeader: boolean;
}

export interface Overrides {
  readonly outputs: readonly OutputOverride[];
  readonly fates: readonly FateOverride[];
  readonly input: InputOverride | undefined;
  readonly problems: readonly FtwProblem[];
}

export const NO_OVERRIDES: Overrides = Object.freeze({
  outputs: Object.freeze([]),
  fates: Object.freeze([]),
  input: undefined,
  problems: Object.freeze([]),
});

/** Reads one file of either format. Never throws. */
export function readOverrides(path: string, text: string): Overrides {
  const reading = openYaml(path, text);
  const outputs: OutputOverride[] = [];
  const fates: FateOverride[] = [];
  let input: InputOverride | undefined;
  if (reading.broken === undefined && reading.root !== undefined) {
    readMapping(reading, reading.root, 'the override file', {
      version: ignore,
      meta: ignore,
      test_overrides: (node) => {
        outputs.push(
          ...readList(reading, node, 'test_overrides', (e) => readOutputOverride(reading, e)),
        );
      },
      testoverride: (node) =>
        readMapping(reading, node, 'testoverride', {
          input: (value) => {
            input = readInputOverride(reading, value);
          },
          ignore: (value) => fates.push(...readFates(reading, value, 'ignore')),
          forcepass: (value) => fates.push(...readFates(reading, value, 'forcepass')),
          forcefail: (value) => fates.push(...readFates(reading, value, 'forcefail')),
        }),
      // Settings of go-ftw itself, which have no meaning here.
      logfile: ignore,
      logmarkerheadername: ignore,
      maxmarkerretries: ignore,
      maxmarkerloglines: ignore,
      mode: ignore,
      include: ignore,
      exclude: ignore,
      include_tags: ignore,
    });
  }
  return { outputs, fates, input, problems: reading.problems };
}

/** Later files win: their outputs are applied last. */
export function mergeOverrides(all: readonly Overrides[]): Overrides {
  return {
    outputs: all.flatMap((one) => one.outputs),
    fates: all.flatMap((one) => one.fates),
    input: all.reduce<InputOverride | undefined>((last, one) => one.input ?? last, undefined),
    problems: all.flatMap((one) => one.problems),
  };
}

function readOutputOverride(
  reading: YamlReading,
  node: Node | undefined,
): OutputOverride | undefined {
  let ruleId: number | undefined;
  let testIds: readonly number[] = [];
  let stageIds: readonly number[] = [];
  let reason = '';
  let output: FtwOutput | undefined;
  let retryOnce: boolean | undefined;
  let expectFailure = false;
  const readIds = (value: Node | undefined, name: string) =>
    readList(reading, value, name, (element) => readInteger(reading, element, `an id of ${name}`));
  readMapping(reading, node, 'an override', {
    rule_id: (value) => {
      ruleId = readInteger(reading, value, 'rule_id');
    },
    test_ids: (value) => {
      testIds = readIds(value, 'test_ids');
    },
    stage_ids: (value) => {
      stageIds = readIds(value, 'stage_ids');
    },
    reason: (value) => {
      reason = readText(reading, value, 'reason') ?? '';
    },
    retry_once: (value) => {
      retryOnce = readBoolean(reading, value, 'retry_once');
    },
    expect_failure: (value) => {
      expectFailure = readBoolean(reading, value, 'expect_failure') ?? false;
    },
    output: (value) => {
      output = readOutput(reading, value);
    },
  });
  if (ruleId === undefined) {
    addProblem(reading, node, 'an override needs a "rule_id"', true);
    return undefined;
  }
  if (reason === '') addProblem(reading, node, `the override of ${ruleId} gives no reason`, false);
  return {
    ruleId,
    testIds,
    stageIds,
    reason: reason.trim(),
    output,
    retryOnce,
    expectFailure,
    file: reading.file,
    line: reading.lines.linePos(node?.range?.[0] ?? 0).line,
  };
}

function readFates(reading: YamlReading, node: Node | undefined, fate: Fate): FateOverride[] {
  const fates: FateOverride[] = [];
  for (const [pattern, value, keyNode] of entriesOf(reading, node, fate)) {
    const { error, regex } = compileGoRegex(pattern);
    if (regex === undefined) {
      addProblem(reading, keyNode, `"${pattern}" is not a pattern in Go's syntax: ${error}`, true);
      continue;
    }
    fates.push({ fate, pattern, reason: (readText(reading, value, 'reason') ?? '').trim() });
  }
  return fates;
}

function readInputOverride(reading: YamlReading, node: Node | undefined): InputOverride {
  let overrideEmptyHostHeader = false;
  const [input] = readInputs(reading, node, DEFAULT_INPUT, {
    override_empty_host_header: (value) => {
      overrideEmptyHostHeader = readBoolean(reading, value, 'override_empty_host_header') ?? false;
    },
  });
  const names = new Set(entriesOf(reading, node, 'input').map(([name]) => name));
  const givesAutocomplete = names.has('autocomplete_headers') || names.has('stop_magic');
  return { input: input ?? DEFAULT_INPUT, givesAutocomplete, overrideEmptyHostHeader };
}

function ignore(): void {}
