// What a file of go-ftw tests says, after reading: pure types.
//
// All texts of requests are byte strings (the UTF-8 bytes of the YAML strings); texts for people and
// patterns stay as they are.

import type { ByteString } from '../base/bytes.ts';
import type { Header } from '../model/exchange.ts';

/** Something wrong with a YAML file, at its place. Lines and columns count from 1. */
export interface FtwProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** A test with a fatal problem cannot be judged and counts as failed; others run all the same. */
  readonly fatal: boolean;
}

/** What the server behind the proxy shall answer: the body of `/reflect`, or `input.response`. */
export interface ReflectionSpec {
  readonly status: number | undefined;
  readonly headers: readonly Header[];
  readonly body: ByteString;
}

/** Undefined fields were not given; defaults are applied when the request is built. */
export interface FtwInput {
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly protocol: string | undefined;
  readonly method: ByteString | undefined;
  readonly uri: ByteString | undefined;
  readonly version: ByteString | undefined;
  readonly headers: readonly Header[];
  readonly data: ByteString | undefined;
  /** The whole request, decoded; everything else but the address is then ignored. */
  readonly encodedRequest: ByteString | undefined;
  readonly autocompleteHeaders: boolean;
  readonly saveCookie: boolean;
  readonly followRedirect: boolean;
  readonly virtualHostMode: boolean;
  readonly response: ReflectionSpec | undefined;
}

export interface FtwOutput {
  /** Any of these; empty: not checked. */
  readonly statuses: readonly number[];
  readonly responseContains: string | undefined;
  readonly expectError: boolean;
  readonly retryOnce: boolean;
  readonly isolated: boolean;
  readonly expectIds: readonly number[];
  readonly noExpectIds: readonly number[];
  /** Patterns in Go's syntax, each to be found in some line. */
  readonly matchRegexes: readonly string[];
  /** Patterns in Go's syntax that no line may match. */
  readonly noMatchRegexes: readonly string[];
}

export interface FtwStage {
  readonly input: FtwInput;
  readonly output: FtwOutput;
}

export interface FtwTest {
  /** `942100-1`, the name used everywhere: filters, overrides, reports. */
  readonly id: string;
  readonly ruleId: number | undefined;
  readonly testId: number | undefined;
  readonly description: string;
  readonly tags: readonly string[];
  readonly stages: readonly FtwStage[];
  readonly file: string;
  readonly line: number;
  /** The first fatal problem inside the test. */
  readonly unusable: FtwProblem | undefined;
}

export interface FtwTestFile {
  readonly path: string;
  readonly tests: readonly FtwTest[];
  /** All of them, in source order. */
  readonly problems: readonly FtwProblem[];
  /** Set when the file as a whole could not be read; it then has no tests. */
  readonly broken: FtwProblem | undefined;
}

export const DEFAULT_OUTPUT: FtwOutput = Object.freeze({
  statuses: Object.freeze([]),
  responseContains: undefined,
  expectError: false,
  retryOnce: false,
  isolated: false,
  expectIds: Object.freeze([]),
  noExpectIds: Object.freeze([]),
  matchRegexes: Object.freeze([]),
  noMatchRegexes: Object.freeze([]),
});

export const DEFAULT_INPUT: FtwInput = Object.freeze({
  address: undefined,
  port: undefined,
  protocol: undefined,
  method: undefined,
  uri: undefined,
  version: undefined,
  headers: Object.freeze([]),
  data: undefined,
  encodedRequest: undefined,
  autocompleteHeaders: true,
  saveCookie: false,
  followRedirect: false,
  virtualHostMode: false,
  response: undefined,
});
