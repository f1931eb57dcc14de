// The engines that `bench` can measure beside ours.
//
// A peer gets the same records and the same rules. What it cannot load of our own settings is left out, and
// it writes no audit log, because ours writes none here either.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExchangeRecord } from '../model/exchange.ts';
import type { KnownDifference } from './bench-agreement.ts';
import { buildPeer, type NativePeer } from './bench-peer-build.ts';
import { writeRecords } from './bench-peer-files.ts';
import { startPeer } from './bench-peer-process.ts';
import { type PeerRules, writePeerRules } from './bench-peer-rules.ts';
import type { BenchSubject } from './bench-subject.ts';
import { FailureError } from './output.ts';
import { type RulesOptions, ruleSources } from './rules-options.ts';

const PEERS_FOLDER = fileURLToPath(new URL('../../bench/peers/', import.meta.url));

interface PeerDefinition extends NativePeer, PeerRules {}

const PEERS: Readonly<Record<string, PeerDefinition>> = Object.freeze({
  libmodsecurity: Object.freeze({
    name: 'libmodsecurity',
    source: join(PEERS_FOLDER, 'libmodsecurity.cc'),
    library: 'modsecurity',
    packages: ['libmodsecurity-dev', 'pkg-config', 'g++'],
    // It uses a variable of our own.
    foreignRules: [200008],
    // Behind it no response is inspected, whatever types are listed later; before the first there are none to clear.
    foreignSettings: ['secresponsebodymimetypesclear'],
    settings: 'SecAuditEngine Off\n',
  }),
});

export const PEER_NAMES: readonly string[] = Object.keys(PEERS);

/** The differences of `name` whose reason is known, from bench/peers/differences.json. */
export function knownDifferences(name: string): readonly KnownDifference[] {
  const path = join(PEERS_FOLDER, 'differences.json');
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new FailureError(`${path}: ${(error as Error).message}`);
  }
  return (document as Readonly<Record<string, readonly KnownDifference[]>>)[name] ?? [];
}

/** Builds and starts a peer. Throws `FailureError` when it is not installed or refuses the rules. */
export async function startNamedPeer(
  name: string,
  options: RulesOptions,
  records: readonly ExchangeRecord[],
): Promise<BenchSubject> {
  const peer = PEERS[name] as PeerDefinition;
  const command = await buildPeer(peer);
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  try {
    const engine = options.engine === undefined ? '' : `SecRuleEngine ${options.engine}\n`;
    const rules = writePeerRules(folder, ruleSources(options).sources, {
      ...peer,
      settings: engine + peer.settings,
    });
    const recordsFile = join(folder, 'records');
    writeRecords(recordsFile, records);
    return await startPeer({ name, command, args: [rules, recordsFile], records: records.length });
  } finally {
    // The driver has read them before it says that it is ready.
    rmSync(folder, { recursive: true });
  }
}
