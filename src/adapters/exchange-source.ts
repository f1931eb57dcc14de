// What an adapter needs of a waf: a fresh exchange per request, and nothing else.

import type { Exchange, TransactionOptions } from '../model/transaction.ts';

export interface ExchangeSource {
  exchange(options?: TransactionOptions): Exchange;
}
