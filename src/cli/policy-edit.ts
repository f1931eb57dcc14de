// portcullis policy edit: changes fields of a rule, or gives it all fields anew.

import { Command } from 'commander';
import { type PolicyChange, parsePath } from '../policy/edit/change.ts';
import { processOutput, UsageError } from './output.ts';
import {
  addChangeOptions,
  CHANGE_HELP,
  type ChangeOptions,
  editing,
  POLICY_ARGUMENT,
  RULE_ARGUMENT,
  runChange,
} from './policy-book-options.ts';
import { parseAssignment, readRule } from './policy-rule-input.ts';

interface EditOptions extends ChangeOptions {
  readonly set: readonly string[];
  readonly unset: readonly string[];
  readonly from?: string;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function changeOf(rule: string, { set, unset, from }: EditOptions): PolicyChange {
  if (from !== undefined) {
    if (set.length + unset.length > 0) {
      throw new UsageError('--from gives the whole rule; leave out --set and --unset');
    }
    return { kind: 'replace', rule, value: readRule(from) };
  }
  if (set.length + unset.length === 0) {
    throw new UsageError('nothing to change: give --set path=value, --unset path or --from file');
  }
  const removed = unset.map((path) => ({ path: parsePath(path), value: undefined }));
  return { kind: 'edit', rule, set: [...set.map(parseAssignment), ...removed] };
}

export function policyEditCommand(): Command {
  const command = new Command('edit')
    .description('change a rule')
    .argument('<rule>', RULE_ARGUMENT)
    .argument('<policy...>', POLICY_ARGUMENT)
    .option('--set <path=value>', 'set a field; the value is YAML; repeatable', collect, [])
    .option('--unset <path>', 'take a field away; repeatable', collect, [])
    .option('--from <file>', 'the whole rule as YAML or JSON, or "-" for stdin')
    .addHelpText(
      'after',
      `
A path names fields of the rule: severity, target.urls, conditions.0.moreThan. With --from, fields that
are not given go, and those that say the same stay as they are written.
${CHANGE_HELP}

Examples:
  portcullis policy edit "no debug" --set action=monitor --set severity=high shop.yaml
  portcullis policy edit "rateLimits/logins" --set conditions.0.moreThan=20 shop.yaml
  portcullis policy edit "no debug" --from rule.yaml --dry-run shop.yaml`,
    );
  return addChangeOptions(command).action((rule: string, paths: string[], options: EditOptions) => {
    const change = editing(options.json, processOutput(), () => changeOf(rule, options));
    return runChange(paths, options, change);
  });
}
