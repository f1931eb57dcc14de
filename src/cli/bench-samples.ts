// Summaries of measured times: means and percentiles over all requests, and how the rounds differed.

/** Microseconds, over all rounds. */
export interface TimeSummary {
  readonly requests: number;
  /** Time spent in requests. */
  readonly seconds: number;
  readonly usMean: number;
  readonly usP50: number;
  readonly usP99: number;
  readonly usP999: number;
  readonly usMax: number;
  /** The mean of each round. */
  readonly rounds: readonly number[];
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] as number;
  return values.length === 0 ? 0 : sum / values.length;
}

/** The smallest value that `share` of all values do not exceed (nearest rank); 0 of nothing. */
export function percentile(sorted: Float64Array, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? 0;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function summarize(rounds: readonly Float64Array[]): TimeSummary {
  const all = new Float64Array(rounds.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const round of rounds) {
    all.set(round, at);
    at += round.length;
  }
  const usMean = meanOf(all);
  all.sort();
  return {
    requests: all.length,
    seconds: (usMean * all.length) / 1e6,
    usMean,
    usP50: percentile(all, 0.5),
    usP99: percentile(all, 0.99),
    usP999: percentile(all, 0.999),
    usMax: all.at(-1) ?? 0,
    rounds: rounds.map(meanOf),
  };
}
