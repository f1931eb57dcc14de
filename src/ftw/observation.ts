// What was seen of one stage: the answer a client got and what the engine logged meanwhile.

import type { ByteString } from '../base/bytes.ts';
import type { Header } from '../model/exchange.ts';
import type { RuleMatch } from '../model/verdict.ts';

export interface StageResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  /** Status line, headers and body as they stood on the wire. */
  readonly raw: ByteString;
}

export interface StageObservation {
  readonly request: ByteString;
  /** Undefined when the exchange ended without a well-formed response. */
  readonly response: StageResponse | undefined;
  /** Why there is no response; undefined when there is one. */
  readonly error: string | undefined;
  /** What the engine logged between the markers, without the markers' own lines. */
  readonly logLines: readonly string[];
  /** Rules that logged, in that order; a rule that logged twice stands twice. */
  readonly loggedIds: readonly number[];
  /** All that matched, unlogged rules included; undefined where only the log is known. */
  readonly matches: readonly RuleMatch[] | undefined;
  /** What happened before the rules saw the request: `bad-target`. For people. */
  readonly remark: string | undefined;
}
