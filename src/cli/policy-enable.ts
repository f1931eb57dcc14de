// portcullis policy enable: switches a rule on.

import { Command } from 'commander';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  POLICY_ARGUMENT,
  RULE_ARGUMENT,
  runChange,
} from './policy-book-options.ts';

export function policyEnableCommand(): Command {
  const command = new Command('enable')
    .description('switch a rule on')
    .argument('<rule>', RULE_ARGUMENT)
    .argument('<policy...>', POLICY_ARGUMENT)
    .addHelpText(
      'after',
      `${CHANGE_HELP}

Example:
  portcullis policy enable "signatures/no debug" shop.yaml`,
    );
  return addChangeOptions(command).action((rule: string, paths: string[], options: ChangeOptions) =>
    runChange(paths, options, { kind: 'enable', rule }),
  );
}
