// Turns what `--crs` says into the list of files to load, in the order in which CRS wants them.
//
// The promise: setup comes before rules, plugins stand where CRS documents them, `.example` files are
// never loaded as rules, and a folder that would load but protect nothing (no rules, no setup) is a
// problem here instead of a surprise later. Reads names and a few lines; never writes.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { confFiles, isDirectory, isRuleFile, listNames, readText } from './crs-files.ts';
import {
  crsHome,
  type Environment,
  findInstalledVersion,
  installedCrsVersions,
} from './crs-home.ts';
import { nodeFiles } from './files.ts';

/** A rule set on disk, ready to be read. All paths are absolute. */
export interface CrsLayout {
  readonly kind: 'layout';
  /** For people: `OWASP CRS 4.28.0`, `Portcullis starter rules 0.1`. */
  readonly name: string;
  /** As the rules themselves say it; undefined when they do not. */
  readonly version: string | undefined;
  readonly directory: string;
  /** Files that only set options. What an administrator overrides goes right behind these. */
  readonly setup: readonly string[];
  /** Everything else, plugins included. */
  readonly rules: readonly string[];
  /** `setup`, then `rules`. */
  readonly files: readonly string[];
}

export interface CrsProblem {
  readonly kind: 'problem';
  readonly diagnostic: Diagnostic;
}

export interface CrsLoadOptions {
  /** 1 to 4; undefined leaves the level to the setup file. */
  readonly paranoia?: number | undefined;
  readonly detectionOnly?: boolean | undefined;
}

/** Debian and Ubuntu install here; its setup lies below /etc, and a `.load` file ties them together. */
export const DEBIAN_DIRECTORY: string = '/usr/share/modsecurity-crs';
const DEBIAN_LOAD_FILE = 'owasp-crs.load';
// Comments name other versions: 901 of every release shows an audit log of 3.1.0.
const VERSION_IN_RULES = /^[ \t]*[^#\s][^\n]*?\bOWASP_CRS\/(\d+(?:\.\d+)+(?:-[0-9A-Za-z.]+)?)/m;
const VERSION_FILES = [
  'rules/REQUEST-901-INITIALIZATION.conf',
  'crs-setup.conf.example',
  'crs-setup.conf',
];
const VERSION_IN_STARTER = /portcullis-starter\/(\d+(?:\.\d+)+)/;
const MAX_LOAD_FILE_LINES = 1000;

/**
 * The layout that `spec` names: `starter`, `default`, `debian`, a version, or a directory.
 *
 * A name with a path separator, or one that exists as a directory, is a directory; write `./starter`
 * for a directory of that name.
 */
export function resolveCrsDirectory(
  spec: string,
  environment: Environment = process.env,
): CrsLayout | CrsProblem {
  try {
    return resolveSpec(spec, environment);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    return problem('crs-not-readable', `${path} cannot be read (${code})`);
  }
}

function resolveSpec(spec: string, environment: Environment): CrsLayout | CrsProblem {
  if (spec === 'starter') return starterLayout();
  if (spec === 'default') {
    const newest = installedCrsVersions(environment)[0];
    return newest === undefined ? starterLayout() : readLayout(join(crsHome(environment), newest));
  }
  if (isDirectory(spec)) return readLayout(resolve(spec));
  if (spec.includes('/') || spec.includes(sep)) {
    return problem('crs-not-found', `there is no directory ${spec}`);
  }
  if (spec === 'debian') {
    if (isDirectory(DEBIAN_DIRECTORY)) return readLayout(DEBIAN_DIRECTORY);
    return problem(
      'crs-not-found',
      `${DEBIAN_DIRECTORY} does not exist`,
      'apt-get install modsecurity-crs',
    );
  }
  const version = findInstalledVersion(spec, environment);
  if (version !== undefined) return readLayout(join(crsHome(environment), version));
  const installed = installedCrsVersions(environment);
  return problem(
    'crs-not-installed',
    `"${spec}" is neither a directory nor an installed CRS release`,
    installed.length > 0
      ? `installed: ${installed.join(', ')}; "starter" needs no installation`
      : `portcullis crs install ${spec}; "starter" needs no installation`,
  );
}

/**
 * All files of a protected site in load order: our engine settings, the setup of the rule set, what
 * the options override in it, the rules, and the guard that has to run after them.
 */
export function crsLoadOrder(layout: CrsLayout, options: CrsLoadOptions = {}): readonly string[] {
  const overrides: string[] = [];
  if (options.paranoia !== undefined) overrides.push(paranoiaFile(options.paranoia));
  if (options.detectionOnly) overrides.push(packagedCrsFile('setup/detection-only.conf'));
  return [
    packagedCrsFile('engine.conf'),
    ...layout.setup,
    ...overrides,
    ...layout.rules,
    packagedCrsFile('engine-after.conf'),
  ];
}

/** The absolute path of a file below our own `crs/`, from the sources as well as from `dist`. */
export function packagedCrsFile(name: string): string {
  return fileURLToPath(new URL(`../../crs/${name}`, import.meta.url));
}

/** Our overlay for a paranoia level. Throws RangeError for anything but 1 to 4. */
export function paranoiaFile(level: number): string {
  if (!Number.isInteger(level) || level < 1 || level > 4) {
    throw new RangeError(`paranoia level ${level} is not 1, 2, 3 or 4`);
  }
  return packagedCrsFile(`setup/paranoia-${level}.conf`);
}

/**
 * The folder that directly holds `rules/`: `directory` itself, or the only folder in it, which is
 * how release archives unpack.
 */
export function findCrsRoot(directory: string): string | undefined {
  if (isDirectory(join(directory, 'rules'))) return directory;
  const inner = listNames(directory).filter((name) => isDirectory(join(directory, name)));
  const only = inner.length === 1 ? join(directory, inner[0] ?? '') : undefined;
  return only !== undefined && isDirectory(join(only, 'rules')) ? only : undefined;
}

/** The version that rules carry; `read` gives the text of a file of the release, or nothing. */
export function versionInRules(read: (path: string) => string): string | undefined {
  for (const path of VERSION_FILES) {
    const version = VERSION_IN_RULES.exec(read(path))?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

function readLayout(directory: string): CrsLayout | CrsProblem {
  const root = findCrsRoot(directory);
  if (root === undefined) {
    return problem(
      'crs-no-rules',
      `${directory} has no rules/ folder`,
      'name the folder that holds crs-setup.conf and rules/',
    );
  }
  const rules = confFiles(join(root, 'rules'), '.conf');
  if (rules.length === 0) {
    return problem('crs-no-rules', `${join(root, 'rules')} has no .conf files`);
  }

  const setup = setupFile(root);
  const loadFile = join(root, DEBIAN_LOAD_FILE);
  if (setup === undefined && existsSync(loadFile)) return readLoadFile(root, loadFile);
  if (setup === undefined) {
    return problem(
      'crs-no-setup',
      `${root} has neither crs-setup.conf nor crs-setup.conf.example`,
      'CRS refuses every request without its setup file; copy it from the release',
    );
  }
  const plugins = join(root, 'plugins');
  return layout(
    root,
    [setup, ...confFiles(plugins, '-config.conf')],
    [...confFiles(plugins, '-before.conf'), ...rules, ...confFiles(plugins, '-after.conf')],
  );
}

function setupFile(root: string): string | undefined {
  const names = listNames(root);
  return ['crs-setup.conf', 'crs-setup.conf.example']
    .filter((name) => names.includes(name))
    .map((name) => join(root, name))
    .find(isRuleFile);
}

/** Follows the Include lines of a distribution's load file, so that its own order is kept. */
function readLoadFile(root: string, loadFile: string): CrsLayout | CrsProblem {
  const setup: string[] = [];
  const rules: string[] = [];
  for (const line of readFileSync(loadFile, 'latin1').split('\n', MAX_LOAD_FILE_LINES)) {
    const include = /^\s*Include(Optional)?\s+(?:"([^"]+)"|(\S+))\s*$/i.exec(line);
    if (include === null) continue;
    const path = include[2] ?? include[3] ?? '';
    const files = nodeFiles().glob(isAbsolute(path) ? path : join(root, path));
    if (files.length === 0 && include[1] === undefined) {
      return problem('crs-no-setup', `${loadFile} includes ${path}, which does not exist`);
    }
    for (const file of files) (isSetupName(basename(file)) ? setup : rules).push(file);
  }
  if (setup.length === 0) return problem('crs-no-setup', `${loadFile} includes no crs-setup.conf`);
  // A copy of the folder would otherwise load the rules of the place it was copied from.
  const own = realpathSync(join(root, 'rules'));
  if (!rules.some((file) => realpathSync(dirname(file)) === own)) {
    return problem(
      'crs-no-rules',
      `${loadFile} includes no rules of its own folder`,
      'copy crs-setup.conf beside it to load the folder without its load file',
    );
  }
  return layout(root, setup, rules);
}

function isSetupName(name: string): boolean {
  return name.startsWith('crs-setup') || name.endsWith('-config.conf');
}

function starterLayout(): CrsLayout | CrsProblem {
  const root = packagedCrsFile('starter');
  const files = confFiles(root, '.conf');
  const setup = files.filter((file) => basename(file).startsWith('00-'));
  const rules = files.filter((file) => !setup.includes(file));
  if (setup.length === 0 || rules.length === 0) {
    return problem('crs-no-rules', `the starter rules are missing from ${root}`);
  }
  const version = VERSION_IN_STARTER.exec(readText(setup[0] ?? ''))?.[1];
  return {
    kind: 'layout',
    name:
      version === undefined ? 'Portcullis starter rules' : `Portcullis starter rules ${version}`,
    version,
    directory: root,
    setup,
    rules,
    files: [...setup, ...rules],
  };
}

function layout(root: string, setup: readonly string[], rules: readonly string[]): CrsLayout {
  const version = versionInRules((path) => readText(join(root, path)));
  return {
    kind: 'layout',
    name: version === undefined ? `rules of ${root}` : `OWASP CRS ${version}`,
    version,
    directory: root,
    setup,
    rules,
    files: [...setup, ...rules],
  };
}

function problem(code: string, message: string, help?: string): CrsProblem {
  return {
    kind: 'problem',
    diagnostic: { severity: 'error', code, message, span: undefined, help },
  };
}
