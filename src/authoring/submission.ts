// Checks Sec Rules before they are submitted as custom signatures: the one answer that the command line, the
// API and the console give. A function of texts and options; never throws because of what a text says.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { createLocator, formatPlace } from '../diagnostics/position.ts';
import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';
import { BEHAVIOURS, type Compatibility } from '../model/compatibility.ts';
import type { FileAccess } from '../model/files.ts';
import type { LibraryExtension } from '../ruleset/library.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import { type JudgedSubmission, judgeSubmission } from '../ruleset/submission/submission.ts';
import { createCheckContext } from '../waf/check-context.ts';
import type { RuleSource } from '../waf/load.ts';

export interface SubmissionOptions {
  /**
   * The rules that the signature is to join: their ids are taken, their lists and markers are there, and
   * their SecCompatibility holds. Default: none.
   */
  readonly loaded?: Ruleset;
  /** Id of the loaded rule that the signature is to replace: that one may be used again. */
  readonly replaces?: number;
  /**
   * Files that the rule may read. Default: none, so that a submission from elsewhere cannot ask what is on
   * this machine.
   */
  readonly files?: FileAccess;
  /** Whose ways to follow where engines differ; default: those of `loaded`, else our own. */
  readonly compatibility?: Compatibility;
  /** Operators, transformations and variables of the embedder's own. */
  readonly extension?: LibraryExtension;
}

const NO_FILES: FileAccess = Object.freeze({
  read: () => undefined,
  glob: () => [],
  resolve: (_from: string, path: string) => path,
});

/**
 * All that is wrong with a text that is to become a custom signature, in the order of the text. It may be
 * submitted when nothing in the list is an error; warnings are what a reviewer will ask about.
 *
 * @param source a byte string, as everywhere: read files and bodies as `latin1`.
 */
export function checkSubmission(
  source: RuleSource,
  options: SubmissionOptions = {},
): readonly Diagnostic[] {
  return judge(named(source, '<submission>'), options).diagnostics;
}

/** The same for several texts, one signature each, which must not share an id either. */
export function checkSubmissions(
  sources: readonly RuleSource[],
  options: SubmissionOptions = {},
): readonly Diagnostic[] {
  const locator = createLocator();
  const ids = new Map<number, Span>();
  return sources.flatMap((source, at) => {
    const { diagnostics, id } = judge(named(source, `<submission ${at + 1}>`), options);
    const first = id && ids.get(id.id);
    if (id === undefined) return diagnostics;
    if (first === undefined) {
      ids.set(id.id, id.span);
      return diagnostics;
    }
    const place = formatPlace(first.source, locator.position(first.source, first.start));
    const duplicate: Diagnostic = {
      severity: 'error',
      code: 'duplicate-id',
      message: `the id ${id.id} is that of another submission`,
      span: id.span,
      help: 'give every signature an id of its own',
      notes: [`first used at ${place}`],
    };
    return [...diagnostics, duplicate];
  });
}

function judge(source: Source, options: SubmissionOptions): JudgedSubmission {
  const { loaded, replaces, files, compatibility, extension } = options;
  const behaviour =
    compatibility === undefined
      ? (loaded?.settings.behaviour ?? BEHAVIOURS.portcullis)
      : BEHAVIOURS[compatibility];
  const context = createCheckContext([], { behaviour, files: files ?? NO_FILES, extension });
  return judgeSubmission(source, context, { loaded, replaces, readsFiles: files !== undefined });
}

function named(source: RuleSource, name: string): Source {
  return typeof source === 'string' ? { name, text: source } : source;
}
