// How much of an exchange a rule has to see before it can be judged.

/** In the order in which an exchange arrives. */
export const STAGES = ['head', 'request', 'responseHead', 'response'] as const;
export type Stage = (typeof STAGES)[number];

export function later(one: Stage, other: Stage): Stage {
  return STAGES.indexOf(one) >= STAGES.indexOf(other) ? one : other;
}

export function hasReached(stage: Stage, now: Stage): boolean {
  return STAGES.indexOf(now) >= STAGES.indexOf(stage);
}
