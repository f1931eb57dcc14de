// The revisions of a policy: one JSON file for each, numbered, never changed.
//
// A number is taken by making its file, which only one process can. So two that change a policy at the same
// time cannot both be the next one, without a lock that could be left behind.

import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText, encodeText } from '../policy/edit/text.ts';
import { syncFolder, writeDurably } from './policy-book-files.ts';

/** One file before and after; null: it was not there. Byte strings. */
export interface RevisedFile {
  /** Relative to the folder of the document. */
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * `found`: the first one, the document as it was. `by-hand`: a change that somebody made without the
 * commands, noticed later.
 */
export type RevisionKind = 'found' | 'by-hand' | 'change' | 'rollback';

export interface Revision {
  /** From 1. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Undefined: unknown, as for changes by hand. */
  readonly who: string | undefined;
  readonly kind: RevisionKind;
  /** `disable signatures/no debug`. */
  readonly what: string;
  /** Of somebody's own. */
  readonly message: string | undefined;
  readonly files: readonly RevisedFile[];
}

export interface RevisionStore {
  /** Rising. Revisions that cannot be read are an error: history has no holes. */
  readonly ids: () => readonly number[];
  readonly read: (id: number) => Revision;
  /** False when the number is taken. */
  readonly add: (revision: Revision) => boolean;
}

const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;
const FILE = /^(\d{6,})\.json$/;

const fileOf = (id: number): string => `${String(id).padStart(6, '0')}.json`;

/** Makes the folder at the first `add`. */
export function revisionStore(folder: string): RevisionStore {
  return {
    ids: () => {
      let names: readonly string[];
      try {
        names = readdirSync(folder);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
      return names
        .flatMap((name) => {
          const number = FILE.exec(name)?.[1];
          return number === undefined ? [] : [Number(number)];
        })
        .sort((a, b) => a - b);
    },
    read: (id) => parseRevision(id, readFileSync(join(folder, fileOf(id)), 'utf8')),
    add: (revision) => {
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
      const path = join(folder, fileOf(revision.id));
      const temporary = join(
        folder,
        `.${revision.id}.${process.pid}.${Date.now().toString(36)}.new`,
      );
      try {
        writeDurably(temporary, encodeText(written(revision)), FILE_MODE);
        linkSync(temporary, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      } finally {
        rmSync(temporary, { force: true });
      }
      syncFolder(folder);
      return true;
    },
  };
}

/** Texts as people read them; one that is no UTF-8 is kept byte by byte. */
type WrittenText = string | { readonly latin1: string } | null;

function writtenText(text: string | null): WrittenText {
  if (text === null) return null;
  return decodeText(text) ?? { latin1: text };
}

function readText(text: WrittenText): string | null {
  if (text === null) return null;
  return typeof text === 'string' ? encodeText(text) : text.latin1;
}

function written({ id, time, who, kind, what, message, files }: Revision): string {
  const record = {
    id,
    time: new Date(time).toISOString(),
    ...(who !== undefined && { who }),
    kind,
    what,
    ...(message !== undefined && { message }),
    files: files.map(({ name, before, after }) => ({
      name,
      before: writtenText(before),
      after: writtenText(after),
    })),
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

interface WrittenRevision {
  readonly time: string;
  readonly who?: string;
  readonly kind: RevisionKind;
  readonly what: string;
  readonly message?: string;
  readonly files: readonly {
    readonly name: string;
    readonly before: WrittenText;
    readonly after: WrittenText;
  }[];
}

function parseRevision(id: number, text: string): Revision {
  const { time, who, kind, what, message, files } = JSON.parse(text) as WrittenRevision;
  return {
    id,
    time: Date.parse(time),
    who,
    kind,
    what,
    message,
    files: files.map(({ name, before, after }) => ({
      name,
      before: readText(before),
      after: readText(after),
    })),
  };
}
