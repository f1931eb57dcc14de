// What an adapter needs of a waf: a fresh exchange per request, and nothing else.

import type { ExchangeOf, Mode, TransactionOptions } from '../model/transaction.ts';

/** Answers may come at once or later; adapters that wait for I/O anyway await both alike. */
export interface ExchangeSource {
  exchange(options?: TransactionOptions): ExchangeOf<Mode>;
}
