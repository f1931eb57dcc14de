// The options by which every command names its rules, and what they load.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import type { Source } from '../diagnostics/source.ts';
import type { EngineMode } from '../model/settings.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { crsLoadOrder, packagedCrsFile, resolveCrsDirectory } from '../waf/crs-directory.ts';
import { nodeFiles } from '../waf/files.ts';
import { checkRuleset, fatalDiagnostics } from '../waf/load.ts';
import { type CacheOptions, rulesCacheOf } from './cache-options.ts';
import { FailureError, type Output, UsageError } from './output.ts';

export interface RulesOptions extends CacheOptions {
  readonly rules: readonly string[];
  readonly crs?: string;
  readonly paranoia?: number;
  readonly engine?: EngineMode;
  /** Of commands with --allow-program. */
  readonly allowProgram?: readonly string[];
}

function paranoiaLevel(value: string): number {
  if (!/^[1-4]$/.test(value)) throw new InvalidArgumentError('It must be 1, 2, 3 or 4.');
  return Number(value);
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Adds --rules, --crs, --paranoia and --engine. */
export function addRulesOptions(command: Command): Command {
  return command
    .option(
      '--rules <file>',
      'a rule file; repeatable, loaded in the order given, before --crs',
      collect,
      [],
    )
    .option(
      '--crs <dir>',
      'CRS: a directory with rules/ and crs-setup.conf, an installed version, or "starter"',
    )
    .addOption(
      new Option('--paranoia <level>', 'paranoia level for CRS and the starter rules').argParser(
        paranoiaLevel,
      ),
    )
    .addOption(
      new Option('--engine <mode>', 'overrides SecRuleEngine').choices([
        'On',
        'Off',
        'DetectionOnly',
      ]),
    );
}

export interface LoadedRules {
  readonly ruleset: Ruleset;
  readonly diagnostics: readonly Diagnostic[];
  /** What was loaded, for people: `OWASP CRS 4.28.0`, `custom.conf`. */
  readonly names: readonly string[];
}

function readSource(path: string): Source {
  const text = nodeFiles().read(path);
  if (text === undefined) throw new UsageError(`cannot read the rule file ${path}`);
  return { name: path, text };
}

/**
 * The sources that the options name, in load order. With CRS our engine settings come first, so that a file
 * given with --rules can change them.
 */
export function ruleSources(
  options: RulesOptions,
  extraSetup: readonly string[] = [],
): { readonly sources: readonly Source[]; readonly names: readonly string[] } {
  const own = options.rules.map(readSource);
  if (options.crs === undefined) {
    if (options.paranoia !== undefined) {
      throw new UsageError('--paranoia needs --crs: it sets the level of CRS or the starter rules');
    }
    return { sources: [...own, ...extraSetup.map(readSource)], names: options.rules };
  }
  const layout = resolveCrsDirectory(options.crs);
  if (layout.kind === 'problem') {
    const { message, help } = layout.diagnostic;
    throw new UsageError(help === undefined ? message : `${message}\n  help: ${help}`);
  }
  const engine = packagedCrsFile('engine.conf');
  const [first, ...rest] = crsLoadOrder(
    layout,
    options.paranoia === undefined ? {} : { paranoia: options.paranoia },
  );
  const files = first === engine ? rest : [first as string, ...rest];
  const setupEnds = files.findIndex((file) => layout.rules.includes(file));
  return {
    sources: [
      readSource(engine),
      ...own,
      ...files.slice(0, setupEnds).map(readSource),
      ...extraSetup.map(readSource),
      ...files.slice(setupEnds).map(readSource),
    ],
    names: [...options.rules, layout.name],
  };
}

/** With a policy there need not be any rules: what the engine reads then is what we recommend. */
const NO_RULES = 'engine.conf';

/**
 * Loads the rules or throws with all their errors. Warnings go to `output.talk`. `needsNone`: a policy
 * decides, and rules may be left out.
 */
export function loadRulesFromOptions(
  options: RulesOptions,
  output: Output,
  extraSetup: readonly string[] = [],
  needsNone = false,
): LoadedRules {
  const named = ruleSources(options, extraSetup);
  const { names } = named;
  const isNone = named.sources.length === 0;
  if (isNone && !needsNone) throw new UsageError('no rules: give --rules FILE or --crs DIR');
  const sources = isNone ? [readSource(packagedCrsFile(NO_RULES))] : named.sources;
  const { ruleset, diagnostics } = checkRuleset(sources, {
    rulesCache: rulesCacheOf(options, output),
    ...(options.allowProgram !== undefined && { programs: options.allowProgram }),
  });
  const fatal = fatalDiagnostics(diagnostics);
  if (fatal.length > 0) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    throw new FailureError(renderDiagnostics(errors).trimEnd());
  }
  const shown = diagnostics.filter(
    ({ code }) => code !== 'engine-not-set' || options.engine === undefined,
  );
  if (shown.length > 0) output.talk(renderDiagnostics(shown));
  return {
    ruleset:
      options.engine === undefined
        ? ruleset
        : { ...ruleset, settings: { ...ruleset.settings, ruleEngine: options.engine } },
    diagnostics,
    names,
  };
}
