// What operators share that are accepted for the sake of existing rules, but never match.
//
// Such a rule looks like protection, and negated it matches everything: the load says so.

import type { OperatorDefinition } from '../../model/operator.ts';

export interface NoEffect {
  readonly name: string;
  readonly summary: string;
  readonly argument: OperatorDefinition['argument'];
  /** Why nothing happens, as a clause: "programs are never run". */
  readonly reason: string;
  /** What to do instead. */
  readonly help: string;
}

export function neverMatches(operator: NoEffect): OperatorDefinition {
  const { name, summary, argument, reason, help } = operator;
  return Object.freeze({
    name,
    summary,
    argument,
    macros: false,
    compile: (_argument, context) => {
      context.warn({
        code: 'no-effect',
        message: `@${name} is accepted but never matches: ${reason}`,
        help,
      });
      return { evaluate: () => false };
    },
  } satisfies OperatorDefinition);
}
