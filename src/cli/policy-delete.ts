// portcullis policy delete: takes a rule out of the document; revisions keep it.

import { Command } from 'commander';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  POLICY_ARGUMENT,
  RULE_ARGUMENT,
  runChange,
} from './policy-book-options.ts';

export function policyDeleteCommand(): Command {
  const command = new Command('delete')
    .description('delete a rule; revisions keep it')
    .argument('<rule>', RULE_ARGUMENT)
    .argument('<policy...>', POLICY_ARGUMENT)
    .addHelpText(
      'after',
      `${CHANGE_HELP}

Example:
  portcullis policy delete "signatures/no debug" shop.yaml`,
    );
  return addChangeOptions(command).action((rule: string, paths: string[], options: ChangeOptions) =>
    runChange(paths, options, { kind: 'delete', rule }),
  );
}
