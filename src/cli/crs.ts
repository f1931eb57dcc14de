// portcullis crs: installs rule set releases, lists them, and tells whether they are still what they were.

import { Command } from 'commander';
import { asCrsError, CrsError } from '../waf/crs-error.ts';
import { findInstalledVersion, installedCrsVersions, isCrsVersion } from '../waf/crs-home.ts';
import { installCrs } from '../waf/crs-install.ts';
import type { DigestChange } from '../waf/crs-releases.ts';
import { type CrsCheck, type ListedCrs, listCrs, verifyCrs } from '../waf/crs-verify.ts';
import { FailureError, processOutput, UsageError } from './output.ts';

interface InstallOptions {
  readonly from?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface JsonOption {
  readonly json?: boolean;
}

function versionArgument(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const version = text.replace(/^v/i, '');
  if (!isCrsVersion(version)) {
    throw new UsageError(`"${text}" is not a version of CRS; write it as 4.28.0`);
  }
  return version;
}

/** A refusal ends with status 1 and its message. */
async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = asCrsError(error);
    if (refusal instanceof CrsError) throw new FailureError(`portcullis: ${refusal.message}`);
    throw error;
  }
}

async function install(text: string | undefined, options: InstallOptions): Promise<void> {
  const output = processOutput();
  const version = versionArgument(text);
  const done = await refusing(() =>
    installCrs({ version, from: options.from, force: options.force }),
  );
  for (const warning of done.warnings) output.talk(`warning: ${warning}\n`);
  if (done.kept.length > 0) {
    output.talk(`kept from the installation before: ${done.kept.join(', ')}\n`);
  }
  if (options.json) output.data(`${JSON.stringify(done)}\n`);
  else {
    const state = done.verified ? 'digests of the release verified' : 'digests unknown';
    const files = `${done.files} file${done.files === 1 ? '' : 's'}`;
    output.data(`CRS ${done.version} is installed in ${done.directory} (${files}, ${state})\n`);
    output.talk(`use it with: --crs ${done.version}\n`);
  }
}

const AGAINST: Readonly<Record<CrsCheck['against'], string>> = {
  release: 'as published',
  manifest: 'unchanged since it was installed; digests unknown',
  nothing: 'cannot be verified: no digests',
};

function stateOf(check: CrsCheck): string {
  if (check.changes.length === 0) return AGAINST[check.against];
  const count = check.changes.length;
  return `${count} file${count === 1 ? '' : 's'} differ${count === 1 ? 's' : ''}`;
}

function changeLines(changes: readonly DigestChange[]): string {
  return changes.map(({ path, change }) => `  ${path}: ${change}\n`).join('');
}

function listLine(listed: ListedCrs, isDefault: boolean): string {
  const { version, installed, source } = listed;
  const state =
    installed === undefined ? `not installed (${source})` : `installed, ${stateOf(installed)}`;
  return `${isDefault ? '*' : ' '} ${version.padEnd(18)} ${state}\n`;
}

async function list(options: JsonOption): Promise<void> {
  const output = processOutput();
  const listing = await refusing(() => listCrs());
  if (options.json) {
    // A key that is always there is easier to ask for.
    const text = JSON.stringify(listing, (_, value: unknown) =>
      value === undefined ? null : value,
    );
    output.data(`${text}\n`);
    return;
  }
  for (const listed of listing.releases) {
    output.data(listLine(listed, listed.version === listing.default));
  }
  output.data(
    `${listing.default === 'starter' ? '*' : ' '} starter            comes with Portcullis\n`,
  );
  output.talk(`* is what --crs default loads; installed releases are in ${listing.home}\n`);
}

async function verify(text: string | undefined, options: JsonOption): Promise<void> {
  const output = processOutput();
  const wanted = versionArgument(text);
  const named = wanted === undefined ? undefined : findInstalledVersion(wanted);
  if (wanted !== undefined && named === undefined) {
    throw new FailureError(`portcullis: CRS ${wanted} is not installed`);
  }
  const versions = named === undefined ? installedCrsVersions() : [named];
  if (versions.length === 0) throw new FailureError('portcullis: no CRS release is installed');
  const checks = await refusing(() => versions.flatMap((version) => verifyCrs(version) ?? []));
  if (options.json) output.data(`${JSON.stringify({ releases: checks })}\n`);
  else {
    for (const check of checks) {
      output.data(`${check.version}: ${stateOf(check)}\n${changeLines(check.changes)}`);
      if (check.local.length > 0) output.talk(`  yours, not judged: ${check.local.join(', ')}\n`);
    }
  }
  if (checks.some(({ intact }) => !intact)) process.exitCode = 1;
}

export function crsCommand(): Command {
  const command = new Command('crs').description(
    'OWASP CRS releases: install, list and verify what --crs loads',
  );
  command
    .command('install')
    .description('put a release where --crs VERSION finds it, digests verified')
    .argument('[version]', 'default: what --from holds, or the newest release we know')
    .option('--from <path>', 'an unpacked release or its .tar.gz, instead of the network')
    .option('--force', 'replace an installation of the same version; files of your own stay')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
Nothing is installed when a file differs from the release. A release that Portcullis does not know is
installed with a warning, and later changes to it are still seen by "crs verify".

Exit status: 0 installed, 1 refused, 2 for a wrong command line.

Examples:
  portcullis crs install
  portcullis crs install 4.28.0 --from ./coreruleset-4.28.0.tar.gz
  portcullis crs install --from /usr/share/modsecurity-crs`,
    )
    .action(install);
  command
    .command('list')
    .description('known and installed releases')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  portcullis crs list
  portcullis crs list --json`,
    )
    .action(list);
  command
    .command('verify')
    .description('hold installed files against their digests')
    .argument('[version]', 'default: all that are installed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Exit status: 0 when nothing changed, 1 otherwise, 2 for a wrong command line.

Examples:
  portcullis crs verify
  portcullis crs verify 4.28.0 --json`,
    )
    .action(verify);
  return command.addHelpText(
    'after',
    `
Releases are kept in $PORTCULLIS_HOME/crs, or in the XDG data folder (~/.local/share/portcullis/crs).

Examples:
  portcullis crs install --from ./coreruleset-4.28.0
  portcullis serve --crs 4.28.0 --upstream http://127.0.0.1:3000`,
  );
}
