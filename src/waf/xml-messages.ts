// What the loader of rules and the thread that judges XML say to each other.
//
// Each waits for the other without giving way to anything else, so an answer comes with a flag in shared
// memory: it is raised when the answer has been posted, and lowered by whoever waited for it.

import type { MessagePort } from 'node:worker_threads';

export const FOR_LOADER = 0;
export const FOR_THREAD = 1;
export const FLAGS = 2;

export interface XmlThreadData {
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

export type ToXmlThread =
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly grammar: 'dtd' | 'schema';
      readonly path: string;
      readonly bytes: string;
    }
  | { readonly kind: 'validate'; readonly id: number; readonly bytes: string }
  /** Undefined when there is no such file. */
  | { readonly kind: 'file'; readonly bytes: string | undefined };

export type FromXmlThread =
  | { readonly kind: 'fine' }
  /** The grammar or the document is wrong. */
  | { readonly kind: 'fault'; readonly text: string }
  /** The thread could not do it, and should not be asked again. */
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };
