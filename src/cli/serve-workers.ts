// Several processes on one port: starts them, replaces the ones that die, and drains them together.

import cluster, { type Worker } from 'node:cluster';
import type { Output } from './output.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** A worker that lived this long was sound; its death starts the backoff anew. */
const SOUND_MS = 30_000;

export interface WorkersOptions {
  readonly count: number;
  readonly graceMs: number;
  /** Whether SIGHUP has the workers load and open everything anew. */
  readonly reloads: boolean;
  /** For the workers, added to this process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly output: Output;
  readonly onListening: (address: string, port: number) => void;
}

export function isWorker(): boolean {
  return cluster.isWorker;
}

/**
 * Lets a worker end with the status it has: the channel to the primary would keep it alive, and closing
 * that channel by hand makes Node exit with status 0.
 */
export function leaveWorkers(): void {
  cluster.worker?.disconnect();
}

/** Resolves with the exit status when a signal has come and all workers have ended. */
export function superviseWorkers(options: WorkersOptions): Promise<number> {
  const { count, graceMs, environment, output } = options;
  return new Promise((resolve) => {
    const startedAt = new Map<number, number>();
    const timers = new Set<NodeJS.Timeout>();
    // SIGHUP ends a process that does not listen to it yet: a worker that starts is told when it serves.
    const serving = new Set<number>();
    const behind = new Set<number>();
    let delayMs = FIRST_DELAY_MS;
    let hasListened = false;
    let isEnding = false;
    let status = 0;

    const fork = (): void => {
      const worker = cluster.fork(environment);
      startedAt.set(worker.id, Date.now());
    };
    const workers = (): Worker[] =>
      Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const settleWhenGone = (): void => {
      if (isEnding && workers().length === 0) resolve(status);
    };
    const end = (withStatus: number): void => {
      if (isEnding) return;
      isEnding = true;
      status = withStatus;
      for (const timer of timers) clearTimeout(timer);
      for (const worker of workers()) worker.process.kill('SIGTERM');
      // A worker that hangs must not keep the port for ever.
      setTimeout(() => {
        for (const worker of workers()) worker.process.kill('SIGKILL');
      }, graceMs + 2_000).unref();
      settleWhenGone();
    };

    cluster.on('listening', (worker, address) => {
      serving.add(worker.id);
      if (behind.delete(worker.id)) worker.process.kill('SIGHUP');
      if (hasListened || isEnding) return;
      hasListened = true;
      options.onListening(address.address ?? '', address.port);
      for (let at = 1; at < count; at++) fork();
    });
    cluster.on('exit', (worker, code, signal) => {
      const livedMs = Date.now() - (startedAt.get(worker.id) ?? 0);
      startedAt.delete(worker.id);
      serving.delete(worker.id);
      behind.delete(worker.id);
      if (isEnding) {
        settleWhenGone();
        return;
      }
      // It never got as far as serving (port in use, bad rules) and has said why: trying again is no use.
      if (!hasListened) {
        end(code === 0 || code === null ? 1 : code);
        return;
      }
      if (livedMs > SOUND_MS) delayMs = FIRST_DELAY_MS;
      const how = signal ? `by ${signal}` : `with status ${code}`;
      output.talk(`portcullis: worker ${worker.process.pid} ended ${how}; next in ${delayMs} ms\n`);
      const timer = setTimeout(() => {
        timers.delete(timer);
        fork();
      }, delayMs);
      timers.add(timer);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    });
    if (options.reloads) {
      process.on('SIGHUP', () => {
        for (const worker of workers()) {
          if (serving.has(worker.id)) worker.process.kill('SIGHUP');
          else behind.add(worker.id);
        }
      });
    }
    process.on('SIGTERM', () => end(0));
    process.on('SIGINT', () => end(0));
    // The first alone, so that a mistake that keeps all from starting is told once.
    fork();
  });
}
