// Builds the driver of a native peer with what Debian installs, once per source and library version.
//
// Binaries are kept in the user's cache folder under a name that holds a digest of all that went into them.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FailureError } from './output.ts';

const execute = promisify(execFile);

export interface NativePeer {
  readonly name: string;
  /** The driver's source. */
  readonly source: string;
  /** What pkg-config calls the library. */
  readonly library: string;
  /** Debian packages that bring compiler and library. */
  readonly packages: readonly string[];
}

async function ask(peer: NativePeer, command: string, args: readonly string[]): Promise<string> {
  try {
    return (await execute(command, [...args])).stdout.trim();
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string };
    const reason = code === 'ENOENT' ? `${command} is missing` : stderr.trim().slice(0, 4000);
    throw new FailureError(
      `cannot build the driver for ${peer.name}: ${reason}\n  help: apt-get install ${peer.packages.join(' ')}`,
    );
  }
}

function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'portcullis', 'peers');
}

function readDriver(peer: NativePeer): Buffer {
  try {
    return readFileSync(peer.source);
  } catch {
    throw new FailureError(`${peer.source} is missing; peers need the project's source tree`);
  }
}

/** The path of the driver, built if need be. Throws `FailureError` that says what to install. */
export async function buildPeer(peer: NativePeer): Promise<string> {
  const source = readDriver(peer);
  const compiler = process.env['CXX'] ?? 'g++';
  const version = await ask(peer, 'pkg-config', ['--modversion', peer.library]);
  const flags = await ask(peer, 'pkg-config', ['--cflags', '--libs', peer.library]);
  const compilerVersion = await ask(peer, compiler, ['-dumpfullversion']);
  const key = [version, flags, compiler, compilerVersion].join('\n');
  const digest = createHash('sha256').update(source).update(key).digest('hex').slice(0, 16);
  const folder = cacheFolder();
  const binary = join(folder, `${peer.name}-${version}-${digest}`);
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  // Into a name of its own, so that two runs at once do not start a half-written file.
  const building = `${binary}.${process.pid}`;
  await ask(peer, compiler, [
    '-O2',
    '-std=c++17',
    '-o',
    building,
    peer.source,
    ...flags.split(/\s+/).filter((flag) => flag !== ''),
  ]);
  renameSync(building, binary);
  return binary;
}
