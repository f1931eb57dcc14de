// Holds a body back while the rules look at it: until its end, a block, or as much as is held.

import type { BudgetShare } from './buffer-budget.ts';
import { ByteCollector } from './byte-collector.ts';
import type { GuardedExchange } from './guarded-exchange.ts';
import type { BodyReader } from './http1/body-reader.ts';
import type { HeldBody } from './upstream-request.ts';

/** How much of a body is held back for inspection, and what becomes of a longer one. */
export interface BodyHold {
  readonly bytes: number;
  /** `block` is the safe side; `stream` judges what is in hand and passes the rest on. */
  readonly beyond: 'block' | 'stream';
}

/** Shows the exchange every byte that it answers with. Whether that ended in a block, the exchange knows. */
export async function holdBody(
  body: BodyReader,
  wantsBody: boolean,
  side: 'request' | 'response',
  hold: BodyHold,
  exchange: GuardedExchange,
  budget: BudgetShare,
): Promise<HeldBody> {
  const isRequest = side === 'request';
  const phase = isRequest ? 2 : 4;
  const collector = new ByteCollector();
  const inspect = (pieces: readonly Buffer[]): void => {
    for (const piece of pieces) {
      if (isRequest) exchange.requestBody(piece);
      else exchange.responseBody(piece);
    }
  };
  let isWanted = wantsBody;
  while (isWanted) {
    const chunk = await body.next();
    if (chunk === null) break;
    if (!budget.take(chunk.length)) exchange.block('buffer-memory', phase, 503);
    inspect(collector.add(chunk));
    // Rules that have seen all they will look at (ProcessPartial) stop wanting more.
    isWanted = isRequest ? exchange.wantsRequestBody : exchange.wantsResponseBody;
    if (collector.bytes > hold.bytes) {
      if (hold.beyond === 'stream') isWanted = false;
      else exchange.block(`${side}-body-limit`, phase, isRequest ? 413 : 500);
    }
    if (exchange.isBlocked) break;
  }
  inspect(collector.flush());
  return {
    chunks: collector.pieces,
    bytes: collector.bytes,
    rest: body.finished ? undefined : body,
  };
}
