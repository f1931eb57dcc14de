// The options by which commands name their policy, and what they load.

import { type Command, Option } from 'commander';
import { renderDiagnostics } from '../diagnostics/render.ts';
import type { PolicyText } from '../policy/document/positions.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import {
  type PolicyOptions as LoadOptions,
  loadPolicy,
  type Policy,
  PolicyError,
  readPolicyFiles,
} from '../waf/policy.ts';
import { policyPaths } from '../waf/policy-book-files.ts';
import { FailureError, type Output, UsageError } from './output.ts';

export interface PolicyOptions {
  readonly policy: readonly string[];
  readonly environment?: string;
  readonly point?: 'inline' | 'edge';
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Adds --policy, --environment and --point. */
export function addPolicyOptions(command: Command): Command {
  command.option(
    '--policy <file>',
    'a policy document, or a folder of them (not its subfolders); repeatable, all are merged',
    collect,
    [],
  );
  return addPolicyPlaceOptions(command);
}

/** Adds --environment and --point: which rules of a policy are for this process. */
export function addPolicyPlaceOptions(command: Command): Command {
  return command
    .option('--environment <name>', 'which environment of the policy this is')
    .addOption(
      new Option('--point <point>', 'where this process stands').choices(['inline', 'edge']),
    );
}

/** The files of the paths; folders give their .yaml, .yml and .json files, in the order of their names. */
export function policyTexts(paths: readonly string[]): readonly PolicyText[] {
  const files = policyFiles(paths);
  try {
    return readPolicyFiles(files);
  } catch (error) {
    throw new UsageError(`cannot read a policy: ${error instanceof Error ? error.message : error}`);
  }
}

/** The names of the files of `policyTexts`. */
export function policyFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    try {
      const found = policyPaths([path]);
      if (found.length === 0) throw new UsageError(`no .yaml or .json files in ${path}`);
      return found;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`cannot read the policy ${path}`);
    }
  });
}

/** Loads the policy or throws with all its errors. Warnings go to `output.talk`. */
export function loadPolicyFromOptions(
  { policy, environment, point }: PolicyOptions,
  loaded: Ruleset | undefined,
  output: Output,
  more: LoadOptions = {},
): Policy | undefined {
  if (policy.length === 0) {
    if (environment !== undefined || point !== undefined) {
      throw new UsageError('--environment and --point need --policy');
    }
    return undefined;
  }
  try {
    const found = loadPolicy(policyTexts(policy), {
      ...more,
      name: environment,
      point,
      loaded,
    });
    if (found.diagnostics.length > 0) output.talk(renderDiagnostics(found.diagnostics));
    return found;
  } catch (error) {
    if (error instanceof PolicyError) throw new FailureError(error.message.trimEnd());
    throw error;
  }
}
