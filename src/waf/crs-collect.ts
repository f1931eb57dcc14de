// Reads a release into memory from where it lies: an unpacked folder, Debian's package, or an archive.
//
// The promise: what comes back are regular files with safe relative names, within bounds, and nothing
// has been written. Judging the contents is for others.

import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findCrsRoot, resolveCrsDirectory, versionInRules } from './crs-directory.ts';
import { CrsError } from './crs-error.ts';
import { hasOddName, isReleaseFile } from './crs-releases.ts';
import { readTar, TarError } from './tar.ts';

export interface CollectedRelease {
  /** For people: the folder or archive it came from. */
  readonly from: string;
  readonly kind: 'folder' | 'archive';
  /** As the rules themselves say it. */
  readonly version: string | undefined;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** CRS's source archive is below 2 MiB and unpacks to about 10. */
export const MAX_ARCHIVE_BYTES: number = 32 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 192 * 1024 * 1024;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 5000;
const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 8;

/** Reads the folder or archive at `path`. */
export function collectFrom(path: string): CollectedRelease {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new CrsError(`${path} does not exist`);
  if (stats.isDirectory()) return collectFolder(path);
  if (!stats.isFile()) throw new CrsError(`${path} is neither a folder nor an archive`);
  if (stats.size > MAX_ARCHIVE_BYTES) throw new CrsError(`${path} is too large for a CRS release`);
  return collectArchive(path, readFileSync(path));
}

function collectFolder(directory: string): CollectedRelease {
  const root = findCrsRoot(directory);
  if (root === undefined) {
    throw new CrsError(`${directory} has no rules/ folder, so it is not a CRS release`);
  }
  // Where the setup lies elsewhere, as in Debian's package, the load file knows the place.
  const layout = resolveCrsDirectory(resolve(root));
  if (layout.kind === 'problem') throw new CrsError(layout.diagnostic.message);
  const files = new Map<string, Uint8Array>();
  let total = 0;
  const add = (path: string, file: string): void => {
    if (hasOddName(path)) throw new CrsError(oddName(path));
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) throw new CrsError(`${file} is not a regular file`);
    const { size } = stats;
    total += size;
    if (size > MAX_FILE_BYTES || total > MAX_TOTAL_BYTES || files.size >= MAX_FILES) {
      throw new CrsError(`${directory} is too large for a CRS release`);
    }
    if (files.has(path)) throw new CrsError(`${path} exists twice`);
    files.set(path, readFileSync(file));
  };
  for (const path of releaseFilesBelow(root)) add(path, join(root, path));
  for (const file of layout.files) {
    if (!relative(resolve(root), file).startsWith('..')) continue;
    const name = basename(file);
    add(layout.setup.includes(file) ? name : `rules/${name}`, file);
  }
  return collected(directory, 'folder', files);
}

/**
 * Paths of the release files below `root`, with those that would be release files but for their name.
 * Links to files are followed, as a load would follow them; whether a path can be read is not looked at.
 */
export function releaseFilesBelow(root: string): readonly string[] {
  const found: string[] = [];
  const visit = (path: string, depth: number): void => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      const isLink = lstatSync(join(root, path)).isSymbolicLink();
      if (depth >= MAX_DEPTH || (isLink && depth > 0)) return;
      for (const name of readdirSync(join(root, path))) visit(`${path}/${name}`, depth + 1);
    } else if (isReleaseFile(path) || hasOddName(path)) {
      if (found.length >= MAX_FILES) throw new CrsError(`${root} has too many files`);
      found.push(path);
    }
  };
  for (const name of readdirSync(root)) {
    if (name === 'rules' || name === 'plugins' || isReleaseFile(name)) visit(name, 0);
  }
  return found.sort();
}

function oddName(path: string): string {
  return `${JSON.stringify(path)} has a name that not every file system can hold; rename it`;
}

/** Reads a .tar.gz or .tar; its only top folder is left out of the names. */
export function collectArchive(from: string, bytes: Uint8Array): CollectedRelease {
  try {
    const entries = readTar(unpack(bytes), {
      maxEntries: MAX_ENTRIES,
      maxFileBytes: MAX_FILE_BYTES,
    });
    const top = topFolder(entries.map(({ path }) => path));
    const files = new Map<string, Uint8Array>();
    let total = 0;
    for (const { path: whole, kind, data } of entries) {
      const path = whole.slice(top.length);
      if (kind === 'directory' || !whole.startsWith(top)) continue;
      if (hasOddName(path)) throw new TarError(oddName(path));
      if (!isReleaseFile(path)) continue;
      if (kind !== 'file') throw new TarError(`${path} is not a regular file`);
      if (files.has(path)) throw new TarError(`${path} is in the archive twice`);
      total += data.length;
      if (total > MAX_TOTAL_BYTES || files.size >= MAX_FILES) {
        throw new TarError('it is too large for a CRS release');
      }
      files.set(path, data);
    }
    return collected(from, 'archive', files);
  } catch (error) {
    if (error instanceof TarError) throw new CrsError(`${from} is refused: ${error.message}`);
    throw error;
  }
}

function unpack(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new TarError('it is a zip archive; take the .tar.gz of the release');
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new TarError(
      tooLarge ? 'it is too large for a CRS release' : 'its compression is damaged',
    );
  }
}

/** `coreruleset-4.28.0/`, or nothing when `rules/` stands at the top. */
function topFolder(paths: readonly string[]): string {
  if (paths.some((path) => path.startsWith('rules/'))) return '';
  const tops = new Set(paths.flatMap((path) => /^([^/]+\/)rules\/./.exec(path)?.[1] ?? []));
  const [top] = tops;
  if (top === undefined || tops.size > 1) {
    throw new TarError('it has no rules/ folder at its top, so it is not a CRS release');
  }
  return top;
}

function collected(
  from: string,
  kind: CollectedRelease['kind'],
  files: ReadonlyMap<string, Uint8Array>,
): CollectedRelease {
  const has = (test: (path: string) => boolean): boolean => [...files.keys()].some(test);
  if (!has((path) => /^rules\/[^/]+\.conf$/.test(path))) {
    throw new CrsError(`${from} has no rule files, so it is not a CRS release`);
  }
  if (!has((path) => /^crs-setup\.conf(?:\.example)?$/.test(path))) {
    throw new CrsError(
      `${from} has no crs-setup.conf.example; CRS refuses every request without it`,
    );
  }
  const text = (path: string): string =>
    Buffer.from(files.get(path) ?? new Uint8Array(0)).toString('latin1');
  return { from, kind, version: versionInRules(text), files };
}
