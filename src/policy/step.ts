// Steps of the policy that may need the state store: they yield a batch of operations and are given the
// results, or told that the store did not answer. Who drives them answers in place or awaits.

import type { BatchOperation, BatchResult } from '../state/tally.ts';

export interface StoreAnswer {
  readonly results: readonly BatchResult[];
}

export interface StoreFailure {
  readonly failure: string;
}

export type PolicyStep = Generator<readonly BatchOperation[], void, StoreAnswer | StoreFailure>;
