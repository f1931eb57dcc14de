// Custom signatures, compiled: criteria, the Sec Rule among them, and when all of them can be judged.

import {
  type CompiledCriteria,
  type CriteriaContext,
  compileCriteria,
} from '../criteria/compile.ts';
import type { Criterion } from '../criteria/criterion.ts';
import type { SignatureRule } from '../document/signature-rule.ts';
import type { Needs } from '../facts/seen.ts';
import type { Stage } from '../facts/stage.ts';

export interface CompiledSignature extends CompiledCriteria {
  readonly rule: SignatureRule;
}

/** A signature's Sec Rule, as it was loaded beside the others. */
export interface LoadedSecRule {
  readonly id: number;
  readonly phase: 1 | 2 | 3 | 4 | 5;
}

const NEEDS_OF_PHASE: readonly (Needs | undefined)[] = [
  undefined,
  'arguments',
  'parsed',
  undefined,
  'response',
  'response',
];

const STAGE_OF_PHASE: readonly Stage[] = [
  'head',
  'head',
  'request',
  'responseHead',
  'response',
  'response',
];

export function compileSignature(
  rule: SignatureRule,
  context: CriteriaContext,
  secRule: LoadedSecRule | undefined,
): CompiledSignature {
  const extra: Criterion[] = [];
  if (rule.secRule !== undefined) {
    // Without it the signature would match what it must not.
    if (secRule === undefined) throw new TypeError(`the Sec Rule of "${rule.name}" is not loaded`);
    const { id, phase } = secRule;
    const needs = NEEDS_OF_PHASE[phase];
    extra.push({
      stage: STAGE_OF_PHASE[phase] as Stage,
      judge: (facts) => {
        const holds = facts.matchedRules.has(id);
        return {
          holds,
          unseen: holds || needs === undefined ? undefined : facts.unseen(needs),
          reason: () => `Sec Rule ${id}`,
        };
      },
    });
  }
  return { rule, ...compileCriteria(rule, context, extra) };
}
