// portcullis policy create: a new rule at the end of its section.

import { Command } from 'commander';
import { RULE_SECTIONS } from '../policy/check/names.ts';
import { processOutput } from './output.ts';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  editing,
  POLICY_ARGUMENT,
  runChange,
} from './policy-book-options.ts';
import { readRule } from './policy-rule-input.ts';

interface CreateOptions extends ChangeOptions {
  readonly from: string;
}

export function policyCreateCommand(): Command {
  const command = new Command('create')
    .description('add a rule')
    .argument('<section>', RULE_SECTIONS.join(', '))
    .argument('<policy...>', POLICY_ARGUMENT)
    .requiredOption('--from <file>', 'the rule as YAML or JSON, or "-" for stdin')
    .addHelpText(
      'after',
      `
The rule goes into the last document that has rules of its section, else into the first one.
${CHANGE_HELP}

Example:
  portcullis policy create signatures --from rule.yaml shop.yaml`,
    );
  return addChangeOptions(command).action(
    (section: string, paths: string[], options: CreateOptions) => {
      const value = editing(options.json, processOutput(), () => readRule(options.from));
      return runChange(paths, options, { kind: 'create', section, value });
    },
  );
}
