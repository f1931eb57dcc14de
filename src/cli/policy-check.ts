// portcullis policy check: validates policy documents, all problems at once, with their places.

import { Command, Option } from 'commander';
import { renderDiagnostics } from '../diagnostics/render.ts';
import { renderJson } from '../diagnostics/render-json.ts';
import { renderSarif } from '../diagnostics/render-sarif.ts';
import { RULE_SECTIONS } from '../policy/check/names.ts';
import { checkPolicy } from '../waf/policy.ts';
import { processOutput } from './output.ts';
import { policyTexts } from './policy-loading.ts';
import { addPolicyPlaceOptions } from './policy-options.ts';
import { addRulesOptions, loadRulesFromOptions, type RulesOptions } from './rules-options.ts';

interface CheckOptions extends RulesOptions {
  readonly format: 'text' | 'json' | 'sarif';
  readonly environment?: string;
  readonly point?: 'inline' | 'edge';
}

function run(paths: readonly string[], options: CheckOptions): number {
  const output = processOutput();
  const { environment, point, format } = options;
  const hasRules = options.rules.length > 0 || options.crs !== undefined;
  const loaded = hasRules ? loadRulesFromOptions(options, output).ruleset : undefined;
  const texts = policyTexts(paths);
  const { diagnostics, read } = checkPolicy(texts, { name: environment, point, loaded });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (format === 'json') output.data(`${renderJson(diagnostics)}\n`);
  else if (format === 'sarif') output.data(`${renderSarif(diagnostics)}\n`);
  else {
    if (diagnostics.length > 0) {
      output.data(`${renderDiagnostics(diagnostics, { color: output.colour })}\n`);
    }
    let rules = 0;
    for (const section of RULE_SECTIONS) rules += read.document[section].length;
    output.data(
      `${counted(rules, 'rule')} in ${counted(texts.length, 'file')}: ${counted(errors, 'error')}, ${counted(diagnostics.length - errors, 'warning')}\n`,
    );
  }
  return errors > 0 ? 1 : 0;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function policyCheckCommand(): Command {
  const command = new Command('check')
    .description('validate policy documents: all problems at once, with their places')
    .argument('<policy...>', 'policy documents, or folders of them; all are merged')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .addHelpText(
      'after',
      `
With --crs or --rules, the Sec Rules of signatures are checked against the ids that are taken.

Exit status: 0 without errors, 1 with errors, 2 for a wrong command line.

Examples:
  portcullis policy check shop.yaml
  portcullis policy check --crs 4.28.0 policies/`,
    );
  addPolicyPlaceOptions(command);
  addRulesOptions(command);
  return command.action((paths: string[], options: CheckOptions) => {
    process.exitCode = run(paths, options);
  });
}
