// portcullis policy disable: switches a rule off, and leaves it in the document.

import { Command } from 'commander';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  POLICY_ARGUMENT,
  RULE_ARGUMENT,
  runChange,
} from './policy-book-options.ts';

export function policyDisableCommand(): Command {
  const command = new Command('disable')
    .description('switch a rule off; it stays in the document')
    .argument('<rule>', RULE_ARGUMENT)
    .argument('<policy...>', POLICY_ARGUMENT)
    .addHelpText(
      'after',
      `${CHANGE_HELP}

Example:
  portcullis policy disable "signatures/no debug" shop.yaml`,
    );
  return addChangeOptions(command).action((rule: string, paths: string[], options: ChangeOptions) =>
    runChange(paths, options, { kind: 'disable', rule }),
  );
}
