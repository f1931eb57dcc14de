// portcullis check: validates rules, all problems at once.

import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { renderDiagnostics } from '../diagnostics/render.ts';
import { renderJson } from '../diagnostics/render-json.ts';
import { renderSarif } from '../diagnostics/render-sarif.ts';
import { createLibrary } from '../ruleset/library.ts';
import { DIRECTIVES } from '../seclang/directives.ts';
import { checkRuleset, type RuleSource } from '../waf/load.ts';
import { type Output, processOutput, UsageError } from './output.ts';
import { addRulesOptions, type RulesOptions, ruleSources } from './rules-options.ts';

interface CheckOptions extends RulesOptions {
  readonly format: 'text' | 'json' | 'sarif';
  readonly list?: List;
}

// A checked file need not switch the engine on: it is included by one that does.
const NOT_FOR_PARTS = 'engine-not-set';

function fileSource(path: string): RuleSource {
  const isInput = path === '-';
  try {
    const text = readFileSync(isInput ? 0 : path, 'latin1');
    return { name: isInput ? '<stdin>' : path, text };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(`cannot read ${isInput ? 'standard input' : path} (${code})`);
  }
}

const LISTS = ['directives', 'variables', 'operators', 'transformations', 'actions'] as const;
type List = (typeof LISTS)[number];

interface Listed {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly reason?: string;
}

/** What is supported, from the records that the engine itself uses. */
function listed(list: List): readonly Listed[] {
  return list === 'directives' ? DIRECTIVES : createLibrary()[list].all;
}

function printList(list: List, format: CheckOptions['format'], output: Output): void {
  const records = [...listed(list)].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (format === 'json') {
    const rows = records.map(({ name, aliases = [], summary, reason }) => ({
      name,
      aliases,
      summary,
      ...(reason !== undefined && { reason }),
    }));
    output.data(`${JSON.stringify(rows, undefined, 2)}\n`);
    return;
  }
  const width = Math.max(...records.map(({ name }) => name.length));
  for (const { name, aliases = [], summary, reason } of records) {
    const also = aliases.length === 0 ? '' : ` (also ${aliases.join(', ')})`;
    const note = reason === undefined ? '' : ` - no effect: ${reason}`;
    output.data(`${name.padEnd(width)}  ${summary}${also}${note}\n`);
  }
}

function run(files: readonly string[], options: CheckOptions): number {
  const output = processOutput();
  if (options.list !== undefined) {
    printList(options.list, options.format, output);
    return 0;
  }
  const named = ruleSources(options).sources;
  const sources = [...named, ...files.map(fileSource)];
  if (sources.length === 0) throw new UsageError('nothing to check: name files, "-" or --crs DIR');
  const checked = checkRuleset(sources);
  const diagnostics = checked.diagnostics.filter(({ code }) => code !== NOT_FOR_PARTS);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  if (options.format === 'json') output.data(`${renderJson(diagnostics)}\n`);
  else if (options.format === 'sarif') output.data(`${renderSarif(diagnostics)}\n`);
  else {
    if (diagnostics.length > 0) {
      output.data(`${renderDiagnostics(diagnostics, { color: output.colour })}\n`);
    }
    const rules = checked.ruleset.rules.length;
    const places = checked.sources.length;
    output.data(
      `${count(rules, 'rule')} in ${count(places, 'file')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}\n`,
    );
  }
  return errors > 0 ? 1 : 0;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function checkCommand(): Command {
  const command = new Command('check')
    .description('validate rules: all problems at once, with their places')
    .argument('[files...]', 'rule files, or "-" for standard input')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .addOption(
      new Option('--list <what>', 'print what the language has instead').choices([...LISTS]),
    )
    .addHelpText(
      'after',
      `
Exit status: 0 without errors, 1 with errors, 2 for a wrong command line.

Examples:
  portcullis check custom.conf
  portcullis check --list operators
  portcullis check --crs /usr/share/modsecurity-crs custom.conf
  echo 'SecRule ARGS "@contians x" "id:1,deny"' | portcullis check -`,
    );
  addRulesOptions(command);
  return command.action((files: string[], options: CheckOptions) => {
    process.exitCode = run(files, options);
  });
}
