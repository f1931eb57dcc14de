// The options of commands that run rules: where compiled rules are kept from one start to the next.

import { type Command, Option } from 'commander';
import { openRulesCache, type RulesCache } from '../waf/rules-cache.ts';
import type { Output } from './output.ts';

export interface CacheOptions {
  /** A folder; true: the usual one; false and undefined: none. */
  readonly cache?: string | boolean | undefined;
}

/** Adds --cache and --no-cache. */
export function addCacheOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--cache <dir>',
        'where compiled rules are kept, in files that only you may write; default: portcullis/rules in ~/.cache',
      ),
    )
    .option('--no-cache', 'compile rules anew and keep nothing');
}

export function rulesCacheOf({ cache }: CacheOptions, output: Output): RulesCache | undefined {
  if (cache === undefined || cache === false) return undefined;
  return openRulesCache({
    ...(typeof cache === 'string' && { directory: cache }),
    onNote: (note) => output.talk(`portcullis: ${note}\n`),
  });
}
