import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lmdbStore } from '../../src/state/lmdb.ts';
import type { StateOperation } from '../../src/state/operations.ts';
import type { SyncStore } from '../../src/state/store.ts';

const built = (file: string): string =>
  JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../dist/state', file)).href);

let path: string;
let children: ChildProcess[];

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'portcullis-gate-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(path, { recursive: true, force: true });
});

const score = (amount: number): StateOperation[] => [
  { kind: 'score', key: 'k', amount, decay: { perMs: 0 }, cap: 1e9 },
];
const scoreOf = (store: SyncStore): number => {
  const [result] = store.run(score(0), 1000);
  return result?.kind === 'score' ? result.score : -1;
};

function start(code: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

/** A process that is inside the gate, and what it does there. */
async function holder(body: string): Promise<ChildProcess> {
  const child = start(`
    import { writeFileSync, writeSync } from 'node:fs';
    const { Gate } = await import(${built('lmdb-gate.js')});
    const gate = new Gate(${JSON.stringify(path)});
    gate.pass(() => {
      writeSync(1, 'inside');
      ${body}
    });`);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

const leavesLate = (mark: string): string => `
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  writeFileSync(${JSON.stringify(mark)}, '');`;

describe('Gate', () => {
  it('lets nobody write while a process is inside', async () => {
    const store = lmdbStore({ path, durable: false });
    const mark = join(path, 'left');
    await holder(leavesLate(mark));
    store.run(score(1), 1000);
    expect(existsSync(mark)).toBe(true);
    expect(scoreOf(store)).toBe(1);
    store.close();
  });

  it('lets nobody change a collection while a process is inside', async () => {
    const store = lmdbStore({ path, durable: false });
    const mark = join(path, 'left');
    await holder(leavesLate(mark));
    store.apply({ name: 'IP', key: 'a' }, [{ kind: 'add', key: 'n', amount: 1 }], 0, 1000);
    expect(existsSync(mark)).toBe(true);
    store.close();
  });

  it('lets nobody open the folder while a process is inside', async () => {
    const mark = join(path, 'left');
    await holder(leavesLate(mark));
    const store = lmdbStore({ path, durable: false });
    expect(existsSync(mark)).toBe(true);
    store.close();
  });

  it('is free again when the process inside is killed', async () => {
    const store = lmdbStore({ path, durable: false });
    store.run(score(1), 1000);
    const child = await holder("process.kill(process.pid, 'SIGKILL');");
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    store.run(score(1), 1000);
    const second = lmdbStore({ path, durable: false });
    second.run(score(1), 1000);
    expect(scoreOf(store)).toBe(3);
    second.close();
    store.close();
  });

  it('is free again when what runs inside throws', () => {
    const store = lmdbStore({ path, durable: false });
    const broken: StateOperation = {
      kind: 'score',
      get key(): never {
        throw new Error('broken');
      },
      amount: 1,
      decay: { perMs: 0 },
      cap: 1,
    };
    expect(() => store.run([broken], 1000)).toThrow('broken');
    store.run(score(1), 1000);
    expect(scoreOf(store)).toBe(1);
    store.close();
  });

  it('loses no write while another process opens and closes the folder again and again', async () => {
    const child = start(`
      const { lmdbStore } = await import(${built('lmdb.js')});
      for (let at = 0; at < 100; at++) {
        const store = lmdbStore({ path: ${JSON.stringify(path)}, durable: false });
        store.run(${JSON.stringify(score(1))}, 1000);
        store.close();
        // lmdb lets go of what was closed in a turn of its own.
        await new Promise((done) => setImmediate(done));
      }`);
    const store = lmdbStore({ path, durable: false });
    let written = 0;
    let exit: number | null | undefined;
    child.once('exit', (code) => {
      exit = code;
    });
    while (exit === undefined) {
      for (let at = 0; at < 50; at++) store.run(score(1), 1000);
      written += 50;
      await new Promise((done) => setImmediate(done));
    }
    expect(exit).toBe(0);
    expect(scoreOf(store)).toBe(written + 100);
    store.close();
  });

  it('may be closed twice', () => {
    const store = lmdbStore({ path, durable: false });
    store.close();
    expect(() => store.close()).not.toThrow();
  });
});
