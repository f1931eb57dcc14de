// Loads rule files with everything they include, as one sequence of directives in load order.
//
// Include is expanded in place. Each included file is a source of its own that remembers the directive
// that brought it in, so a diagnostic can show the whole way. Bounded in depth, number and size; never
// throws, unless the given `FileAccess` does.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../diagnostics/source.ts';
import type { FileAccess } from '../model/files.ts';
import { type Memo, NO_MEMO } from '../model/memo.ts';
import type { Directive, IncludeDirective } from './ast.ts';
import { parseRemembered } from './parse-remembered.ts';
import { createRecognisers, type Recognisers } from './recognisers.ts';
import { OWN_SYNTAX, type Syntax } from './syntax.ts';
import { quoted } from './wording.ts';

export interface LoadedDocuments {
  /** Without the Include directives themselves; each directive's span names its source. */
  readonly directives: readonly Directive[];
  /** Every source read, in load order: a file stands before the files it includes. */
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface LoadOptions {
  /** Files may include each other this deep; default 100. */
  readonly maximumDepth?: number;
  /** Files included in total; default 10,000. */
  readonly maximumFiles?: number;
  /** Bytes included in total; default 256 MiB. */
  readonly maximumBytes?: number;
  /** Default: our own. */
  readonly syntax?: Syntax | undefined;
  /** Where trees may be found again; default: nowhere. */
  readonly memo?: Memo | undefined;
}

/** A source that is being read: how far, and the files still to come of its last Include. */
interface Frame {
  readonly source: Source;
  readonly directives: readonly Directive[];
  next: number;
  pending: { readonly include: IncludeDirective; readonly paths: string[] } | undefined;
}

const PATTERN = /[*?[]/;

/** Reads the roots one after the other. Without `files`, every Include is reported as not found. */
export function loadDocuments(
  roots: readonly Source[],
  files: FileAccess = NO_FILES,
  options: LoadOptions = {},
): LoadedDocuments {
  const loader = new Loader(files, options);
  for (const root of roots) loader.load(root);
  const { directives, sources, diagnostics } = loader;
  return { directives, sources, diagnostics };
}

const NO_FILES: FileAccess = Object.freeze({
  read: () => undefined,
  glob: () => [],
  resolve: (_from: string, path: string) => path,
});

class Loader {
  readonly directives: Directive[] = [];
  readonly sources: Source[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #files: FileAccess;
  readonly #maximumDepth: number;
  readonly #syntax: Syntax;
  readonly #recognisers: Recognisers;
  readonly #memo: Memo;
  #filesLeft: number;
  #bytesLeft: number;
  readonly #frames: Frame[] = [];

  constructor(files: FileAccess, options: LoadOptions) {
    this.#files = files;
    this.#syntax = options.syntax ?? OWN_SYNTAX;
    this.#recognisers = createRecognisers(this.#syntax);
    this.#memo = options.memo ?? NO_MEMO;
    this.#maximumDepth = options.maximumDepth ?? 100;
    this.#filesLeft = options.maximumFiles ?? 10_000;
    this.#bytesLeft = options.maximumBytes ?? 256 * 1024 * 1024;
  }

  load(root: Source): void {
    this.#open(root);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      this.#step(frame);
    }
  }

  #step(frame: Frame): void {
    const path = frame.pending?.paths.pop();
    if (frame.pending !== undefined && path !== undefined) {
      this.#include(frame.pending.include, path);
      return;
    }
    const directive = frame.directives[frame.next++];
    if (directive === undefined) this.#frames.pop();
    else if (directive.type === 'include') frame.pending = this.#expand(directive, frame.source);
    else this.directives.push(directive);
  }

  #open(source: Source): void {
    const { document, diagnostics } = parseRemembered(
      source,
      this.#syntax,
      this.#recognisers,
      this.#memo,
    );
    this.sources.push(source);
    for (const diagnostic of diagnostics) this.diagnostics.push(diagnostic);
    this.#frames.push({ source, directives: document.directives, next: 0, pending: undefined });
  }

  /** The paths an Include stands for, the last one first. */
  #expand(include: IncludeDirective, from: Source): Frame['pending'] {
    const written = include.path.text;
    const resolved = this.#files.resolve(from.name, written);
    if (!PATTERN.test(written)) {
      const beside = resolved === written || this.#files.read(resolved) !== undefined;
      // Beside the including file first, then as given: both are in use among the engines.
      return { include, paths: [beside ? resolved : written] };
    }
    let found = this.#files.glob(resolved);
    if (found.length === 0 && resolved !== written) found = this.#files.glob(written);
    if (found.length === 0 && !include.optional && this.#syntax.emptyGlobs === 'refused') {
      this.#complain(include, 'include-no-match', `no file matches ${inQuotes(written)}`);
    }
    return { include, paths: [...found].reverse() };
  }

  #include(include: IncludeDirective, path: string): void {
    if (this.#frames.some((frame) => frame.source.name === path)) {
      this.#complain(include, 'include-cycle', `${inQuotes(path)} includes itself`);
      return;
    }
    if (this.#frames.length > this.#maximumDepth) {
      const message = `${inQuotes(path)} is included more than ${this.#maximumDepth} levels deep`;
      this.#complain(include, 'include-too-deep', message);
      return;
    }
    const text = this.#files.read(path);
    if (text === undefined) {
      if (include.optional) return;
      this.#complain(include, 'include-not-found', `${inQuotes(path)} cannot be read`);
      return;
    }
    this.#filesLeft--;
    this.#bytesLeft -= text.length;
    if (this.#filesLeft < 0 || this.#bytesLeft < 0) {
      this.#complain(include, 'too-many-includes', 'too many files are included');
      // Going on would only repeat this.
      this.#frames.length = 0;
      return;
    }
    this.#open({ name: path, text, includedFrom: include.span });
  }

  #complain(include: IncludeDirective, code: string, message: string): void {
    this.diagnostics.push({ severity: 'error', code, message, span: include.path.span });
  }
}

function inQuotes(path: string): string {
  return quoted(path, 0, path.length);
}
