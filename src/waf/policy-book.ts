// A policy document with its history: changes that are checked as a whole before they are written, and
// revisions that can be listed, compared and gone back to.
//
// Promises: a change that would leave the document with errors changes nothing, on disk or in force. What
// somebody changed by hand is noticed at the next change and becomes a revision of its own, so that no text
// is ever lost. Of two who change the document at once, one is told to look again.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { encodeHex } from '../base/hex.ts';
import { sha256 } from '../base/sha256.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PolicyText } from '../policy/document/positions.ts';
import { type ChangedPolicy, changePolicy, type PolicyChange } from '../policy/edit/change.ts';
import { EditError } from '../policy/edit/edit-error.ts';
import { changesSince, type DocumentState, stateAfter, textsOf } from '../policy/edit/history.ts';
import { type WrittenRule, writtenRules } from '../policy/edit/rules.ts';
import { unifiedDiff } from '../policy/edit/unified-diff.ts';
import { checkPolicy, type Policy, type PolicyOptions } from './policy.ts';
import { isStaged, readPolicyTexts, stageFiles } from './policy-book-files.ts';
import { type Revision, type RevisionStore, revisionStore } from './policy-book-revisions.ts';

export interface PolicyBookOptions {
  /** Where revisions are kept; default: `.portcullis/revisions` beside the first file. */
  readonly revisions?: string | undefined;
  /** What a policy is checked and loaded with. */
  readonly policy?: PolicyOptions | undefined;
  /** Milliseconds since the epoch; default Date.now. */
  readonly clock?: (() => number) | undefined;
}

/** Who changes, and on what grounds. */
export interface ChangeBy {
  readonly who?: string | undefined;
  readonly message?: string | undefined;
  /** The version that the change was thought out for; another one in its place refuses the change. */
  readonly version?: string | undefined;
  /** Nothing is written. */
  readonly dryRun?: boolean | undefined;
}

export interface BookChange {
  /** Undefined when nothing had to be changed, and for dry runs. */
  readonly revision: number | undefined;
  readonly summary: string;
  /** `SECTION/NAME` of the rule; undefined for a rollback. */
  readonly rule: string | undefined;
  readonly diff: string;
  /** Of the document as it is now. */
  readonly version: string;
  /** What has to be put in force. */
  readonly policy: Policy;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface PolicyBook {
  readonly texts: () => readonly PolicyText[];
  /** Of the texts: changes with every byte. */
  readonly version: () => string;
  readonly rules: () => readonly WrittenRule[];
  /** Throws `EditError`, also when the file system refuses. */
  readonly change: (change: PolicyChange, by?: ChangeBy) => BookChange;
  /** The newest first; at most `limit`, those below the number `before`. */
  readonly revisions: (limit?: number, before?: number) => readonly Revision[];
  /** What the document was changed by from revision `from` to `to`; default: to what is on disk. */
  readonly diff: (from: number, to?: number) => string;
  /** Makes the document what it was after the revision. That is a revision too. */
  readonly rollback: (revision: number, by?: ChangeBy) => BookChange;
}

const NOTHING: DocumentState = new Map();
const REVISIONS = join('.portcullis', 'revisions');
/** Between taking a number and writing the files another process may look, on another machine too. */
const IN_FLIGHT_MS = 2000;
/** What a process has staged counts for so long: after a crash another may have its number. */
const STAGED_MS = 60_000;

export function versionOf(texts: readonly PolicyText[]): string {
  const parts = texts.map(({ text }) => `${text.length}:${text}`);
  return encodeHex(sha256(parts.join(''))).slice(0, 32);
}

/** `paths` name files, and folders of files. Throws the file system's errors when they cannot be read. */
export function openPolicyBook(
  paths: readonly string[],
  options: PolicyBookOptions = {},
): PolicyBook {
  const first = readPolicyTexts(paths)[0]?.name;
  if (first === undefined)
    throw new EditError('unreadable-document', 'there is no policy document');
  const base = dirname(first);
  const { clock = Date.now } = options;
  const store = revisionStore(options.revisions ?? join(base, REVISIONS));
  const shortName = (path: string): string => relative(base, path);
  // Paths stay as they were given, so that messages name what somebody has typed.
  const longName = (name: string): string =>
    isAbsolute(name) || base === '.' ? name : join(base, name);
  const texts = (): readonly PolicyText[] => readPolicyTexts(paths);
  const named = (all: readonly PolicyText[]): readonly PolicyText[] =>
    all.map(({ name, text }) => ({ name: shortName(name), text }));

  // Revisions never change, so what has been read of them is not read again.
  let known: { readonly last: Revision; readonly state: DocumentState } | undefined;
  const latest = (): typeof known => {
    const seen = known?.last.id ?? 0;
    for (const id of store.ids().filter((one) => one > seen)) {
      const last = store.read(id);
      known = { last, state: stateAfter([last], known?.state) };
    }
    return known;
  };
  /** The revision has its number, and its files still wait for their names. */
  const isInFlight = ({ kind, time, files }: Revision, now: readonly PolicyText[]): boolean => {
    if (kind === 'found' || kind === 'by-hand') return false;
    const found = new Map(now.map(({ name, text }) => [name, text]));
    const waiting = files.filter(({ name, before }) => (found.get(name) ?? null) === before);
    if (waiting.length === 0) return false;
    const ageMs = clock() - time;
    if (ageMs <= IN_FLIGHT_MS) return true;
    return ageMs <= STAGED_MS && waiting.some(({ name }) => isStaged(longName(name)));
  };
  /** Somebody who opened the policy with fewer files has not taken the others away. */
  const isElsewhere = (name: string): boolean => existsSync(longName(name));

  /** What is on disk and in no revision yet becomes one. Answers the last number. */
  const catchUp = (now: readonly PolicyText[]): number => {
    const { last, state = NOTHING } = latest() ?? {};
    const files = changesSince(state, now).filter(
      ({ name, after }) => after !== null || !isElsewhere(name),
    );
    if (last !== undefined && files.length === 0) return last.id;
    // Read once more, behind the revisions: whoever has read the document before another changed it must not
    // take the old text for a change by hand.
    if (versionOf(named(texts())) !== versionOf(now)) throw changedMeanwhile();
    if (last !== undefined && isInFlight(last, now)) throw changedMeanwhile();
    const revision: Revision = {
      id: (last?.id ?? 0) + 1,
      time: clock(),
      who: undefined,
      kind: last === undefined ? 'found' : 'by-hand',
      what: last === undefined ? 'the document as it was' : `by hand: ${fileNames(files)}`,
      message: undefined,
      files,
    };
    add(store, revision);
    return revision.id;
  };

  const commit = (
    before: readonly PolicyText[],
    after: readonly PolicyText[],
    told: Pick<Revision, 'kind' | 'what'> & { readonly rule: string | undefined },
    { who, message, dryRun }: ChangeBy,
  ): BookChange => {
    const { policy, diagnostics } = checkPolicy(after, options.policy);
    if (policy === undefined) {
      throw new EditError(
        'invalid-document',
        `${told.what} would leave the document with errors; nothing was changed`,
        { diagnostics: diagnostics.filter(({ severity }) => severity === 'error') },
      );
    }
    const files = changesSince(
      new Map(named(before).map(({ name, text }) => [name, text])),
      named(after),
    );
    const result = {
      summary: told.what,
      rule: told.rule,
      diff: unifiedDiff(named(before), named(after)),
      version: versionOf(after),
      policy,
      diagnostics,
    };
    if (dryRun === true || files.length === 0) return { ...result, revision: undefined };
    return writing(() => {
      const id = catchUp(named(before)) + 1;
      const changed = after.filter(({ name }) =>
        files.some((file) => file.name === shortName(name)),
      );
      const staged = stageFiles(changed);
      try {
        if (versionOf(texts()) !== versionOf(before)) throw changedMeanwhile();
        const { kind, what } = told;
        add(store, { id, time: clock(), who, kind, what, message, files });
        // Whoever was held up here for so long that another went on has lost; the other's history says so.
        if (store.ids().at(-1) !== id) throw changedMeanwhile();
      } catch (error) {
        staged.discard();
        throw error;
      }
      staged.commit();
      return { ...result, revision: id };
    });
  };

  const current = ({ version }: ChangeBy): readonly PolicyText[] => {
    const now = texts();
    if (version !== undefined && version !== versionOf(now)) throw changedMeanwhile();
    return now;
  };

  const stateAt = (id: number): DocumentState => {
    const ids = store.ids();
    if (!ids.includes(id)) {
      const last = ids.at(-1);
      throw new EditError('unknown-revision', `there is no revision ${id}`, {
        help: last === undefined ? 'nothing has been changed yet' : `the last one is ${last}`,
      });
    }
    let state: DocumentState = NOTHING;
    for (const one of ids) if (one <= id) state = stateAfter([store.read(one)], state);
    return state;
  };

  return {
    texts,
    version: () => versionOf(texts()),
    rules: () => writtenRules(texts()),
    change: (change, by = {}) => {
      const before = current(by);
      const { texts: after, summary, rule }: ChangedPolicy = changePolicy(before, change);
      return commit(before, after, { kind: 'change', what: summary, rule }, by);
    },
    revisions: (limit = Number.POSITIVE_INFINITY, older = Number.POSITIVE_INFINITY) =>
      store
        .ids()
        .filter((id) => id < older)
        .toReversed()
        .slice(0, limit)
        .map((id) => store.read(id)),
    diff: (from, to) => {
      const after = to === undefined ? named(texts()) : textsOf(stateAt(to));
      return unifiedDiff(textsOf(stateAt(from)), after, {
        before: `revision ${from}`,
        after: to === undefined ? 'now' : `revision ${to}`,
      });
    },
    rollback: (revision, by = {}) => {
      const before = current(by);
      const state = stateAt(revision);
      const ours = before.map(({ name }) => shortName(name));
      const gone = [...state.keys()].filter((name) => !isElsewhere(name));
      const names = new Set([...ours, ...gone]);
      const after = [...names].flatMap((name): readonly PolicyText[] => {
        const now = before.find((text) => shortName(text.name) === name);
        const then = state.get(name) ?? null;
        // A file that was not there is emptied: whoever named it still finds it.
        if (now !== undefined) return [{ name: now.name, text: then ?? '' }];
        return then === null ? [] : [{ name: longName(name), text: then }];
      });
      const what = `roll back to revision ${revision}`;
      return commit(before, after, { kind: 'rollback', what, rule: undefined }, by);
    },
  };
}

function add(store: RevisionStore, revision: Revision): void {
  if (!store.add(revision)) throw changedMeanwhile();
}

function fileNames(files: readonly { readonly name: string }[]): string {
  return files.map(({ name }) => name).join(', ');
}

function changedMeanwhile(): EditError {
  return new EditError('conflict', 'the document has been changed meanwhile; nothing was changed', {
    help: 'look at it as it is now, and try again',
  });
}

function writing<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof EditError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new EditError('write-failed', `the document could not be written: ${text}`);
  }
}
