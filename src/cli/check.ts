// portcullis check: validates rules, all problems at once, as the engine or as a reviewer of signatures does.

import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { checkSubmissions } from '../authoring/submission.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import { renderJson } from '../diagnostics/render-json.ts';
import { renderSarif } from '../diagnostics/render-sarif.ts';
import { createLibrary } from '../ruleset/library.ts';
import { DIRECTIVES } from '../seclang/directives.ts';
import { nodeFiles } from '../waf/files.ts';
import { type CheckedRules, checkRuleset, fatalDiagnostics, type RuleSource } from '../waf/load.ts';
import { engineRows, engineText } from './check-engines.ts';
import { FailureError, type Output, processOutput, UsageError } from './output.ts';
import { addProgramOptions } from './outside-options.ts';
import { addRulesOptions, type RulesOptions, ruleSources } from './rules-options.ts';

interface CheckOptions extends RulesOptions {
  readonly allowProgram: readonly string[];
  readonly profile: 'engine' | 'submit';
  readonly format: 'text' | 'json' | 'sarif';
  readonly list?: List;
  readonly engines: boolean;
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
  if (options.engines && options.profile === 'engine') return tellEngines(files, options, output);
  const { diagnostics, checked } =
    options.profile === 'submit' ? submitted(files, options) : loaded(files, options);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  if (options.format === 'json') output.data(`${renderJson(diagnostics)}\n`);
  else if (options.format === 'sarif') output.data(`${renderSarif(diagnostics)}\n`);
  else {
    if (diagnostics.length > 0) {
      output.data(`${renderDiagnostics(diagnostics, { color: output.colour })}\n`);
    }
    output.data(`${checked}: ${count(errors, 'error')}, ${count(warnings, 'warning')}\n`);
  }
  return errors > 0 ? 1 : 0;
}

interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
  /** What was looked at, for people. */
  readonly checked: string;
}

/** What the rules are run by; with errors in them, those. */
function tellEngines(files: readonly string[], options: CheckOptions, output: Output): number {
  const { ruleset, diagnostics } = checkedRules(files, options);
  const fatal = fatalDiagnostics(diagnostics);
  if (fatal.length > 0) throw new FailureError(renderDiagnostics(fatal).trimEnd());
  const rows = engineRows(ruleset);
  const isJson = options.format === 'json';
  output.data(isJson ? `${JSON.stringify(rows, undefined, 2)}\n` : engineText(rows));
  return 0;
}

/** Everything that is named, as one rule set. */
function checkedRules(files: readonly string[], options: CheckOptions): CheckedRules {
  const sources = [...ruleSources(options).sources, ...files.map(fileSource)];
  if (sources.length === 0) throw new UsageError('nothing to check: name files, "-" or --crs DIR');
  return checkRuleset(sources, { programs: options.allowProgram });
}

function loaded(files: readonly string[], options: CheckOptions): Outcome {
  const { ruleset, diagnostics, sources: read } = checkedRules(files, options);
  return {
    diagnostics: diagnostics.filter(({ code }) => code !== NOT_FOR_PARTS),
    checked: `${count(ruleset.rules.length, 'rule')} in ${count(read.length, 'file')}`,
  };
}

/** Each file as a custom signature that is to join the rules of --rules and --crs. */
function submitted(files: readonly string[], options: CheckOptions): Outcome {
  if (files.length === 0) throw new UsageError('nothing to submit: name files, or "-"');
  const texts = files.map(fileSource);
  const { sources } = ruleSources(options);
  const signatures = count(texts.length, 'signature');
  if (sources.length === 0) {
    const diagnostics = checkSubmissions(texts, { files: nodeFiles() });
    return { diagnostics, checked: signatures };
  }
  const { ruleset, diagnostics } = checkRuleset(sources);
  const fatal = fatalDiagnostics(diagnostics);
  if (fatal.length > 0) {
    throw new FailureError(
      `the rules of --rules and --crs have errors of their own:\n${renderDiagnostics(fatal).trimEnd()}`,
    );
  }
  return {
    diagnostics: checkSubmissions(texts, { loaded: ruleset, files: nodeFiles() }),
    checked: `${signatures} beside ${count(ruleset.rules.length, 'loaded rule')}`,
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function checkCommand(): Command {
  const command = new Command('check')
    .description('validate rules: all problems at once, with their places')
    .argument('[files...]', 'rule files, or "-" for standard input')
    .addOption(
      new Option(
        '--profile <profile>',
        'engine: what the engine would refuse; submit: also what keeps a rule from being a custom signature',
      )
        .choices(['engine', 'submit'])
        .default('engine'),
    )
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .addOption(
      new Option('--list <what>', 'print what the language has instead').choices([...LISTS]),
    )
    .option(
      '--engines',
      'print instead which engine runs each pattern of the rules, and why',
      false,
    )
    .addHelpText(
      'after',
      `
With --profile submit each file is one signature: a SecRule, or one chain. --rules and --crs name the
rules that it is to join, so that their ids are taken.

Exit status: 0 without errors, 1 with errors, 2 for a wrong command line.

Examples:
  portcullis check custom.conf
  portcullis check --list operators
  portcullis check --engines --crs starter
  portcullis check --crs /usr/share/modsecurity-crs custom.conf
  portcullis check --profile submit --crs starter signature.conf
  echo 'SecRule ARGS "@contians x" "id:1,deny"' | portcullis check -`,
    );
  addRulesOptions(command);
  addProgramOptions(command);
  return command.action((files: string[], options: CheckOptions) => {
    process.exitCode = run(files, options);
  });
}
