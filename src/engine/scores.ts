// Anomaly scores as rule sets keep them in TX: CRS 4 and the starter rules, then CRS 3's names.

import { leadingInteger } from '../base/integer.ts';
import type { KeyedCollection } from '../model/view.ts';

const INBOUND = ['blocking_inbound_anomaly_score', 'inbound_anomaly_score', 'anomaly_score'];
const OUTBOUND = ['blocking_outbound_anomaly_score', 'outbound_anomaly_score'];

function score(tx: KeyedCollection, names: readonly string[]): number {
  for (const name of names) {
    const value = tx.get(name);
    if (value !== undefined) return leadingInteger(value);
  }
  return 0;
}

/** 0 where a rule set keeps no score. */
export function anomalyScores(tx: KeyedCollection): { inbound: number; outbound: number } {
  return { inbound: score(tx, INBOUND), outbound: score(tx, OUTBOUND) };
}
