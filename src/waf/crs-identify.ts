// Which release is this? Holds collected files against the releases we know.
//
// The promise: a release that we know is taken with exactly the files it was published with or not at
// all, and one that we do not know is never called verified.

import type { CollectedRelease } from './crs-collect.ts';
import { CrsError } from './crs-error.ts';
import { isCrsVersion } from './crs-home.ts';
import {
  type CrsRelease,
  compareDigests,
  type DigestChange,
  digestsOf,
  isLocalFile,
} from './crs-releases.ts';

export interface IdentifiedRelease {
  readonly version: string;
  /** Undefined when nobody told us its digests. */
  readonly release: CrsRelease | undefined;
  /** What to install. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** For people, a sentence each. */
  readonly warnings: readonly string[];
}

// Enough to see what is wrong; a foreign release would differ in every file.
const MAX_NAMED_CHANGES = 100;

/** Throws CrsError, naming each file, when the files are not those of the release they claim to be. */
export function identifyRelease(
  collected: CollectedRelease,
  wanted: string | undefined,
  known: readonly CrsRelease[],
): IdentifiedRelease {
  const stated = collected.version;
  if (wanted !== undefined && stated !== undefined && !isRevisionOf(wanted, stated)) {
    throw new CrsError(`${collected.from} holds CRS ${stated}, not ${wanted}`);
  }
  const digests = digestsOf(collected.files);
  const exact = known.find(({ version }) => version === (wanted ?? stated));
  if (exact !== undefined) {
    const changes = compareDigests(exact.files, digests);
    if (changes.length > 0) throw new CrsError(describeMismatch(exact, collected, changes));
    return verified(exact, collected);
  }
  // Packages keep the number of the release they are made from, so a folder cannot tell us which it is.
  const revisions =
    stated === undefined ? [] : known.filter(({ version }) => isRevisionOf(version, stated));
  if (wanted === undefined) {
    const match = revisions.find(({ files }) => compareDigests(files, digests).length === 0);
    if (match !== undefined) return verified(match, collected);
  }
  const version = wanted ?? stated;
  if (version === undefined || !isCrsVersion(version)) {
    throw new CrsError(
      `${collected.from} does not say which version it is; name it: portcullis crs install VERSION --from ...`,
    );
  }
  const near = revisions.map((revision) => revision.version);
  const warning = `digests unknown: nobody told us those of CRS ${version}, so its files are not verified`;
  return {
    version,
    release: undefined,
    files: collected.files,
    warnings: [near.length > 0 ? `${warning} (they are not those of ${near.join(', ')})` : warning],
  };
}

/** `3.3.4-1+deb12u3` is a revision of `3.3.4`, and every version is one of itself. */
function isRevisionOf(version: string, base: string): boolean {
  return version === base || version.startsWith(`${base}-`);
}

/**
 * Digests do not cover local files. From somebody's folder they are wanted; from an archive, where
 * they might come from anyone, they stay behind.
 */
function verified(release: CrsRelease, collected: CollectedRelease): IdentifiedRelease {
  const local = [...collected.files.keys()].filter(isLocalFile);
  const base = { version: release.version, release };
  if (local.length === 0) return { ...base, files: collected.files, warnings: [] };
  if (collected.kind === 'folder') {
    return {
      ...base,
      files: collected.files,
      warnings: [`installed without a digest to verify them: ${local.join(', ')}`],
    };
  }
  const files = new Map([...collected.files].filter(([path]) => !isLocalFile(path)));
  return {
    ...base,
    files,
    warnings: [`left out, because no digest covers them: ${local.join(', ')}`],
  };
}

function describeMismatch(
  release: CrsRelease,
  collected: CollectedRelease,
  changes: readonly DigestChange[],
): string {
  const says: Readonly<Record<DigestChange['change'], string>> = {
    changed: 'differs from the release',
    missing: 'is missing',
    added: 'is not part of the release',
  };
  const lines = changes
    .slice(0, MAX_NAMED_CHANGES)
    .map(({ path, change }) => `  ${path}: ${says[change]}`);
  if (changes.length > MAX_NAMED_CHANGES) {
    lines.push(`  and ${changes.length - MAX_NAMED_CHANGES} more`);
  }
  return [
    `${collected.from} is not CRS ${release.version} as it was published; nothing is installed`,
    ...lines,
  ].join('\n');
}
