// portcullis policy show: one rule as it is written, and in words.

import { Command } from 'commander';
import { stringify } from 'yaml';
import { readPolicy } from '../policy/document/read.ts';
import { findRule } from '../policy/edit/rule-names.ts';
import { policyInWords } from '../policy/words.ts';
import { processOutput } from './output.ts';
import {
  addBookOptions,
  type BookOptions,
  editing,
  openBook,
  POLICY_ARGUMENT,
  RULE_ARGUMENT,
} from './policy-book-options.ts';

function run(wanted: string, paths: readonly string[], options: BookOptions): void {
  const output = processOutput();
  const book = openBook(paths, options);
  const rule = editing(options.json, output, () => findRule(book.rules(), wanted));
  const { section, name, enabled, file, line, value } = rule;
  const words = policyInWords(readPolicy(book.texts()).document, Date.now()).find(
    (one) => one.section === section && one.name === name,
  )?.text;
  if (options.json) {
    const shown = { section, name, enabled, file, line, words: words ?? null, rule: value };
    output.data(`${JSON.stringify(shown, undefined, 2)}\n`);
    return;
  }
  output.data(`# ${file}:${line}\n`);
  if (words !== undefined) output.data(`# ${words}\n`);
  output.data(stringify({ [section]: [value] }, { lineWidth: 0 }));
}

export function policyShowCommand(): Command {
  const command = new Command('show')
    .description('show one rule of a policy')
    .argument('<rule>', RULE_ARGUMENT)
    .argument('<policy...>', POLICY_ARGUMENT)
    .addHelpText(
      'after',
      `
Example:
  portcullis policy show "signatures/no debug" shop.yaml`,
    );
  return addBookOptions(command).action((rule: string, paths: string[], options: BookOptions) =>
    run(rule, paths, options),
  );
}
