// Where things are: the repository, CRS, the command, and generated corpora, which are made when missing.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crsDirectory } from '../corpora/attacks.js';
import { writeCorpus } from '../corpora/generate.js';
import { DEFAULT_SEED } from '../corpora/index.js';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
export const COMMAND = join(REPOSITORY, 'bin/portcullis.js');

/** The directory of CRS. Throws with what to set when it is not there. */
export function requireCrs() {
  const directory = crsDirectory();
  if (existsSync(join(directory, 'rules'))) return directory;
  throw new Error(`${directory} has no rules/: set PORTCULLIS_CRS to a directory of OWASP CRS`);
}

/** Of the programs that draw corpora, and of where CRS is read: others draw others. */
function corporaVersion() {
  const hash = createHash('sha256').update(crsDirectory());
  const folder = join(REPOSITORY, 'bench/corpora');
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

const corporaFolder = () =>
  join(tmpdir(), `portcullis-corpora-${DEFAULT_SEED}-${corporaVersion()}`);

/** The file of a corpus in `folder`, generated if need be. */
export function corpusFile(name, folder = corporaFolder()) {
  const path = join(folder, `${name}.jsonl`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`generating ${path}\n`);
  const unfinished = `${path}.${process.pid}`;
  if (writeCorpus(unfinished, name) === undefined) {
    throw new Error(
      `the corpus "${name}" is read from CRS, which is not there: set PORTCULLIS_CRS`,
    );
  }
  renameSync(unfinished, path);
  return path;
}
