// Keeps the writers of an LMDB folder out while a process opens or closes it.
//
// `mdb_env_open2` sets the number of the newest transaction, which all processes share, to what it has read
// from the file some steps before. Who has written in between is undone by the next one who writes, and LMDB
// has no way to lock what is not open yet. So writers and openers meet at a second environment in the same
// folder, to which nothing is ever written: opening that one sets its number to what it always is. Its
// writers' mutex is free again when its holder dies, asks for no clock, no process ids and no cleaning up.

import { join } from 'node:path';
import { openEnvironment, type RootDatabase } from './lmdb-database.ts';

const FILE = 'gate.mdb';

export class Gate {
  readonly #file: string;
  readonly #root: RootDatabase;

  /** Makes the folder when it is missing. Throws when the gate's file cannot be opened or made. */
  constructor(path: string) {
    this.#file = join(path, FILE);
    this.#root = openEnvironment(this.#file, { isFile: true, durable: false });
  }

  /** Runs with nobody else between here and the end; whoever comes waits. Not to be called by what it runs. */
  pass<Result>(run: () => Result): Result {
    return this.#root.transactionSync(() => {
      // lmdb runs its callback even where the mutex could not be taken.
      if (this.#root.getWriteTxnId() === 0) {
        throw new Error(
          `LMDB cannot lock ${this.#file}, which another process may have closed at the same moment: ` +
            'open the folder again in a new process',
        );
      }
      return run();
    });
  }

  close(): void {
    void this.#root.close();
  }
}
