// portcullis policy rollback: makes a policy what it was after a revision; that is a revision, too.

import { Command } from 'commander';
import { processOutput } from './output.ts';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  changeBy,
  editing,
  openBook,
  POLICY_ARGUMENT,
  revisionNumber,
  tellChange,
} from './policy-book-options.ts';

function run(revision: string, paths: readonly string[], options: ChangeOptions): void {
  const output = processOutput();
  const number = revisionNumber(revision);
  const change = editing(options.json, output, () =>
    openBook(paths, options).rollback(number, changeBy(options)),
  );
  tellChange(change, options, output);
}

export function policyRollbackCommand(): Command {
  const command = new Command('rollback')
    .description('go back to a revision')
    .argument('<revision>', 'the number of the revision')
    .argument('<policy...>', POLICY_ARGUMENT)
    .addHelpText(
      'after',
      `${CHANGE_HELP}

Example:
  portcullis policy rollback 3 --message "false positives" shop.yaml`,
    );
  return addChangeOptions(command).action(
    (revision: string, paths: string[], options: ChangeOptions) => run(revision, paths, options),
  );
}
