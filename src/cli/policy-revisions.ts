// portcullis policy revisions: who changed a policy, when, and what.

import { Command } from 'commander';
import type { Revision } from '../waf/policy-book-revisions.ts';
import { processOutput, UsageError } from './output.ts';
import {
  addBookOptions,
  type BookOptions,
  openBook,
  POLICY_ARGUMENT,
  printable,
} from './policy-book-options.ts';

interface RevisionsOptions extends BookOptions {
  readonly limit: string;
}

function run(paths: readonly string[], options: RevisionsOptions): void {
  const output = processOutput();
  if (!/^[1-9]\d{0,8}$/.test(options.limit)) {
    throw new UsageError(`--limit "${options.limit}" is not a whole number above 0`);
  }
  const revisions = openBook(paths, options).revisions(Number(options.limit));
  if (options.json) {
    output.data(`${JSON.stringify(revisions.map(summary), undefined, 2)}\n`);
    return;
  }
  for (const { id, time, who, what, message } of revisions) {
    const date = new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
    const why = message === undefined ? '' : `: ${message}`;
    const line = `${String(id).padStart(4)}  ${date}  ${who ?? '-'}  ${what}${why}`;
    output.data(`${printable(line)}\n`);
  }
}

function summary({ id, time, who, kind, what, message, files }: Revision): object {
  return {
    id,
    time: new Date(time).toISOString(),
    who: who ?? null,
    kind,
    what,
    message: message ?? null,
    files: files.map(({ name }) => name),
  };
}

export function policyRevisionsCommand(): Command {
  const command = new Command('revisions')
    .description('list the changes of a policy, the newest first')
    .argument('<policy...>', POLICY_ARGUMENT)
    .option('--limit <n>', 'at most so many', '50')
    .addHelpText(
      'after',
      `
Example:
  portcullis policy revisions shop.yaml`,
    );
  return addBookOptions(command).action((paths: string[], options: RevisionsOptions) =>
    run(paths, options),
  );
}
