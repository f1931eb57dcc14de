// The options of the admin API of `serve`, and its token, which is never an argument: others could see it.

import { readFileSync } from 'node:fs';
import { MIN_TOKEN_CHARS } from '../adapters/admin/admin-token.ts';
import { isLoopback } from '../adapters/admin/loopback.ts';
import type { ListenAddress } from '../adapters/http1/server.ts';
import { UsageError } from './output.ts';

export interface AdminOptions {
  readonly admin?: string;
  readonly adminTokenFile?: string;
  readonly adminRemote?: boolean;
  readonly revisions?: string;
}

const TOKEN_VARIABLE = 'PORTCULLIS_ADMIN_TOKEN';

/** What is wrong with the options of the API. */
export function adminProblems(
  options: AdminOptions,
  address: ListenAddress | undefined,
  workers: number,
): readonly string[] {
  const { admin, adminTokenFile, adminRemote, revisions } = options;
  if (admin === undefined) {
    const needs = [
      adminTokenFile !== undefined && '--admin-token-file',
      adminRemote === true && '--admin-remote',
      revisions !== undefined && '--revisions',
    ].filter((option) => option !== false);
    return needs.map((option) => `${option} needs --admin`);
  }
  const problems: string[] = [];
  if (address !== undefined && !isLoopback(address.host) && adminRemote !== true) {
    problems.push(
      `--admin "${admin}" can be reached from other machines, without TLS; give --admin-remote if that is meant`,
    );
  }
  // Events, counters and state in memory are each worker's own.
  if (workers > 1) problems.push('--admin needs --workers 1');
  return problems;
}

/** From the file or the environment. Throws `UsageError` when there is none that is long enough. */
export function adminToken({ adminTokenFile }: AdminOptions): string {
  let token: string | undefined;
  if (adminTokenFile === undefined) token = process.env[TOKEN_VARIABLE];
  else {
    try {
      token = readFileSync(adminTokenFile, 'utf8').trim();
    } catch {
      throw new UsageError(`cannot read the token file ${adminTokenFile}`);
    }
  }
  if (token === undefined) {
    throw new UsageError(
      `--admin needs a token: give --admin-token-file, or set ${TOKEN_VARIABLE} in the environment`,
    );
  }
  if (token.length < MIN_TOKEN_CHARS || /\s/.test(token)) {
    throw new UsageError(
      `the token of --admin has to be ${MIN_TOKEN_CHARS} characters or more, without blanks; "openssl rand -hex 32" makes one`,
    );
  }
  return token;
}
