// Small programs on disk for rules to run.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface ProgramFolder {
  readonly path: string;
  /** Writes a shell script and tells where. */
  readonly add: (name: string, script: string, mode?: number) => string;
}

/** A folder that is removed after the tests of the file. */
export function programFolder(): ProgramFolder {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-programs-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    add: (name, script, mode = 0o755) => {
      const file = join(path, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode });
      return file;
    },
  };
}
