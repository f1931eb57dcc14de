// portcullis policy diff: what has changed between two revisions, or since one.

import { Command } from 'commander';
import { processOutput } from './output.ts';
import {
  addBookOptions,
  type BookOptions,
  editing,
  openBook,
  POLICY_ARGUMENT,
  revisionNumber,
} from './policy-book-options.ts';

interface DiffOptions extends BookOptions {
  readonly to?: string;
}

function run(from: string, paths: readonly string[], options: DiffOptions): void {
  const output = processOutput();
  const { json } = options;
  const to = options.to === undefined ? undefined : revisionNumber(options.to);
  const number = revisionNumber(from);
  const diff = editing(json, output, () => openBook(paths, options).diff(number, to));
  if (json) output.data(`${JSON.stringify({ from: number, to: to ?? null, diff })}\n`);
  else output.data(diff);
}

export function policyDiffCommand(): Command {
  const command = new Command('diff')
    .description('show what has changed since a revision')
    .argument('<revision>', 'the number of the older revision')
    .argument('<policy...>', POLICY_ARGUMENT)
    .option('--to <revision>', 'the newer revision; default: the documents as they are now')
    .addHelpText(
      'after',
      `
Prints a unified diff, or nothing when nothing differs.

Examples:
  portcullis policy diff 3 shop.yaml
  portcullis policy diff 3 --to 5 shop.yaml`,
    );
  return addBookOptions(command).action((from: string, paths: string[], options: DiffOptions) =>
    run(from, paths, options),
  );
}
