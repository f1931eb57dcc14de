// The note that an installation keeps about itself: where it came from, and the digests it had.
//
// It answers "has this changed since?" for releases whose digests nobody published. It proves nothing
// about the release itself, and for known releases it is never asked instead of their digests.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCrsVersion } from './crs-home.ts';
import { type Digests, isDigests } from './crs-releases.ts';

export interface CrsManifest {
  readonly version: string;
  /** Folder, archive or address. */
  readonly from: string;
  /** True when the files were held against the digests of a known release. */
  readonly verified: boolean;
  /** ISO 8601. */
  readonly installedAt: string;
  readonly files: Digests;
}

export const MANIFEST_NAME = 'portcullis-manifest.json';

export function manifestText(manifest: CrsManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The manifest of the installation in `directory`; undefined when there is none that can be read. */
export function readManifest(directory: string): CrsManifest | undefined {
  let value: Partial<Record<keyof CrsManifest, unknown>> | null;
  try {
    value = JSON.parse(readFileSync(join(directory, MANIFEST_NAME), 'utf8'));
  } catch {
    return undefined;
  }
  const { version, from, verified, installedAt, files } = value ?? {};
  if (typeof version !== 'string' || !isCrsVersion(version) || !isDigests(files)) return undefined;
  return {
    version,
    from: typeof from === 'string' ? from : '',
    verified: verified === true,
    installedAt: typeof installedAt === 'string' ? installedAt : '',
    files,
  };
}
