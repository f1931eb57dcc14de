// SecRuleScript as a rule: a condition whose operator asks the script, once.
//
// Neither the operator nor its target can be named by rules; logs show them.

import type { OperatorDefinition } from '../model/operator.ts';
import { controlOf } from '../model/script.ts';
import type { ScalarVariable } from '../model/variable.ts';
import type { ScriptDirective } from '../seclang/ast.ts';
import type { CheckContext } from './context.ts';
import type { RuleOperator, Target } from './ruleset.ts';
import { loadScript } from './scripts.ts';

const LUA: OperatorDefinition = Object.freeze({
  name: 'lua',
  summary: 'the script returns a text',
  argument: 'required',
  macros: false,
  compile: () => ({ evaluate: () => false }),
} satisfies OperatorDefinition);

const SCRIPT: ScalarVariable = Object.freeze({
  kind: 'scalar',
  name: 'SCRIPT',
  summary: 'What SecRuleScript looks at: nothing but what its script asks for.',
  phase: 1,
  read: () => '',
} satisfies ScalarVariable);

/** An operator is run once for each value, so there is one. */
export const SCRIPT_TARGET: Target = Object.freeze({
  variable: SCRIPT,
  written: SCRIPT.name,
  count: false,
  selector: undefined,
});

/** Undefined when the script cannot be run; the report says why. */
export function scriptOperator(
  { path }: ScriptDirective,
  context: CheckContext,
): RuleOperator | undefined {
  const run = loadScript(path.text, path.span, context);
  if (run === undefined) return undefined;
  return Object.freeze({
    definition: LUA,
    negated: false,
    argument: path.text,
    macro: undefined,
    compiled: {
      evaluate: (_value, evaluation) => {
        const text = run(undefined, controlOf(evaluation.transaction));
        if (text === undefined) return false;
        evaluation.detail = text;
        return true;
      },
    },
  } satisfies RuleOperator);
}
