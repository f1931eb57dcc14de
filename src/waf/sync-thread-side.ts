// The thread's side of a conversation with the engine that waits for it.

import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { FOR_ENGINE, FOR_THREAD, type SyncThreadData } from './sync-signal.ts';

export interface ThreadSide<To, From> {
  /** Called once for each question; what it returns is the answer. */
  readonly answer: (answering: (question: To) => From) => void;
  /** Asks the engine, while it waits for an answer. */
  readonly ask: (message: From) => To | undefined;
}

export function threadSide<To, From>(): ThreadSide<To, From> {
  const { port, signal } = workerData as SyncThreadData;
  const tell = (message: From): void => {
    port.postMessage(message);
    Atomics.store(signal, FOR_ENGINE, 1);
    Atomics.notify(signal, FOR_ENGINE);
  };
  return {
    answer: (answering) => {
      port.on('message', (question: To) => tell(answering(question)));
    },
    ask: (message) => {
      tell(message);
      Atomics.wait(signal, FOR_THREAD, 0);
      Atomics.store(signal, FOR_THREAD, 0);
      return receiveMessageOnPort(port)?.message as To | undefined;
    },
  };
}
