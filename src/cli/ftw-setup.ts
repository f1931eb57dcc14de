// What a run of `ftw` needs, made from its options: rules, overrides, filter. Threads make it again.

import { readFileSync } from 'node:fs';
import { compileGoRegex } from '../ftw/go-regex.ts';
import { mergeOverrides, type Overrides, readOverrides } from '../ftw/overrides.ts';
import type { TestFilter } from '../ftw/runner.ts';
import type { FtwProblem } from '../ftw/test-file.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { packagedCrsFile } from '../waf/crs-directory.ts';
import { type Output, UsageError } from './output.ts';
import { loadRulesFromOptions, type RulesOptions } from './rules-options.ts';

/** As commander hands them over; plain data, so that it can go to a thread. */
export interface FtwOptions extends RulesOptions {
  readonly overrides: readonly string[];
  readonly include?: string;
  readonly exclude?: string;
  readonly overHttp: boolean;
  readonly against?: string;
  readonly log?: string;
  readonly json: boolean;
  readonly junit?: string;
  readonly workers?: number;
  readonly corpus?: string;
  readonly placement: string;
  readonly rule: readonly number[];
  readonly lines?: number;
}

/**
 * The rules under test. With CRS they are set up as its tests want it; rules alone run as they are, with
 * the engine switched on if they leave that open.
 */
export function loadTestRules(options: FtwOptions, output: Output): Ruleset {
  if (options.crs === undefined) {
    const loaded = loadRulesFromOptions(
      options,
      output,
      options.overHttp ? [packagedCrsFile('setup/ftw-marker.conf')] : [],
    );
    const isOpen = loaded.diagnostics.some(({ code }) => code === 'engine-not-set');
    if (!isOpen || options.engine !== undefined) return loaded.ruleset;
    const settings = { ...loaded.ruleset.settings, ruleEngine: 'On' as const };
    return { ...loaded.ruleset, settings };
  }
  const setup = [packagedCrsFile('setup/ftw.conf')];
  if (options.overHttp) setup.push(packagedCrsFile('setup/ftw-marker.conf'));
  // Behind ftw.conf, which asks for level 4.
  if (options.paranoia !== undefined) {
    setup.push(packagedCrsFile(`setup/paranoia-${options.paranoia}.conf`));
  }
  const { paranoia: _, ...others } = options;
  return loadRulesFromOptions(others, output, setup).ruleset;
}

/** What the user asks for; there are no expectations of our own. */
export function loadOverrides(options: FtwOptions): Overrides {
  return mergeOverrides(options.overrides.map((path) => readOverrides(path, readText(path))));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(`cannot read ${path} (${code})`);
  }
}

export function testFilter(options: FtwOptions): TestFilter {
  return {
    include: goPattern('--include', options.include),
    exclude: goPattern('--exclude', options.exclude),
  };
}

function goPattern(option: string, pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  const { regex, error } = compileGoRegex(pattern);
  if (regex === undefined) throw new UsageError(`${option} "${pattern}": ${error}`);
  return regex;
}

export function problemLine(problem: FtwProblem): string {
  const kind = problem.fatal ? 'error' : 'warning';
  return `${problem.file}:${problem.line}:${problem.column}: ${kind}: ${problem.message}\n`;
}
