// The options by which commands name their policy, and what they load.

import { type Command, Option } from 'commander';
import { policyPaths } from '../waf/policy-book-files.ts';
import { UsageError } from './output.ts';

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

/** Where none is named. */
export function noPolicy({
  environment,
  point,
}: {
  readonly environment?: string | undefined;
  readonly point?: string | undefined;
}): undefined {
  if (environment === undefined && point === undefined) return undefined;
  throw new UsageError('--environment and --point need --policy');
}
