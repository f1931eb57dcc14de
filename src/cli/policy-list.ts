// portcullis policy list: the rules of a policy, where they stand, and whether they are on.

import { Command, Option } from 'commander';
import { RULE_SECTIONS, type RuleSection } from '../policy/check/names.ts';
import type { WrittenRule } from '../policy/edit/rules.ts';
import { processOutput } from './output.ts';
import {
  addBookOptions,
  type BookOptions,
  openBook,
  POLICY_ARGUMENT,
  printable,
} from './policy-book-options.ts';

interface ListOptions extends BookOptions {
  readonly section?: RuleSection;
}

function run(paths: readonly string[], options: ListOptions): void {
  const output = processOutput();
  const rules = openBook(paths, options)
    .rules()
    .filter(({ section }) => options.section === undefined || section === options.section);
  if (options.json) {
    output.data(`${JSON.stringify(rules.map(listed), undefined, 2)}\n`);
    return;
  }
  const title = ({ section, name }: WrittenRule): string => `${section}/${name}`;
  const width = Math.max(0, ...rules.map((rule) => title(rule).length));
  for (const rule of rules) {
    const action = String(rule.value['action'] ?? '');
    const state = rule.enabled ? 'on ' : 'off';
    const line = `${title(rule).padEnd(width)}  ${state}  ${action}  ${rule.file}:${rule.line}`;
    output.data(`${printable(line)}\n`);
  }
}

function listed({ section, name, enabled, file, line, value }: WrittenRule): object {
  const { action, severity, environment, expires } = value;
  return { section, name, enabled, action, severity, environment, expires, file, line };
}

export function policyListCommand(): Command {
  const command = new Command('list')
    .description('list the rules of a policy')
    .argument('<policy...>', POLICY_ARGUMENT)
    .addOption(
      new Option('--section <section>', 'rules of this type only').choices([...RULE_SECTIONS]),
    )
    .addHelpText(
      'after',
      `
Examples:
  portcullis policy list shop.yaml
  portcullis policy list --section signatures --json policies/`,
    );
  return addBookOptions(command).action((paths: string[], options: ListOptions) =>
    run(paths, options),
  );
}
