// Applies overrides to a test: what is expected, what is sent, and whether it runs at all.

import type { Header } from '../model/exchange.ts';
import { compileGoRegex } from './go-regex.ts';
import type { Fate, InputOverride, OutputOverride, Overrides } from './overrides.ts';
import { DEFAULT_OUTPUT, type FtwInput, type FtwStage, type FtwTest } from './test-file.ts';

export interface OverriddenTest {
  readonly test: FtwTest;
  /** Undefined: the test runs and is judged. */
  readonly fate: Fate | undefined;
  /** Why there is an override; empty when there is none. */
  readonly reason: string;
  readonly expectFailure: boolean;
}

// When patterns of several lists find a test: not running wins, then failing.
const FATE_ORDER: readonly Fate[] = ['ignore', 'forcefail', 'forcepass'];

export function applyOverrides(test: FtwTest, overrides: Overrides): OverriddenTest {
  let reason = '';
  let expectFailure = false;
  let stages = test.stages;
  for (const override of overrides.outputs) {
    if (!appliesTo(override, test)) continue;
    reason = override.reason;
    expectFailure = override.expectFailure;
    stages = stages.map((stage, at) => replaceOutput(stage, at, override));
  }
  const { input } = overrides;
  if (input !== undefined) {
    stages = stages.map((stage) => ({ ...stage, input: overrideInput(stage.input, input) }));
  }
  for (const fate of FATE_ORDER) {
    const found = overrides.fates.find(
      (one) => one.fate === fate && compileGoRegex(one.pattern).regex?.test(test.id),
    );
    if (found !== undefined) return { test, fate, reason: found.reason, expectFailure: false };
  }
  return { test: { ...test, stages }, fate: undefined, reason, expectFailure };
}

/**
 * Overrides that name a test which is not there: stale, or misspelt.
 *
 * `ids` are the names of the tests in the files that were read. Of rules without any test among them
 * nothing can be said.
 */
export function staleOverrides(
  ids: readonly string[],
  overrides: Overrides,
): readonly OutputOverride[] {
  const known = new Set(ids);
  const rules = new Set(ids.map((id) => id.slice(0, id.lastIndexOf('-'))));
  return overrides.outputs.filter(
    ({ ruleId, testIds }) =>
      rules.has(String(ruleId)) && testIds.some((testId) => !known.has(`${ruleId}-${testId}`)),
  );
}

function appliesTo(override: OutputOverride, test: FtwTest): boolean {
  if (override.ruleId !== test.ruleId) return false;
  return override.testIds.length === 0 || override.testIds.includes(test.testId ?? -1);
}

function replaceOutput(stage: FtwStage, at: number, override: OutputOverride): FtwStage {
  const isMeant = override.stageIds.length === 0 || override.stageIds.includes(at);
  if (!isMeant) return stage;
  // Known to fail without saying how: it is the test's own expectation that fails.
  const fallback = override.expectFailure ? stage.output : DEFAULT_OUTPUT;
  const output = override.output ?? fallback;
  return {
    input: stage.input,
    output:
      override.retryOnce === undefined ? output : { ...output, retryOnce: override.retryOnce },
  };
}

function overrideInput(input: FtwInput, override: InputOverride): FtwInput {
  const given = override.input;
  let headers = input.headers;
  for (const header of given.headers) headers = withHeader(headers, header);
  const needsHost =
    override.overrideEmptyHostHeader &&
    given.address !== undefined &&
    !headers.some(([name, value]) => name.toLowerCase() === 'host' && value !== '');
  if (needsHost) headers = withHeader(headers, ['Host', given.address ?? '']);
  return {
    ...input,
    address: given.address ?? input.address,
    port: given.port ?? input.port,
    protocol: given.protocol ?? input.protocol,
    method: given.method ?? input.method,
    uri: given.uri ?? input.uri,
    version: given.version ?? input.version,
    data: given.data ?? input.data,
    encodedRequest: given.encodedRequest ?? input.encodedRequest,
    saveCookie: given.saveCookie || input.saveCookie,
    autocompleteHeaders: override.givesAutocomplete
      ? given.autocompleteHeaders
      : input.autocompleteHeaders,
    headers,
  };
}

/** Replaces the header of that name where it stands, or adds it. */
export function withHeader(headers: readonly Header[], header: Header): readonly Header[] {
  const name = header[0].toLowerCase();
  const at = headers.findIndex(([existing]) => existing.toLowerCase() === name);
  if (at === -1) return [...headers, header];
  const others = headers.filter(([existing]) => existing.toLowerCase() !== name);
  return [...others.slice(0, at), header, ...others.slice(at)];
}
