import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lmdbStore } from '../../src/state/lmdb.ts';
import type { CollectionId, SyncStore } from '../../src/state/store.ts';
import { runOperationContract } from '../contract/operations.case.ts';
import { runStoreContract } from '../contract/store.case.ts';
import { request, wafOf } from '../support/rules.ts';

const IP: CollectionId = { name: 'IP', key: '192.0.2.1' };
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
