// CRS as it lies beside the repository, loaded once for a test file.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Compatibility } from '../../src/model/compatibility.ts';
import type { EngineMode } from '../../src/model/settings.ts';
import type { Ruleset } from '../../src/ruleset/ruleset.ts';
import { crsLoadOrder, packagedCrsFile, resolveCrsDirectory } from '../../src/waf/crs-directory.ts';
import { loadRuleset } from '../../src/waf/load.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Where CRS 4.28 should be: `PORTCULLIS_CRS`, or beside the repository. */
export function crsPath(...parts: readonly string[]): string {
  const base = process.env['PORTCULLIS_CRS'] ?? '../shared/crs/v4.28.0';
  return resolve(REPOSITORY, base, ...parts);
}

export interface CrsOptions {
  readonly paranoia?: number;
  readonly engine?: EngineMode;
  /** Loads crs/setup/ftw.conf, as the regression tests want it. */
  readonly forTests?: boolean;
  readonly compatibility?: Compatibility;
}

/** Throws when CRS is missing or has errors. */
export function loadCrs(spec: string, options: CrsOptions = {}): Ruleset {
  const layout = resolveCrsDirectory(spec);
  if (layout.kind === 'problem') throw new Error(layout.diagnostic.message);
  const { paranoia } = options;
  const files = crsLoadOrder(layout, paranoia === undefined ? {} : { paranoia });
  const firstRule = files.findIndex((file) => layout.rules.includes(file));
  const ordered =
    options.forTests === true
      ? [...files.slice(0, firstRule), packagedCrsFile('setup/ftw.conf'), ...files.slice(firstRule)]
      : files;
  const ruleset = loadRuleset(
    ordered.map((name) => ({ name, text: readFileSync(name, 'latin1') })),
    options.compatibility === undefined ? {} : { compatibility: options.compatibility },
  );
  const { engine } = options;
  if (engine === undefined) return ruleset;
  return { ...ruleset, settings: { ...ruleset.settings, ruleEngine: engine } };
}
