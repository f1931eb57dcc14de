// Where installed rule sets live, and which of them there are.
//
// `PORTCULLIS_HOME` wins; otherwise the XDG data folder. Every release has a folder named after its
// version. Anything else in there (a half-finished install, a stray file) is not a release.

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

const VERSION = /^\d{1,6}(?:\.\d{1,6}){1,3}(?:-[0-9A-Za-z][0-9A-Za-z.+~-]{0,63})?$/;

/** True for texts such as `4.28.0`, `3.3.4-1+deb12u3`; they are safe as a folder name. */
export function isCrsVersion(text: string): boolean {
  return VERSION.test(text) && !text.includes('..');
}

/** The folder that holds one folder per installed release. It need not exist. */
export function crsHome(environment: Environment = process.env): string {
  const own = environment['PORTCULLIS_HOME'];
  if (own) return join(own, 'crs');
  const data = environment['XDG_DATA_HOME'];
  // The XDG specification says that a relative path is to be ignored.
  const base = data?.startsWith('/') ? data : join(homedir(), '.local', 'share');
  return join(base, 'portcullis', 'crs');
}

/** Versions of the installed releases, newest first. */
export function installedCrsVersions(environment: Environment = process.env): readonly string[] {
  const home = crsHome(environment);
  let names: readonly string[];
  try {
    names = readdirSync(home);
  } catch {
    return [];
  }
  return names
    .filter((name) => isCrsVersion(name) && existsSync(join(home, name, 'rules')))
    .sort((a, b) => compareVersions(b, a));
}

/**
 * Orders by the numbers first; a suffix counts only between equal numbers. One that begins with a letter
 * announces the release (`-rc1`), one that begins with a digit is a package of it (`-1+deb12u3`).
 */
export function compareVersions(a: string, b: string): number {
  const [numbersA = '', suffixA = ''] = splitSuffix(a);
  const [numbersB = '', suffixB = ''] = splitSuffix(b);
  const partsA = numbersA.split('.').map(Number);
  const partsB = numbersB.split('.').map(Number);
  for (let at = 0; at < Math.max(partsA.length, partsB.length); at++) {
    const difference = (partsA[at] ?? 0) - (partsB[at] ?? 0);
    if (difference !== 0) return difference;
  }
  const [rankA, rankB] = [suffixRank(suffixA), suffixRank(suffixB)];
  return rankA === rankB ? compareNatural(suffixA, suffixB) : rankA - rankB;
}

/**
 * The installed release that `wanted` names: `4.28.0`, `v4.28.0`, or a beginning such as `4`, `4.28`
 * or, for a package, `3.3.4`, which gives the newest release under it.
 */
export function findInstalledVersion(
  wanted: string,
  environment: Environment = process.env,
): string | undefined {
  const bare = wanted.replace(/^v/i, '');
  const installed = installedCrsVersions(environment);
  if (installed.includes(bare)) return bare;
  return installed.find(
    (version) => /^[.-]/.test(version.slice(bare.length)) && version.startsWith(bare),
  );
}

function suffixRank(suffix: string): number {
  if (suffix === '') return 1;
  return /^\d/.test(suffix) ? 2 : 0;
}

/** Digits as numbers, so that `deb12u10` comes behind `deb12u9`. */
function compareNatural(a: string, b: string): number {
  const [partsA, partsB] = [a, b].map((text) => text.match(/\d+|\D+/g) ?? []);
  for (const [at, partA] of (partsA ?? []).entries()) {
    const partB = partsB?.[at] ?? '';
    if (partA === partB) continue;
    const difference = Number(partA) - Number(partB);
    if (partB !== '' && !Number.isNaN(difference) && difference !== 0) return difference;
    return partA < partB ? -1 : 1;
  }
  return (partsB?.length ?? 0) > (partsA?.length ?? 0) ? -1 : 0;
}

function splitSuffix(version: string): readonly string[] {
  const dash = version.indexOf('-');
  return dash < 0 ? [version] : [version.slice(0, dash), version.slice(dash + 1)];
}
