// Operations of several rules as one call of the store. Each part counts its `when` and `unless` from its own
// first operation; here they are moved to their place in the batch.

import type { StateOperation, StateResult } from '../../state/operations.ts';
import type { BatchOperation, BatchResult } from '../../state/tally.ts';
import type { Appended, Planned } from '../facts/actor.ts';
import type { PolicyStep } from '../step.ts';

export interface Outcome<T> {
  readonly done: (value: T) => void;
  /** The store did not answer. */
  readonly failed: (problem: string) => void;
}

interface Part {
  readonly conclude: (results: readonly BatchResult[]) => void;
  readonly failed: (problem: string) => void;
}

export class Batch {
  #operations: BatchOperation[] = [];
  #parts: Part[] = [];

  add<T>({ operations, conclude }: Planned<T>, { done, failed }: Outcome<T>): void {
    if (operations.length === 0) return;
    const start = this.#operations.length;
    for (const operation of operations) this.#operations.push(moved(operation, start));
    const end = this.#operations.length;
    this.#parts.push({
      // Of plain operations.
      conclude: (results) => done(conclude(results.slice(start, end) as readonly StateResult[])),
      failed,
    });
  }

  /** `plan` puts its operations where they belong by itself, at least one. */
  append<T>(
    plan: (operations: BatchOperation[]) => Appended<T>,
    { done, failed }: Outcome<T>,
  ): void {
    const planned = plan(this.#operations);
    this.#parts.push({ conclude: (results) => done(planned.conclude(results)), failed });
  }

  /** Sends what was added, and concludes. The batch is empty then. */
  *run(): PolicyStep {
    if (this.#operations.length === 0) return;
    const parts = this.#parts;
    const operations = this.#operations;
    this.#operations = [];
    this.#parts = [];
    const answer = yield operations;
    for (const { conclude, failed } of parts) {
      if ('failure' in answer) failed(answer.failure);
      else conclude(answer.results);
    }
  }
}

function moved(operation: StateOperation, by: number): StateOperation {
  if (by === 0) return operation;
  const { when, unless } = operation;
  const isLearned = operation.kind === 'learn' && typeof operation.amount === 'object';
  if (when === undefined && unless === undefined && !isLearned) return operation;
  const shift = (index: number): number => index + by;
  return {
    ...operation,
    ...(when !== undefined && { when: when.map(shift) }),
    ...(unless !== undefined && { unless: unless.map(shift) }),
    ...(operation.kind === 'learn' &&
      typeof operation.amount === 'object' && {
        amount: { countOf: shift(operation.amount.countOf) },
      }),
  } as StateOperation;
}
