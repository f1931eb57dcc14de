// Lua scripts of rules, checked and run synchronously.
//
// Lua lives in a thread: its WebAssembly loads asynchronously while rules load synchronously, and a script
// that takes too long can be ended only with its thread. What a script asks of the transaction is answered
// here, while both wait for each other. The thread is started by the first script of a rule set.

import { MatchLimitError } from '../model/operator.ts';
import { type Script, ScriptError, type ScriptHost, type ScriptSource } from '../model/script.ts';
import type { FromLuaThread, ToLuaThread } from './lua-messages.ts';
import { SyncThread } from './sync-thread.ts';

/** Starting takes 200 ms, a usual script less than one. */
const LOAD_BUDGET_MS = 10_000;
const RUN_BUDGET_MS = 1000;

interface Loaded {
  readonly id: number;
  readonly source: ScriptSource;
  /** The thread that knows it. */
  generation: number;
}

export class LuaScripts {
  readonly #runBudgetMs: number;
  readonly #thread = new SyncThread<ToLuaThread, FromLuaThread>('lua-thread');
  #count = 0;

  constructor(runBudgetMs: number = RUN_BUDGET_MS) {
    this.#runBudgetMs = runBudgetMs;
  }

  load = (source: ScriptSource): Script => {
    const loaded = { id: this.#count++, source, generation: -1 };
    const answer = this.#tell(loaded);
    const fault =
      answer?.kind === 'loaded'
        ? answer.fault
        : { message: this.#failure(answer, LOAD_BUDGET_MS).message, start: 0, end: 0 };
    return { fault, run: (argument, host) => this.#run(loaded, argument, host) };
  };

  #tell(loaded: Loaded): FromLuaThread | undefined {
    const { id, source } = loaded;
    loaded.generation = this.#thread.generation;
    return this.#thread.ask({ kind: 'load', id, source }, LOAD_BUDGET_MS);
  }

  #run(loaded: Loaded, argument: string | undefined, host: ScriptHost): string | undefined {
    if (loaded.generation !== this.#thread.generation) {
      const answer = this.#tell(loaded);
      if (answer?.kind !== 'loaded') throw this.#failure(answer, LOAD_BUDGET_MS);
    }
    const answer = this.#thread.ask(
      { kind: 'run', id: loaded.id, argument },
      this.#runBudgetMs,
      (request) => reply(request, host),
    );
    if (answer?.kind === 'returned') return answer.text;
    if (answer?.kind === 'error') throw new ScriptError(answer.text);
    throw this.#failure(answer, this.#runBudgetMs);
  }

  #failure(answer: FromLuaThread | undefined, budgetMs: number): MatchLimitError {
    this.#thread.end();
    return new MatchLimitError(
      answer?.kind === 'failed'
        ? `the script could not be run: ${answer.text}`
        : `the script took longer than ${budgetMs} ms`,
    );
  }
}

/** Undefined for what is no request. */
function reply(request: FromLuaThread, host: ScriptHost): ToLuaThread | undefined {
  try {
    switch (request.kind) {
      case 'log':
        host.log(request.level, request.text);
        return { kind: 'done' };
      case 'variables': {
        const pairs = host.variables(request.name, request.transformations, request.first);
        return { kind: 'variables', pairs };
      }
      case 'upload':
        return { kind: 'upload', content: host.upload(request.path) };
      case 'set':
        host.setVariable(request.name, request.value);
        return { kind: 'done' };
      default:
        return undefined;
    }
  } catch (error) {
    if (error instanceof ScriptError) return { kind: 'refused', text: error.message };
    throw error;
  }
}
