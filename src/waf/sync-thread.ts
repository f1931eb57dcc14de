// A thread whose answers are waited for, for work that cannot be done in place: libraries that load
// asynchronously, or that nothing but the end of their thread can stop.
//
// The thread is started by the first question. One that takes too long is ended; the next question starts
// another. It ends with the object, too.

import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { FLAGS, FOR_ENGINE, FOR_THREAD, type SyncThreadData } from './sync-signal.ts';
import { threadEntry } from './thread-entry.ts';

interface Running {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

/** Ends the thread of an object that is no longer in use. */
const ABANDONED = new FinalizationRegistry<Running>(end);

function end({ worker, port }: Running): void {
  port.close();
  void worker.terminate();
}

function start(module: string): Running {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(FLAGS * Int32Array.BYTES_PER_ELEMENT));
  const data: SyncThreadData = { port: port2, signal };
  const worker = new Worker(threadEntry(module), { workerData: data, transferList: [port2] });
  // A thread that dies answers no more, which whoever waits for it notices.
  worker.on('error', () => {});
  worker.unref();
  return { worker, port: port1, signal };
}

export class SyncThread<To, From> {
  readonly #module: string;
  #running: Running | undefined;
  #generation = 0;

  /** `module` is the file beside this one that the thread runs, without its ending. */
  constructor(module: string) {
    this.#module = module;
  }

  /** Changes with every thread: what the last one was told is lost. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Asks, and answers what the thread asks meanwhile: `reply` gives undefined for the answer itself. Undefined
   * when the time was up.
   */
  ask(
    message: To,
    budgetMs: number,
    reply: (asked: From) => To | undefined = () => undefined,
  ): From | undefined {
    const running = this.#start();
    const deadline = performance.now() + budgetMs;
    running.port.postMessage(message);
    try {
      for (;;) {
        const heard = this.#hear(running, deadline);
        const answer = heard === undefined ? undefined : reply(heard);
        if (heard !== undefined && answer === undefined) return heard;
        // A thread that keeps asking is never silent, and out of time all the same.
        if (heard === undefined || performance.now() > deadline) {
          this.end();
          return undefined;
        }
        // The thread waits for this one, and listens for everything else.
        running.port.postMessage(answer);
        Atomics.store(running.signal, FOR_THREAD, 1);
        Atomics.notify(running.signal, FOR_THREAD);
      }
    } catch (error) {
      // A thread that waits for a reply would wait for ever.
      this.end();
      throw error;
    }
  }

  end(): void {
    if (this.#running === undefined) return;
    ABANDONED.unregister(this);
    end(this.#running);
    this.#running = undefined;
    this.#generation++;
  }

  #hear({ port, signal }: Running, deadline: number): From | undefined {
    const left = Math.max(0, deadline - performance.now());
    if (Atomics.wait(signal, FOR_ENGINE, 0, left) === 'timed-out') return undefined;
    Atomics.store(signal, FOR_ENGINE, 0);
    return receiveMessageOnPort(port)?.message as From | undefined;
  }

  #start(): Running {
    if (this.#running === undefined) {
      this.#running = start(this.#module);
      ABANDONED.register(this, this.#running, this);
    }
    return this.#running;
  }
}
