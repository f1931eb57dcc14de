// The five points in an exchange at which rules run. Numbers are SecLang's spelling and the order.

export type Phase = 1 | 2 | 3 | 4 | 5;

export const PHASES: readonly Phase[] = Object.freeze([1, 2, 3, 4, 5]);

export const PHASE_NAMES: Readonly<Record<Phase, string>> = Object.freeze({
  1: 'request-headers',
  2: 'request-body',
  3: 'response-headers',
  4: 'response-body',
  5: 'logging',
});
