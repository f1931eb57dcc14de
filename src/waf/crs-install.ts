// Puts a CRS release where `--crs` finds it.
//
// The promise: an installation is there completely or not at all. Files are judged in memory, written to
// a folder beside the place, and moved there in one step; a failure at any point leaves what was there.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type CollectedRelease,
  collectArchive,
  collectFrom,
  MAX_ARCHIVE_BYTES,
  releaseFilesBelow,
} from './crs-collect.ts';
import { DEBIAN_DIRECTORY } from './crs-directory.ts';
import { downloadArchive } from './crs-download.ts';
import { asCrsError, CrsError } from './crs-error.ts';
import { crsHome, type Environment } from './crs-home.ts';
import { identifyRelease } from './crs-identify.ts';
import { MANIFEST_NAME, manifestText } from './crs-manifest.ts';
import { type CrsRelease, digestsOf, isLocalFile, knownReleases } from './crs-releases.ts';

export interface InstallOptions {
  /** Default: what the rules say, or without `from` the newest release that has an address. */
  readonly version?: string | undefined;
  /** A folder or an archive; default: the address of the release. */
  readonly from?: string | undefined;
  /** Replaces an installation of the same version; its local files stay. */
  readonly force?: boolean | undefined;
  readonly environment?: Environment | undefined;
  /** Default: the releases that Portcullis knows. */
  readonly releases?: readonly CrsRelease[] | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface InstalledCrs {
  readonly version: string;
  readonly directory: string;
  /** True when all files of a known release match their digests. Local files have none. */
  readonly verified: boolean;
  readonly replaced: boolean;
  readonly files: number;
  /** Local files of the replaced installation that were taken over. */
  readonly kept: readonly string[];
  readonly warnings: readonly string[];
}

const DOWNLOAD_TIMEOUT_MS = 60_000;

/** Throws CrsError when the release is refused or cannot be had; then nothing is installed. */
export async function installCrs(options: InstallOptions = {}): Promise<InstalledCrs> {
  try {
    return await install(options);
  } catch (error) {
    throw asCrsError(error);
  }
}

async function install(options: InstallOptions): Promise<InstalledCrs> {
  const known = options.releases ?? knownReleases();
  const collected = await collect(options, known);
  const identified = identifyRelease(collected.release, collected.version, known);
  const { version } = identified;
  const directory = join(crsHome(options.environment), version);
  const replaced = existsSync(directory);
  if (replaced && options.force !== true) {
    throw new CrsError(`CRS ${version} is already installed in ${directory}; --force replaces it`);
  }
  const files = new Map(identified.files);
  const kept = replaced ? takeOver(directory, files) : [];
  const verified = identified.release !== undefined;
  const manifest = manifestText({
    version,
    from: collected.release.from,
    verified,
    installedAt: new Date().toISOString(),
    files: digestsOf(files),
  });
  place(directory, new Map([...files, [MANIFEST_NAME, Buffer.from(manifest)]]));
  const { warnings } = identified;
  return { version, directory, verified, replaced, files: files.size, kept, warnings };
}

interface Wanted {
  readonly release: CollectedRelease;
  readonly version: string | undefined;
}

async function collect(options: InstallOptions, known: readonly CrsRelease[]): Promise<Wanted> {
  const { version, from } = options;
  if (from !== undefined) return { release: collectFrom(from), version };
  const release =
    version === undefined
      ? known.find(({ source }) => source !== 'debian')
      : known.find((candidate) => candidate.version === version);
  if (release === undefined) {
    throw new CrsError(
      `CRS ${version ?? ''} is not among the releases we know (${known.map((one) => one.version).join(', ')}), so it is not fetched\n` +
        '  help: download it yourself, then: portcullis crs install --from FILE.tar.gz',
    );
  }
  if (release.source === 'debian') {
    if (!existsSync(DEBIAN_DIRECTORY)) {
      throw new CrsError(
        `CRS ${release.version} comes from Debian's package, which is not here\n` +
          '  help: apt-get install modsecurity-crs',
      );
    }
    return { release: collectFrom(DEBIAN_DIRECTORY), version: release.version };
  }
  const bytes = await downloadArchive(release.source, {
    maxBytes: MAX_ARCHIVE_BYTES,
    timeoutMs: options.timeoutMs ?? DOWNLOAD_TIMEOUT_MS,
    fetch: options.fetch,
  });
  return { release: collectArchive(release.source, bytes), version: release.version };
}

/** Adds local files that the new release does not bring: an administrator's work outlives a repair. */
function takeOver(directory: string, files: Map<string, Uint8Array>): readonly string[] {
  const kept = releaseFilesBelow(directory).filter((path) => isLocalFile(path) && !files.has(path));
  for (const path of kept) files.set(path, readFileSync(join(directory, path)));
  return kept;
}

function place(directory: string, files: ReadonlyMap<string, Uint8Array>): void {
  const mark = randomBytes(6).toString('hex');
  const home = dirname(directory);
  // Neither name is a version, so a half-done or replaced installation is never taken for one.
  const fresh = join(home, `.installing-${mark}`);
  const old = join(home, `.replaced-${mark}`);
  try {
    for (const [path, bytes] of files) {
      const file = join(fresh, path);
      mkdirSync(dirname(file), { recursive: true });
      // `wx`: on a file system that ignores case, two names may be one file.
      writeFileSync(file, bytes, { flag: 'wx' });
    }
    const replaces = existsSync(directory);
    if (replaces) renameSync(directory, old);
    try {
      renameSync(fresh, directory);
    } catch (error) {
      if (replaces) renameSync(old, directory);
      throw error;
    }
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CrsError(`cannot write ${directory} (${code ?? message}); nothing is installed`);
  }
  // The new release stands; what cannot be removed here is only litter.
  try {
    rmSync(old, { recursive: true, force: true });
  } catch {}
}
