// An error log as a listener: one line for each logged match, written before the transaction's end returns.

import { errorLogLine } from '../audit/error-log-line.ts';
import { type ErrorLogFile, openErrorLog } from '../audit/writer-error-log.ts';
import type { TransactionListener } from '../model/transaction-record.ts';

export interface ErrorLog extends TransactionListener {
  reopen(): void;
  close(): void;
}

/** Throws when the file cannot be opened; later failures go to `onError`. */
export function errorLogTo(path: string, onError: (error: unknown) => void = () => {}): ErrorLog {
  const file: ErrorLogFile = openErrorLog(path);
  const attempt = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      onError(error);
    }
  };
  return {
    wants: ({ matches }) => matches.some(({ logged }) => logged),
    finished: ({ matches, interruption, client, hostname, request, id }) => {
      const facts = {
        clientAddress: client.address,
        hostname,
        uri: request.uri,
        uniqueId: id,
      };
      const lines = matches
        .filter(({ logged }) => logged)
        .map((match) => errorLogLine(match, facts, interruption));
      attempt(() => file.append(lines));
    },
    reopen: () => attempt(() => file.reopen()),
    close: () => file.close(),
  };
}
