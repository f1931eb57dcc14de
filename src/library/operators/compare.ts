// What the five numeric operators share: two numbers read leniently, and a comparison.

import type { OperatorDefinition } from '../../model/operator.ts';
import { type Integer, parseInteger } from './integer.ts';

export interface Comparison {
  readonly name: string;
  readonly summary: string;
  /** What a number out of 64 bits counts as. */
  readonly overflow: 'clamp' | 'zero';
  readonly holds: (value: Integer, limit: Integer) => boolean;
}

export function compareNumbers(comparison: Comparison): OperatorDefinition {
  const { name, summary, overflow, holds } = comparison;
  return Object.freeze({
    name,
    summary,
    argument: 'optional',
    macros: true,
    compile: (argument, context) => {
      const numbers = context.behaviour?.numbers;
      const fixed = context.hasMacros ? undefined : parseInteger(argument, overflow, numbers);
      const shown = `Operator ${name.toUpperCase()} matched`;
      const fixedDetail = `${shown} ${fixed}`;
      return {
        isPure: true,
        evaluate: (value, run) => {
          const limit = fixed ?? parseInteger(run.argument, overflow, numbers);
          if (!holds(parseInteger(value, overflow, numbers), limit)) return false;
          run.detail = fixed === undefined ? `${shown} ${limit}` : fixedDetail;
          return true;
        },
      };
    },
  } satisfies OperatorDefinition);
}
