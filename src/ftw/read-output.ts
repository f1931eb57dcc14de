// Reads `output` of a stage or of an override: what has to hold after the request.

import type { Node } from 'yaml';
import { isSeq } from 'yaml';
import { compileGoRegex } from './go-regex.ts';
import type { FtwOutput } from './test-file.ts';
import {
  addProblem,
  follow,
  readBoolean,
  readInteger,
  readList,
  readMapping,
  readText,
  type YamlReading,
} from './yaml-reading.ts';

export function readOutput(reading: YamlReading, node: Node | undefined): FtwOutput {
  let statuses: readonly number[] = [];
  let responseContains: string | undefined;
  let expectError = false;
  let retryOnce = false;
  let isolated = false;
  let expectIds: readonly number[] = [];
  let noExpectIds: readonly number[] = [];
  const matchRegexes: string[] = [];
  const noMatchRegexes: string[] = [];

  const addPattern = (patterns: string[], name: string) => (value: Node | undefined) => {
    const pattern = readPattern(reading, value, name);
    if (pattern !== undefined && pattern !== '') patterns.push(pattern);
  };
  const readIds = (value: Node | undefined, name: string) =>
    readList(reading, value, name, (element) => readInteger(reading, element, `an id of ${name}`));

  readMapping(reading, node, 'output', {
    status: (value) => {
      statuses = readStatuses(reading, value);
    },
    response_contains: (value) => {
      responseContains = readPattern(reading, value, 'response_contains') || undefined;
    },
    expect_error: (value) => {
      expectError = readBoolean(reading, value, 'expect_error') ?? false;
    },
    retry_once: (value) => {
      retryOnce = readBoolean(reading, value, 'retry_once') ?? false;
    },
    isolated: (value) => {
      isolated = readBoolean(reading, value, 'isolated') ?? false;
    },
    log_contains: addPattern(matchRegexes, 'log_contains'),
    no_log_contains: addPattern(noMatchRegexes, 'no_log_contains'),
    log: (value) =>
      readMapping(reading, value, 'log', {
        expect_ids: (ids) => {
          expectIds = readIds(ids, 'expect_ids');
        },
        no_expect_ids: (ids) => {
          noExpectIds = readIds(ids, 'no_expect_ids');
        },
        match_regex: addPattern(matchRegexes, 'match_regex'),
        no_match_regex: addPattern(noMatchRegexes, 'no_match_regex'),
      }),
  });
  if (isolated && expectIds.length !== 1) {
    addProblem(reading, node, '"isolated" needs exactly one id in "expect_ids"', true);
  }
  return {
    statuses,
    responseContains,
    expectError,
    retryOnce,
    isolated,
    expectIds,
    noExpectIds,
    matchRegexes,
    noMatchRegexes,
  };
}

/** Early tests gave a list of statuses, of which any will do. */
function readStatuses(reading: YamlReading, node: Node | undefined): readonly number[] {
  const target = follow(reading, node);
  if (target === undefined) return [];
  if (isSeq(target)) {
    return readList(reading, node, 'status', (element) => readInteger(reading, element, 'status'));
  }
  const status = readInteger(reading, node, 'status');
  // Go's tests are typed: 0 cannot be told from "not given".
  return status === undefined || status === 0 ? [] : [status];
}

function readPattern(
  reading: YamlReading,
  node: Node | undefined,
  name: string,
): string | undefined {
  const pattern = readText(reading, node, name);
  if (pattern === undefined) return undefined;
  const compiled = compileGoRegex(pattern);
  if (compiled.regex === undefined) {
    addProblem(reading, node, `${name} is not a pattern in Go's syntax: ${compiled.error}`, true);
    return undefined;
  }
  return pattern;
}
