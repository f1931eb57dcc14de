// Spreads files of tests over this thread and further ones; results come in the order of the files.
//
// Running tests in process is bound by the CPU. Each thread loads the rules for itself and takes the next
// file from one queue when it is done with the last, so no thread idles while another has work.

import { type MessagePort, Worker } from 'node:worker_threads';
import type { FileResult } from './run-files.ts';
import type { TestResult } from './runner.ts';

/** What a further thread is told. */
export type ToWorker =
  | { readonly kind: 'file'; readonly index: number; readonly path: string }
  | { readonly kind: 'end' };

/** What it answers. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'test'; readonly failed: boolean }
  | { readonly kind: 'file'; readonly index: number; readonly result: FileResult };

export interface ParallelOptions {
  readonly files: readonly string[];
  /** Runs one file in this thread. */
  readonly runHere: (path: string) => Promise<FileResult>;
  /** The module of a further thread and what it needs; undefined or 0 more: this thread alone. */
  readonly further?: { readonly entry: URL; readonly data: unknown; readonly count: number };
  readonly onTest?: ((failed: boolean) => void) | undefined;
}

export async function runParallel(options: ParallelOptions): Promise<FileResult[]> {
  const { files } = options;
  const results: FileResult[] = new Array<FileResult>(files.length);
  let next = 0;
  const take = (): ToWorker => {
    const index = next++;
    const path = files[index];
    return path === undefined ? { kind: 'end' } : { kind: 'file', index, path };
  };
  const keep = (index: number, result: FileResult): void => {
    results[index] = result;
  };
  const { entry, data, count } = options.further ?? { entry: undefined, data: undefined, count: 0 };
  const threads: Promise<void>[] = [];
  for (let at = 0; entry !== undefined && at < count; at++) {
    threads.push(runThread(new Worker(entry, { workerData: data }), take, keep, options.onTest));
  }
  await Promise.all([runHere(options, take, keep), ...threads]);
  return results;
}

async function runHere(
  options: ParallelOptions,
  take: () => ToWorker,
  keep: (index: number, result: FileResult) => void,
): Promise<void> {
  for (let order = take(); order.kind === 'file'; order = take()) {
    keep(order.index, await options.runHere(order.path));
    // Lets messages of the other threads in: running tests in process never waits for anything.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function runThread(
  worker: Worker,
  take: () => ToWorker,
  keep: (index: number, result: FileResult) => void,
  onTest: ((failed: boolean) => void) | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'test') {
        onTest?.(message.failed);
        return;
      }
      if (message.kind === 'file') keep(message.index, message.result);
      worker.postMessage(take());
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread ended with status ${code}`));
    });
  });
}

/** The other side: runs what it is told until the end. */
export function serveFiles(
  port: MessagePort,
  run: (path: string, onTest: (result: TestResult) => void) => Promise<FileResult>,
): void {
  const tell = (message: FromWorker): void => port.postMessage(message);
  port.on('message', (order: ToWorker) => {
    if (order.kind === 'end') {
      port.close();
      return;
    }
    const onTest = ({ outcome }: TestResult): void =>
      tell({ kind: 'test', failed: outcome === 'failed' });
    void run(order.path, onTest).then((result) =>
      tell({ kind: 'file', index: order.index, result }),
    );
  });
  tell({ kind: 'ready' });
}
