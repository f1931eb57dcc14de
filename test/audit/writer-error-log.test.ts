import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openErrorLog } from '../../src/audit/writer-error-log.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portcullis-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('openErrorLog', () => {
  it('has written whole lines when it returns, behind what is there', () => {
    const path = join(directory, 'error.log');
    const first = openErrorLog(path);
    first.append(['a', 'b']);
    first.append([]);
    const second = openErrorLog(path);
    second.append(['c']);
    expect(readFileSync(path, 'utf8')).toBe('a\nb\nc\n');
    first.close();
    second.close();
  });

  it('goes on in a new file after a rotation', () => {
    const path = join(directory, 'error.log');
    const log = openErrorLog(path);
    log.append(['old']);
    renameSync(path, `${path}.1`);
    log.reopen();
    log.append(['new']);
    log.close();
    expect(readFileSync(path, 'utf8')).toBe('new\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('old\n');
  });

  it('throws when the file cannot be opened', () => {
    expect(() => openErrorLog(join(directory, 'missing', 'error.log'))).toThrow();
  });
});
