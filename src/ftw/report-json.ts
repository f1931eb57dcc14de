// The result of a run as JSON; its shape is a promise.

import type { TestResult } from './runner.ts';

export interface JsonReport {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The tests that were judged, in order; skipped ones are only counted. */
  readonly tests: readonly {
    readonly id: string;
    readonly passed: boolean;
    readonly reason?: string;
  }[];
}

export function jsonReport(results: readonly TestResult[]): JsonReport {
  const count = (outcome: string): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    total: results.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    tests: results
      .filter((result) => result.outcome !== 'skipped')
      .map(({ id, outcome, reason }) => ({
        id,
        passed: outcome === 'passed',
        ...(reason === '' ? {} : { reason }),
      })),
  };
}
