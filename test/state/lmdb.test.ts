import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lmdbStore } from '../../src/state/lmdb.ts';
import type { CollectionId, SyncStore } from '../../src/state/store.ts';
import { runOperationContract } from '../contract/operations.case.ts';
import { runStoreContract } from '../contract/store.case.ts';
import { request, wafOf } from '../support/rules.ts';

const IP: CollectionId = { name: 'IP', key: '192.0.2.1' };
const run = promisify(execFile);
let root: string;
let count = 0;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portcullis-lmdb-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const newPath = (): string => join(root, `store-${count++}`);
const add = (store: SyncStore, id = IP, expiresMs = 1000): void =>
  store.apply(id, [{ kind: 'add', key: 'n', amount: 1 }], 0, expiresMs);
const value = (store: SyncStore, id = IP): string | undefined =>
  store.load(id, 0)?.variables.find(({ key }) => key === 'n')?.value;

describe('lmdbStore', () => {
  runStoreContract(() => lmdbStore({ path: newPath(), durable: false }));
  runOperationContract((bounds) => lmdbStore({ path: newPath(), durable: false, ...bounds }));

  for (const durable of [true, false]) {
    it(`still has everything after a restart, durable ${durable}`, () => {
      const path = newPath();
      const first = lmdbStore({ path, durable });
      add(first);
      first.close();
      const second = lmdbStore({ path, durable });
      add(second);
      expect(value(second)).toBe('2');
      second.close();
    });
  }

  it('loses no addition of another process', () => {
    const path = newPath();
    const store = lmdbStore({ path, durable: false });
    add(store);
    expect(value(store)).toBe('1');
    const source = pathToFileURL(join(import.meta.dirname, '../../dist/state/lmdb.js')).href;
    const other = `
      const { lmdbStore } = await import(${JSON.stringify(source)});
      const store = lmdbStore({ path: ${JSON.stringify(path)}, durable: false });
      for (let at = 0; at < 100; at++) {
        store.apply(${JSON.stringify(IP)}, [{ kind: 'add', key: 'n', amount: 1 }], 0, 1000);
      }
      store.close();`;
    execFileSync(process.execPath, ['--input-type=module', '-e', other]);
    add(store);
    expect(value(store)).toBe('102');
    store.close();
  });

  it('loses nothing of two processes that count at the same time', async () => {
    const path = newPath();
    const source = pathToFileURL(join(import.meta.dirname, '../../dist/state/lmdb.js')).href;
    const rounds = 300;
    const other = (name: string): string => `
      const { lmdbStore } = await import(${JSON.stringify(source)});
      const store = lmdbStore({ path: ${JSON.stringify(path)}, durable: false });
      for (let at = 0; at < ${rounds}; at++) {
        store.run(
          [
            { kind: 'consume', key: 'k', windowMs: 1e9, limit: 1e6, amount: 1 },
            { kind: 'observe', key: 'k', windowMs: 1e9, limit: 1e6, cap: 2000, members: ['${name}' + at] },
            { kind: 'learn', key: 'k', windowMs: 1e9, periodMs: 1e10, minWindows: 1, percentAbove: 0, amount: 1 },
            { kind: 'score', key: 'k', amount: 1, decay: { perMs: 0 }, cap: 1e9 },
            { kind: 'listAdd', list: 'l', item: '${name}' + at },
            { kind: 'mark', key: '${name}' + at, value: '', untilMs: 1e9 },
          ],
          1000 + at,
        );
      }
      store.close();`;
    await Promise.all(
      ['a', 'b'].map((name) => run(process.execPath, ['--input-type=module', '-e', other(name)])),
    );
    const store = lmdbStore({ path, durable: false });
    const results = store.run(
      [
        { kind: 'consume', key: 'k', windowMs: 1e9, limit: 1e6, amount: 0 },
        { kind: 'observe', key: 'k', windowMs: 1e9, limit: 1e6, cap: 2000, members: [] },
        {
          kind: 'learn',
          key: 'k',
          windowMs: 1e9,
          periodMs: 1e10,
          minWindows: 1,
          percentAbove: 0,
          amount: 0,
        },
        { kind: 'score', key: 'k', amount: 0, decay: { perMs: 0 }, cap: 1e9 },
        { kind: 'listItems', list: 'l', limit: 0 },
      ],
      2000,
    );
    const total = 2 * rounds;
    expect(results).toMatchObject([
      { count: total },
      { count: total, exact: true },
      { count: total },
      { score: total },
      { size: total },
    ]);
    for (let at = 0; at < rounds; at++) {
      const peeks = ['a', 'b'].map((name) => ({ kind: 'peek', key: `${name}${at}` }) as const);
      expect(store.run(peeks, 2000).every(({ holds }) => holds)).toBe(true);
    }
    store.close();
  });

  it('sees at once what another process marked', () => {
    const path = newPath();
    const store = lmdbStore({ path, durable: false });
    const peek = { kind: 'peek', key: 'k' } as const;
    expect(store.run([peek], 0)[0]?.holds).toBe(false);
    const source = pathToFileURL(join(import.meta.dirname, '../../dist/state/lmdb.js')).href;
    const other = `
      const { lmdbStore } = await import(${JSON.stringify(source)});
      const store = lmdbStore({ path: ${JSON.stringify(path)}, durable: false });
      store.run([{ kind: 'mark', key: 'k', value: '', untilMs: 9 }], 0);
      store.close();`;
    execFileSync(process.execPath, ['--input-type=module', '-e', other]);
    expect(store.run([peek], 0)[0]?.holds).toBe(true);
    store.close();
  });

  it('lets the counters that expire first go beyond its bound, and finds those that lived on', () => {
    const store = lmdbStore({ path: newPath(), durable: false, maxKeys: 3 });
    const count = (key: string, windowMs: number, amount: number, atMs: number): number => {
      const [result] = store.run([{ kind: 'consume', key, windowMs, limit: 99, amount }], atMs);
      return result?.kind === 'consume' ? result.count : -1;
    };
    count('short', 1000, 1, 0);
    count('long', 9000, 1, 0);
    count('used', 1000, 1, 0);
    for (let at = 1; at <= 50; at++) count('used', 1000, 1, at * 10);
    count('new', 5000, 1, 500);
    expect(['long', 'used', 'new'].map((key) => count(key, 9000, 0, 500))).toEqual([1, 51, 1]);
    expect(count('short', 1000, 0, 500)).toBe(0);
    store.close();
  });

  it('sweeps what has expired', () => {
    const store = lmdbStore({ path: newPath(), durable: false });
    for (let at = 0; at < 6; at++) add(store, { name: 'IP', key: `old ${at}` }, 10);
    for (const key of ['a', 'b']) {
      store.apply({ name: 'IP', key }, [{ kind: 'add', key: 'n', amount: 1 }], 20, 1000);
    }
    // Asked with the time before it: only what was swept is missing.
    const left = Array.from({ length: 6 }, (_, at) =>
      value(store, { name: 'IP', key: `old ${at}` }),
    );
    expect(left.every((stored) => stored === undefined)).toBe(true);
    expect(value(store, { name: 'IP', key: 'a' })).toBe('1');
    store.close();
  });

  it('lets the collections that expire first go beyond its bound', () => {
    const store = lmdbStore({ path: newPath(), durable: false, maxCollections: 2 });
    const expiries = { a: 300, b: 100, c: 200 };
    for (const [key, expiresMs] of Object.entries(expiries)) {
      add(store, { name: 'IP', key }, expiresMs);
    }
    const kept = Object.keys(expiries).filter((key) => value(store, { name: 'IP', key }));
    expect(kept).toEqual(['a', 'c']);
    store.close();
  });

  it('takes lifetimes without end', () => {
    const store = lmdbStore({ path: newPath(), durable: false });
    add(store, IP, Infinity);
    expect(value(store)).toBe('1');
    store.close();
  });

  it('counts for a waf over restarts', () => {
    const path = newPath();
    const rules = `SecAction "id:1,phase:1,pass,nolog,initcol:ip=%{REMOTE_ADDR},setvar:ip.x=+1"
      SecAction "id:2,phase:5,pass,log,msg:'%{ip.x}'"`;
    const counts = Array.from({ length: 3 }, () => {
      const waf = wafOf(rules, { state: lmdbStore({ path }) });
      const { verdict } = waf.inspect(request('/'));
      waf.close();
      return verdict.matches.at(-1)?.message;
    });
    expect(counts).toEqual(['1', '2', '3']);
  });

  it('fails at once where it cannot keep anything', () => {
    expect(() => lmdbStore({ path: '/dev/null/store' })).toThrow();
  });
});
