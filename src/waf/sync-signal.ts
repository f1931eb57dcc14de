// What the engine and a thread that it waits for share.
//
// Each waits for the other without giving way to anything else, so a message comes with a flag in shared
// memory: it is raised when the message has been posted, and lowered by whoever waited for it.

import type { MessagePort } from 'node:worker_threads';

export const FOR_ENGINE = 0;
export const FOR_THREAD = 1;
export const FLAGS = 2;

export interface SyncThreadData {
  readonly port: MessagePort;
  readonly signal: Int32Array;
}
