import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseExchangeRecord } from '../../src/adapters/exchange-record.ts';
import type { ExchangeRecord } from '../../src/model/exchange.ts';

const GENERATE = fileURLToPath(new URL('../../bench/corpora/generate.js', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'portcullis-corpora-test-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

function generate(folder: string, ...args: readonly string[]): (name: string) => string {
  const out = join(FOLDER, folder);
  execFileSync(process.execPath, [GENERATE, '--count', '20', ...args, out], { stdio: 'ignore' });
  return (name) => join(out, `${name}.jsonl`);
}

const records = (path: string): readonly ExchangeRecord[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => parseExchangeRecord(line));

describe('the corpora', () => {
  const first = generate('first');
  const again = generate('again');
  const other = generate('other', '--seed', '2');
  const drawn = ['small-get', 'browsing', 'api-json', 'form', 'multipart'];

  it.each([...drawn, 'worst'])('holds %s: readable records, the same for the same seed', (name) => {
    expect(records(first(name)).length).toBeGreaterThanOrEqual(20);
    expect(readFileSync(again(name)).equals(readFileSync(first(name)))).toBe(true);
  });

  it.each(drawn)('draws other records of %s for another seed', (name) => {
    expect(readFileSync(other(name)).equals(readFileSync(first(name)))).toBe(false);
  });

  it('gives forms 200 arguments and just below 128 KiB', () => {
    for (const { body = '' } of records(first('form'))) {
      expect(body.split('&')).toHaveLength(200);
      expect(body.length).toBeGreaterThan(100_000);
      expect(body.length).toBeLessThanOrEqual(131_072);
    }
  });

  it('keeps JSON documents between 0.5 and about 64 KB, and whole', () => {
    for (const { body = '' } of records(first('api-json'))) {
      expect(() => JSON.parse(body)).not.toThrow();
      expect(body.length).toBeGreaterThan(256);
      expect(body.length).toBeLessThan(80_000);
    }
  });

  it('declares the length that bodies have', () => {
    for (const name of [...drawn, 'worst']) {
      for (const { headers, body } of records(first(name))) {
        const declared = headers.find(([key]) => key === 'Content-Length')?.[1];
        if (declared !== undefined) expect(Number(declared)).toBe(body?.length);
      }
    }
  });

  it('keeps crafted requests within what engine settings let through', () => {
    for (const { body = '' } of records(first('worst'))) {
      expect(body.length).toBeLessThanOrEqual(131_072);
    }
  });

  it('writes responses of pages into the browsing mix', () => {
    const types = records(first('browsing')).map(
      ({ response }) => response?.headers.find(([name]) => name === 'Content-Type')?.[1],
    );
    expect(types.some((type) => type?.startsWith('text/html'))).toBe(true);
  });

  it('has pages whose errors rules find, or nobody could tell whether responses are inspected', () => {
    const many = generate('many', '--count', '400');
    const failed = records(many('browsing')).filter(({ response }) => response?.status === 500);
    expect(failed.some(({ response }) => response?.body?.includes('SQL syntax'))).toBe(true);
  });
});
