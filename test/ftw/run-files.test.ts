import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTestFiles } from '../../src/ftw/find-files.ts';
import { createInProcessTarget } from '../../src/ftw/in-process.ts';
import { followLogFile } from '../../src/ftw/log-file.ts';
import { NO_OVERRIDES } from '../../src/ftw/overrides.ts';
import { runParallel } from '../../src/ftw/parallel.ts';
import { createProgress } from '../../src/ftw/progress.ts';
import { runFile } from '../../src/ftw/run-files.ts';
import { fakeTransaction } from './fake-transaction.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portcullis-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const SUITE =
  'rule_id: 9\ntests:\n  - {test_id: 1, stages: [{input: {headers: {Host: a}}, output: {}}]}\n';

describe('findTestFiles', () => {
  it('finds both endings below directories, sorted, each once', () => {
    mkdirSync(join(directory, 'b'));
    const paths = [write('b/2.yml', ''), write('a.yaml', ''), write('x.skeleton', '')];
    expect(findTestFiles([directory, join(directory, 'a.yaml')])).toEqual([paths[1], paths[0]]);
    expect(findTestFiles([paths[2]!])).toEqual([paths[2]]);
    expect(() => findTestFiles([join(directory, 'missing')])).toThrow();
  });
});

describe('runFile', () => {
  const options = {
    target: createInProcessTarget({ begin: () => fakeTransaction() }),
    overrides: NO_OVERRIDES,
    filter: {},
  };

  it('counts a broken file and one that is missing as failed', async () => {
    for (const path of [write('a.yaml', 'tests: ['), join(directory, 'missing.yaml')]) {
      const { results, problems } = await runFile(path, options);
      expect(results).toMatchObject([{ id: path, outcome: 'failed' }]);
      expect(problems).toHaveLength(1);
    }
  });

  it('survives a target that throws', async () => {
    const target = createInProcessTarget({
      begin: () => {
        throw new TypeError('broken engine');
      },
    });
    const { results } = await runFile(write('a.yaml', SUITE), { ...options, target });
    expect(results).toMatchObject([{ id: '9-1', outcome: 'failed' }]);
  });

  it('leaves out what is not selected, and still names it', async () => {
    const path = write('a.yaml', SUITE);
    const { results, ids } = await runFile(path, { ...options, filter: { include: /^8/ } });
    expect(results).toEqual([]);
    expect(ids).toEqual(['9-1']);
  });

  it('gives results in the order of the files', async () => {
    const files = ['a', 'b', 'c'].map((name) => write(`${name}.yaml`, SUITE));
    const results = await runParallel({ files, runHere: (path) => runFile(path, options) });
    expect(results.map(({ path }) => path)).toEqual(files);
  });
});

describe('followLogFile', () => {
  it('gives whole lines appended since the last call', () => {
    const path = write('error.log', 'old\n');
    const log = followLogFile(path);
    expect(log.readLines()).toEqual([]);
    appendFileSync(path, 'a\r\nb\npart');
    expect(log.readLines()).toEqual(['a', 'b']);
    appendFileSync(path, 'ial\n');
    expect(log.readLines()).toEqual(['partial']);
    truncateSync(path);
    appendFileSync(path, 'c\n');
    expect(log.readLines()).toEqual(['c']);
    log.close();
  });
});

describe('createProgress', () => {
  const show = (isTTY: boolean, times: readonly number[]): string => {
    let text = '';
    let at = 0;
    const now = (): number => times[at++] ?? 0;
    const progress = createProgress({ isTTY, write: (more) => (text += more) }, () => 9, now);
    for (let step = 1; step < times.length; step++) progress.step(step === 1);
    progress.end();
    return text;
  };

  it('says nothing within two seconds, and nothing to a file', () => {
    expect(show(true, [0, 1000, 1999])).toBe('');
    expect(show(false, [0, 1000, 5000])).toBe('');
  });

  it('counts on one line after that and removes it at the end', () => {
    expect(show(true, [0, 1000, 2500, 2600])).toBe('\r\x1b[K2 of 9 tests, 1 failed\r\x1b[K');
  });
});
