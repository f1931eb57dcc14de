import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { policyResources } from '../../src/waf/policy-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the files of a policy', () => {
  it('stand beside the policy', () => {
    writeFileSync(join(folder, 'list.txt'), Buffer.from([0x61, 0xff]));
    const { readFile } = policyResources({ beside: join(folder, 'policy.yaml') });
    expect(readFile('list.txt')).toBe('a\xff');
    expect(readFile(join(folder, 'list.txt'))).toBe('a\xff');
    expect(readFile('gone.txt')).toBeUndefined();
    expect(readFile('.')).toBeUndefined();
    expect(readFile('a\0b')).toBeUndefined();
  });

  it('are lists of packages too', () => {
    const { disposableDomains, knownAgents } = policyResources();
    expect(disposableDomains().length).toBeGreaterThan(5000);
    const agents = knownAgents();
    expect(agents.length).toBeGreaterThan(500);
    expect(agents.some(({ tags }) => tags.includes('search-engine'))).toBe(true);
  });
});

describe('the key of keyed hashes', () => {
  const files = { read: (path: string) => (path === 'key' ? `${'k'.repeat(32)}\n` : undefined) };
  const environment = { KEY: 'k'.repeat(32), WEAK: 'changeme' };
  const { loadHashKey } = policyResources({ files, environment });
  const hash = (options: Parameters<typeof loadHashKey>[0]) => {
    const loaded = loadHashKey(options);
    if ('problem' in loaded) throw new Error(loaded.problem);
    return { value: loaded.hmac('text'), isRandom: loaded.isRandom };
  };

  it('is the same from a file and from the environment', () => {
    expect(hash({ file: 'key' })).toEqual(hash({ env: 'KEY' }));
    expect(hash({ env: 'KEY' })).toMatchObject({
      value: expect.stringMatching(/^[0-9a-f]{64}$/),
      isRandom: false,
    });
  });

  it('is random where none is given, and says so', () => {
    expect(hash(undefined).isRandom).toBe(true);
    expect(hash(undefined).value).not.toBe(hash(undefined).value);
  });

  it.each([{ file: 'gone' }, { env: 'GONE' }, { env: 'WEAK' }])('%j is a problem', (options) => {
    expect(loadHashKey(options)).toHaveProperty('problem');
  });

  it('hashes bytes, not characters', () => {
    const loaded = loadHashKey({ env: 'KEY' });
    if ('problem' in loaded) throw new Error(loaded.problem);
    expect(loaded.hmac('\xff')).not.toBe(loaded.hmac('\x7f'));
    expect(loaded.hmac('\xc3\xa9')).not.toBe(loaded.hmac('\xe9'));
  });
});
