// An audit log: takes finished transactions, keeps the relevant ones, has them written.
//
// Promise: a log that cannot be written is counted and told of, and never stops an exchange.

import type {
  TransactionListener,
  TransactionOutline,
  TransactionRecord,
} from '../model/transaction-record.ts';
import type { IsRelevant } from './relevance.ts';

/** Where entries go. */
export interface EntryWriter {
  /** Throws when the entry could not be written. */
  write(entry: string, record: TransactionRecord): void;
  /** Entries that were taken and lost later. */
  readonly lost?: number;
  /** After a rotation has moved files away. */
  reopen(): void;
  /** Resolves when all that was written has arrived. */
  close(): Promise<void>;
}

export interface AuditLogCounters {
  /** Entries that the writer took. */
  readonly written: number;
  /** Entries that could not be written, or were lost later. */
  readonly failed: number;
}

export interface AuditLog extends TransactionListener {
  readonly counters: AuditLogCounters;
  reopen(): void;
  close(): Promise<void>;
}

export interface AuditLogOptions {
  readonly isRelevant: IsRelevant;
  readonly render: (record: TransactionRecord) => string;
  readonly writer: EntryWriter;
  readonly onError?: ((error: unknown) => void) | undefined;
}

export function createAuditLog(options: AuditLogOptions): AuditLog {
  const { isRelevant, render, writer, onError } = options;
  const counters = { written: 0, failed: 0 };
  const attempt = (run: () => void): boolean => {
    try {
      run();
      return true;
    } catch (error) {
      counters.failed++;
      onError?.(error);
      return false;
    }
  };
  return {
    get counters() {
      return { written: counters.written, failed: counters.failed + (writer.lost ?? 0) };
    },
    wants: (outline: TransactionOutline) => {
      let relevant = false;
      // A pattern that cannot decide must not hide a transaction.
      if (!attempt(() => (relevant = isRelevant(outline)))) return true;
      return relevant;
    },
    finished: (record) => {
      if (attempt(() => writer.write(render(record), record))) counters.written++;
    },
    reopen: () => {
      attempt(() => writer.reopen());
    },
    close: () => writer.close(),
  };
}
