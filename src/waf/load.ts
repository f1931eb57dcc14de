// Rule texts to a checked rule set: parse, include, check. `checkRuleset` reports, `loadRuleset` insists.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../diagnostics/source.ts';
import { BEHAVIOURS, type Compatibility } from '../model/compatibility.ts';
import type { FileAccess } from '../model/files.ts';
import { createLoadMemo } from '../model/memo.ts';
import { checkDirectives } from '../ruleset/check.ts';
import { chooseBehaviour } from '../ruleset/compatibility.ts';
import type { LibraryExtension } from '../ruleset/library.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { loadDocuments } from '../seclang/include.ts';
import { createCheckContext } from './check-context.ts';
import { nodeFiles } from './files.ts';
import type { RulesCache } from './rules-cache.ts';
import { RulesetError } from './ruleset-error.ts';

/** A rule text, or one with a name for diagnostics and relative paths. */
export type RuleSource = string | { readonly name: string; readonly text: string };

export interface LoadRulesOptions {
  /** Default: the file system of this machine. */
  readonly files?: FileAccess;
  /** Whose ways to follow where engines differ; default: SecCompatibility, else our own. */
  readonly compatibility?: Compatibility;
  /** Where on disk loading finds again what it worked out before; default: nowhere. */
  readonly rulesCache?: RulesCache | undefined;
  /** Operators, transformations and variables of the embedder's own. */
  readonly extension?: LibraryExtension;
  /**
   * Absolute paths of the programs that `exec` and `@inspectFile` may run; default: none. They are run by a waf with
   * `outside`.
   */
  readonly programs?: readonly string[];
}

export interface CheckedRules {
  /** All that could be understood; run it only when there are no errors. */
  readonly ruleset: Ruleset;
  /** Errors and warnings in load order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
}

/**
 * Errors that `check` reports and a load survives: every ModSecurity engine loads such rules with the same,
 * defined meaning (the rest of the phase is skipped), so refusing to start would break working sites.
 */
const SURVIVABLE: ReadonlySet<string> = new Set(['unknown-marker']);

function namedSources(sources: RuleSource | readonly RuleSource[]): readonly Source[] {
  const list = Array.isArray(sources)
    ? (sources as readonly RuleSource[])
    : [sources as RuleSource];
  return list.map((source, at) =>
    typeof source === 'string' ? { name: `<rules ${at + 1}>`, text: source } : source,
  );
}

/** Checks rules completely; never throws because of what they say. */
export function checkRuleset(
  sources: RuleSource | readonly RuleSource[],
  options: LoadRulesOptions = {},
): CheckedRules {
  const files = options.files ?? nodeFiles();
  const roots = namedSources(sources);
  const given = options.compatibility && BEHAVIOURS[options.compatibility];
  const memo =
    options.rulesCache?.memoFor(roots.flatMap(({ name, text }) => [name, text])) ??
    createLoadMemo();
  let loaded = loadDocuments(roots, files, { syntax: given, memo });
  const behaviour = chooseBehaviour(loaded.directives, options.compatibility);
  // Only the rules themselves tell how they are to be read: SecCompatibility.
  if (given === undefined && behaviour !== BEHAVIOURS.portcullis) {
    loaded = loadDocuments(roots, files, { syntax: behaviour, memo });
  }
  const context = createCheckContext(loaded.directives, {
    behaviour,
    files,
    extension: options.extension,
    programs: options.programs,
    memo,
  });
  const ruleset = checkDirectives(loaded.directives, context);
  return {
    ruleset,
    sources: loaded.sources,
    diagnostics: inLoadOrder(
      [...loaded.diagnostics, ...context.report.diagnostics],
      loaded.sources,
    ),
  };
}

function inLoadOrder(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
): readonly Diagnostic[] {
  const places = new Map(sources.map((source, at) => [source, at]));
  const place = ({ span }: Diagnostic): number =>
    span === undefined ? -1 : (places.get(span.source) ?? sources.length);
  return [...diagnostics].sort(
    (a, b) => place(a) - place(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0),
  );
}

/** Errors that keep a rule set from being run. */
export function fatalDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity, code }) => severity === 'error' && !SURVIVABLE.has(code));
}

/** Checks rules and throws `RulesetError` when they have errors. */
export function loadRuleset(
  sources: RuleSource | readonly RuleSource[],
  options: LoadRulesOptions = {},
): Ruleset {
  const { ruleset, diagnostics } = checkRuleset(sources, options);
  if (fatalDiagnostics(diagnostics).length > 0) {
    throw new RulesetError(diagnostics.filter(({ severity }) => severity === 'error'));
  }
  return ruleset;
}
