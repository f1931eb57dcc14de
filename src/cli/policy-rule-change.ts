// The commands that do one thing to one rule, and need nothing but its name.

import { Command } from 'commander';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  POLICY_ARGUMENT,
  RULE_ARGUMENT,
  runChange,
} from './policy-book-options.ts';

export function ruleChangeCommand(
  kind: 'delete' | 'disable' | 'enable',
  description: string,
): Command {
  const command = new Command(kind)
    .description(description)
    .argument('<rule>', RULE_ARGUMENT)
    .argument('<policy...>', POLICY_ARGUMENT)
    .addHelpText(
      'after',
      `${CHANGE_HELP}

Example:
  portcullis policy ${kind} "signatures/no debug" shop.yaml`,
    );
  return addChangeOptions(command).action((rule: string, paths: string[], options: ChangeOptions) =>
    runChange(paths, options, { kind, rule }),
  );
}
