// DTDs and schemas that XML bodies are judged by, asked for synchronously.
//
// libxml2 lives in a thread of its own, for two reasons. Its WebAssembly loads asynchronously, while rules
// load synchronously: here the loader waits for the thread. And a document can make validation very slow,
// which nothing inside libxml2 bounds: a thread that takes too long is ended, and that is an outcome with a
// name. The thread is started by the first rule that needs it, and ends with the rule set.

import { MatchLimitError, type XmlGrammar, type XmlValidator } from '../model/operator.ts';
import { SyncThread } from './sync-thread.ts';
import type { FromXmlThread, ToXmlThread } from './xml-messages.ts';

/** Starting takes 150 ms, validating a usual body less than one. */
const LOAD_BUDGET_MS = 10_000;
const VALIDATE_BUDGET_MS = 1000;

export class XmlGrammars {
  readonly #validateBudgetMs: number;
  readonly #thread = new SyncThread<ToXmlThread, FromXmlThread>('xml-thread');
  #count = 0;

  constructor(validateBudgetMs: number = VALIDATE_BUDGET_MS) {
    this.#validateBudgetMs = validateBudgetMs;
  }

  load = (grammar: XmlGrammar): XmlValidator => {
    const id = this.#count++;
    const grammarFault = this.#tryLoading(grammar, id);
    if (grammarFault !== undefined) return { grammarFault, faultOf: () => grammarFault };
    let loadedIn = this.#thread.generation;
    return {
      grammarFault,
      faultOf: (document) => {
        // The thread was ended by another document.
        if (this.#thread.generation !== loadedIn) {
          this.#loadInto(grammar, id);
          loadedIn = this.#thread.generation;
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
    const answer = this.#thread.ask(message, budgetMs, (heard) =>
      heard.kind === 'file' ? { kind: 'file', bytes: readFile(heard.path) } : undefined,
    );
    if (answer?.kind === 'fine') return undefined;
    if (answer?.kind === 'fault') return answer.text;
    this.#thread.end();
    throw new MatchLimitError(
      answer?.kind === 'failed'
        ? `XML validation failed: ${answer.text}`
        : `XML validation took longer than ${budgetMs} ms`,
    );
  }
}
