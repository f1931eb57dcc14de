// What criteria are judged on: one exchange at one stage of its arrival.

import type { TransactionView } from '../../model/view.ts';
import type { Place } from './places.ts';
import type { Gap, Needs } from './seen.ts';
import type { SourceFacts } from './source.ts';
import type { Stage } from './stage.ts';

export interface ExchangeFacts {
  readonly stage: Stage;
  readonly view: TransactionView;
  readonly source: SourceFacts;
  readonly place: Place;
  /** Ids of the Sec Rules of signatures that have matched so far. */
  readonly matchedRules: ReadonlySet<number>;
  /** What of the message was not seen, and so cannot be said to be absent. */
  readonly unseen: (needs: Needs) => Gap | undefined;
  /** The actor's score; undefined while it has not been looked up. */
  readonly abuseScore: number | undefined;
}
