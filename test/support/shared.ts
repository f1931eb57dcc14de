// Suites that are not part of this repository: ModSecurity's vectors and measured behaviour of engines.
//
// They are read where they lie. Without them their tests are skipped, loudly; with CI=true they fail, so
// that a build never passes because the evidence was absent.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const SUITES = process.env['PORTCULLIS_SUITES'] ?? '../shared/suites';

/** Where a shared file or directory should be. */
export function sharedPath(...parts: readonly string[]): string {
  return resolve(REPOSITORY, SUITES, ...parts);
}

/** `describe` for tests that need `path`, a file or directory from `sharedPath`. */
export function describeShared(name: string, path: string, define: () => void): void {
  if (existsSync(path)) {
    describe(name, define);
    return;
  }
  const reason = `${path} is missing; set PORTCULLIS_SUITES`;
  if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('finds its shared suite', () => {
        throw new Error(reason);
      });
    });
    return;
  }
  console.warn(`skipped: ${name}: ${reason}`);
  // Not `define`: it may read the suite while it lists its tests.
  describe.skip(name, () => {
    it(`is skipped: ${reason}`, () => {});
  });
}
