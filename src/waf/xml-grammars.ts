// DTDs and schemas that XML bodies are judged by, asked for synchronously.
//
// libxml2 lives in a thread of its own, for two reasons. Its WebAssembly loads asynchronously, while rules
// load synchronously: here the loader waits for the thread. And a document can make validation very slow,
// which nothing inside libxml2 bounds: a thread that takes too long is ended, and that is an outcome with a
// name. The thread is started by the first rule that needs it, and ends with the rule set.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { MatchLimitError, type XmlGrammar, type XmlValidator } from '../model/operator.ts';
import {
  FLAGS,
  FOR_LOADER,
  FOR_THREAD,
  type FromXmlThread,
  type ToXmlThread,
  type XmlThreadData,
} from './xml-messages.ts';

/** Starting takes 150 ms, validating a usual body less than one. */
const LOAD_BUDGET_MS = 10_000;
const VALIDATE_BUDGET_MS = 1000;

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

/** Ends the thread of a rule set that is no longer in use. */
const ABANDONED = new FinalizationRegistry<Thread>(end);

function end({ worker, port }: Thread): void {
  port.close();
  void worker.terminate();
}

/** The built module: Node runs no TypeScript, so an engine run from its sources needs a build beside it. */
function entry(): URL {
  const url = new URL('./xml-thread.js', import.meta.url);
  if (existsSync(fileURLToPath(url))) return url;
  return new URL('../../dist/waf/xml-thread.js', import.meta.url);
}

function start(): Thread {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(FLAGS * Int32Array.BYTES_PER_ELEMENT));
  const data: XmlThreadData = { port: port2, signal };
  const worker = new Worker(entry(), { workerData: data, transferList: [port2] });
  // A thread that dies answers no more, which whoever waits for it notices.
  worker.on('error', () => {});
  worker.unref();
  return { worker, port: port1, signal };
}

/** The thread waits for the file that it asked for, and listens for everything else. */
function sendFile({ port, signal }: Thread, bytes: string | undefined): void {
  const message: ToXmlThread = { kind: 'file', bytes };
  port.postMessage(message);
  Atomics.store(signal, FOR_THREAD, 1);
  Atomics.notify(signal, FOR_THREAD);
}

/** Undefined when the time is up. */
function hear({ port, signal }: Thread, deadline: number): FromXmlThread | undefined {
  const left = Math.max(0, deadline - performance.now());
  if (Atomics.wait(signal, FOR_LOADER, 0, left) === 'timed-out') return undefined;
  Atomics.store(signal, FOR_LOADER, 0);
  return receiveMessageOnPort(port)?.message as FromXmlThread | undefined;
}

export class XmlGrammars {
  readonly #validateBudgetMs: number;
  #thread: Thread | undefined;
  #count = 0;

  constructor(validateBudgetMs: number = VALIDATE_BUDGET_MS) {
    this.#validateBudgetMs = validateBudgetMs;
  }

  load = (grammar: XmlGrammar): XmlValidator => {
    const id = this.#count++;
    const grammarFault = this.#tryLoading(grammar, id);
    if (grammarFault !== undefined) return { grammarFault, faultOf: () => grammarFault };
    let loadedIn = this.#thread;
    return {
      grammarFault,
      faultOf: (document) => {
        // The thread was ended by another document.
        if (this.#thread === undefined || this.#thread !== loadedIn) {
          this.#loadInto(grammar, id);
          loadedIn = this.#thread;
        }
        return this.#ask({ kind: 'validate', id, bytes: document }, this.#validateBudgetMs);
      },
    };
  };

  #tryLoading(grammar: XmlGrammar, id: number): string | undefined {
    try {
      return this.#loadInto(grammar, id);
    } catch (error) {
      if (error instanceof MatchLimitError) return error.message;
      throw error;
    }
  }

  #loadInto({ kind, path, bytes, readFile }: XmlGrammar, id: number): string | undefined {
    const message: ToXmlThread = { kind: 'load', id, grammar: kind, path, bytes };
    return this.#ask(message, LOAD_BUDGET_MS, readFile);
  }

  /** The fault found, or undefined. Throws `MatchLimitError` when the thread does not come to an end. */
  #ask(
    message: ToXmlThread,
    budgetMs: number,
    readFile: (path: string) => string | undefined = () => undefined,
  ): string | undefined {
    const thread = this.#running();
    const deadline = performance.now() + budgetMs;
    thread.port.postMessage(message);
    for (;;) {
      const answer = hear(thread, deadline);
      switch (answer?.kind) {
        case 'fine':
          return undefined;
        case 'fault':
          return answer.text;
        case 'file':
          sendFile(thread, readFile(answer.path));
          break;
        default:
          this.#end(thread);
          throw new MatchLimitError(
            answer === undefined
              ? `XML validation took longer than ${budgetMs} ms`
              : `XML validation failed: ${answer.text}`,
          );
      }
    }
  }

  #running(): Thread {
    if (this.#thread === undefined) {
      this.#thread = start();
      ABANDONED.register(this, this.#thread, this);
    }
    return this.#thread;
  }

  #end(thread: Thread): void {
    ABANDONED.unregister(this);
    this.#thread = undefined;
    end(thread);
  }
}
