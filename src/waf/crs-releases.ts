// Releases that we know, and digests: what a rule set is held against.
//
// The promise: a digest list is either complete and well-formed or an error, and a comparison names
// every file that differs. Which files count is decided here, once, for install, list and verify.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packagedCrsFile } from './crs-directory.ts';
import { CrsError } from './crs-error.ts';
import { compareVersions, isCrsVersion } from './crs-home.ts';

/** Path below the release's folder -> SHA-256 in lower-case hex. */
export type Digests = Readonly<Record<string, string>>;

export interface CrsRelease {
  readonly version: string;
  /** An https address of a .tar.gz, or `debian` for the package modsecurity-crs. */
  readonly source: string;
  readonly files: Digests;
}

export interface DigestChange {
  readonly path: string;
  readonly change: 'changed' | 'missing' | 'added';
}

const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Files that belong to the administrator, by CRS's own documentation: they are made or edited after
 * unpacking. A release's digests say nothing about them.
 */
const LOCAL = new Set([
  'crs-setup.conf',
  'rules/REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf',
  'rules/RESPONSE-999-EXCLUSION-RULES-AFTER-CRS.conf',
]);

export function isLocalFile(path: string): boolean {
  return LOCAL.has(path) || path.startsWith('plugins/');
}

// Printable ASCII without blank and backslash is the same name on every file system.
const PLAIN_NAME = /^[!-[\]-~]+$/;

function isHidden(path: string): boolean {
  return /(?:^|\/)\./.test(path);
}

/** True for a file that would belong to the rules but for its name. Leaving it out would weaken them. */
export function hasOddName(path: string): boolean {
  return /^(?:rules|plugins)\//.test(path) && !isHidden(path) && !PLAIN_NAME.test(path);
}

/** True for what an installation consists of; everything else in a release is left behind. */
export function isReleaseFile(path: string): boolean {
  if (!PLAIN_NAME.test(path) || isHidden(path)) return false;
  return (
    path === 'LICENSE' ||
    path === 'crs-setup.conf' ||
    path === 'crs-setup.conf.example' ||
    /^(?:rules|plugins)\/./.test(path)
  );
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function digestsOf(files: ReadonlyMap<string, Uint8Array>): Digests {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([path, bytes]) => [path, digestOf(bytes)]));
}

/**
 * How `found` differs from what a release or an installation had. Local files are not compared, nor
 * is a licence text that the list does not name.
 */
export function compareDigests(expected: Digests, found: Digests): readonly DigestChange[] {
  const paths = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return paths.flatMap((path): readonly DigestChange[] => {
    const [before, now] = [expected[path], found[path]];
    if (before === now || isLocalFile(path)) return [];
    if (now === undefined) return [{ path, change: 'missing' }];
    if (before !== undefined) return [{ path, change: 'changed' }];
    return path === 'LICENSE' ? [] : [{ path, change: 'added' }];
  });
}

/** Checks a list that came from a file. */
export function isDigests(value: unknown): value is Digests {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(
      ([path, digest]) => isReleaseFile(path) && typeof digest === 'string' && DIGEST.test(digest),
    )
  );
}

/** The releases we know, newest first. `file` is another list of the same form, for tests. */
export function knownReleases(
  file: string = packagedCrsFile('releases.json'),
): readonly CrsRelease[] {
  const damaged = new CrsError(`${file} is damaged; install Portcullis again`);
  let document: { readonly releases?: unknown };
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw damaged;
  }
  if (!Array.isArray(document?.releases) || !document.releases.every(isRelease)) throw damaged;
  return [...document.releases].sort((a, b) => compareVersions(b.version, a.version));
}

function isRelease(value: unknown): value is CrsRelease {
  const { version, source, files } = (value ?? {}) as Partial<Record<keyof CrsRelease, unknown>>;
  return (
    typeof version === 'string' &&
    isCrsVersion(version) &&
    typeof source === 'string' &&
    (source === 'debian' || source.startsWith('https://')) &&
    isDigests(files)
  );
}
