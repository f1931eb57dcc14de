// What is installed, and whether it is still what it was.
//
// The promise: a known release is held against its published digests and nothing else; any other one
// against the note made when it was installed; and the answer says which of the two it was.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { releaseFilesBelow } from './crs-collect.ts';
import { compareVersions, crsHome, type Environment, installedCrsVersions } from './crs-home.ts';
import { readManifest } from './crs-manifest.ts';
import {
  type CrsRelease,
  compareDigests,
  type DigestChange,
  type Digests,
  digestOf,
  isLocalFile,
  knownReleases,
} from './crs-releases.ts';

export interface CrsCheck {
  readonly version: string;
  readonly directory: string;
  /** What the files were held against; `nothing` when there are no digests. */
  readonly against: 'release' | 'manifest' | 'nothing';
  readonly intact: boolean;
  readonly changes: readonly DigestChange[];
  /** Files of the administrator, which are not judged. */
  readonly local: readonly string[];
}

export interface CrsListing {
  readonly home: string;
  /** What `--crs default` loads: the newest installed release, or the starter rules. */
  readonly default: string;
  readonly releases: readonly ListedCrs[];
}

export interface ListedCrs {
  readonly version: string;
  /** Its digests are known. */
  readonly known: boolean;
  /** Where a known release comes from, or what an installed one was installed from. */
  readonly source: string | undefined;
  readonly installed: CrsCheck | undefined;
}

/** Holds the installation of `version` against its digests; undefined when it is not installed. */
export function verifyCrs(
  version: string,
  environment?: Environment,
  known: readonly CrsRelease[] = knownReleases(),
): CrsCheck | undefined {
  if (!installedCrsVersions(environment).includes(version)) return undefined;
  const directory = join(crsHome(environment), version);
  const paths = releaseFilesBelow(directory);
  const local = paths.filter(isLocalFile);
  const expected = known.find((release) => release.version === version)?.files;
  const noted = expected === undefined ? readManifest(directory)?.files : undefined;
  const against = expected !== undefined ? 'release' : noted !== undefined ? 'manifest' : 'nothing';
  const digests = expected ?? noted;
  const changes = digests === undefined ? [] : compareDigests(digests, digestsOn(directory, paths));
  const intact = against !== 'nothing' && changes.length === 0;
  return { version, directory, against, intact, changes, local };
}

/** Known and installed releases, newest first. */
export function listCrs(
  environment?: Environment,
  known: readonly CrsRelease[] = knownReleases(),
): CrsListing {
  const installed = installedCrsVersions(environment);
  const home = crsHome(environment);
  const versions = [...new Set([...known.map(({ version }) => version), ...installed])];
  return {
    home,
    default: installed[0] ?? 'starter',
    releases: versions
      .sort((a, b) => compareVersions(b, a))
      .map((version) => {
        const release = known.find((one) => one.version === version);
        return {
          version,
          known: release !== undefined,
          source: release?.source ?? readManifest(join(home, version))?.from,
          installed: verifyCrs(version, environment, known),
        };
      }),
  };
}

function digestsOn(directory: string, paths: readonly string[]): Digests {
  return Object.fromEntries(
    paths.map((path) => {
      const file = join(directory, path);
      try {
        // Reading a pipe would wait for ever.
        const isFile = statSync(file).isFile();
        return [path, isFile ? digestOf(readFileSync(file)) : 'not a file'];
      } catch {
        return [path, 'not readable'];
      }
    }),
  );
}
