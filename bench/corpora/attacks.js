// Attacks: every request that the regression tests of CRS send, read where CRS lies, in shuffled order.
//
// Nothing of them is kept in this repository. What go-ftw would complete is completed; requests too broken to
// be an exchange record's fields (no method, no target) are left out.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTestFiles } from '../../dist/ftw/find-files.js';
import { buildRequest } from '../../dist/ftw/request.js';
import { readTestFile } from '../../dist/ftw/schema.js';
import { readRequest } from '../../dist/http/message.js';
import { base64 } from './http.js';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Where CRS lies: `PORTCULLIS_CRS`, or beside the repository. */
export function crsDirectory() {
  return resolve(REPOSITORY, process.env.PORTCULLIS_CRS ?? '../shared/crs/v4.28.0');
}

function* stages(folder) {
  for (const path of findTestFiles([folder])) {
    for (const test of readTestFile(path, readFileSync(path)).tests) {
      if (test.unusable !== undefined) continue;
      for (const [at, { input }] of test.stages.entries()) {
        yield { id: test.stages.length === 1 ? test.id : `${test.id}.${at + 1}`, input };
      }
    }
  }
}

function record(id, input) {
  const raw = readRequest(buildRequest(input));
  if (raw.method === '' || raw.uri === '') return undefined;
  const { response } = input;
  return {
    id,
    method: raw.method,
    uri: raw.uri,
    version: raw.version,
    headers: raw.headers.map(({ key, value }) => [key, value]),
    ...(raw.body !== '' && { body_b64: base64(raw.body) }),
    client: { address: '198.51.100.7', port: 40000 },
    server: { address: '192.0.2.10', port: 80 },
    ...(response !== undefined && {
      response: {
        status: response.status ?? 200,
        headers: response.headers,
        ...(response.body !== '' && { body_b64: base64(response.body) }),
      },
    }),
  };
}

/** All records, or nothing when CRS is not there. */
export function createAll(random) {
  const folder = join(crsDirectory(), 'tests/regression/tests');
  if (!existsSync(folder)) return undefined;
  const records = [];
  for (const { id, input } of stages(folder)) {
    const made = record(id, input);
    if (made !== undefined) records.push(made);
  }
  return random.shuffle(records);
}
