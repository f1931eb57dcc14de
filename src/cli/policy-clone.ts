// portcullis policy clone: a copy of a rule under another name, behind the original.

import { Command } from 'commander';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  POLICY_ARGUMENT,
  RULE_ARGUMENT,
  runChange,
} from './policy-book-options.ts';

export function policyCloneCommand(): Command {
  const command = new Command('clone')
    .description('copy a rule under another name')
    .argument('<rule>', RULE_ARGUMENT)
    .argument('<name>', 'the name of the copy')
    .argument('<policy...>', POLICY_ARGUMENT)
    .addHelpText(
      'after',
      `${CHANGE_HELP}

Example:
  portcullis policy clone "no debug" "no trace" shop.yaml`,
    );
  return addChangeOptions(command).action(
    (rule: string, name: string, paths: string[], options: ChangeOptions) =>
      runChange(paths, options, { kind: 'clone', rule, name }),
  );
}
