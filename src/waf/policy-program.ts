// A policy as a waf runs it: one session for each exchange, and the transaction beside it that shows bodies
// and runs the Sec Rules of signatures.

import { runOnMachine } from '../engine/run-phase.ts';
import type { TransactionState } from '../engine/state.ts';
import { TransactionCore } from '../engine/transaction.ts';
import { PolicySession } from '../policy/session.ts';
import { compileProgram } from '../program/compile.ts';
import type { Program } from '../program/program.ts';
import type { Policy } from './policy.ts';
import type { ExchangePolicy } from './transactions.ts';

export interface PolicyProgram {
  /** `main`: the transaction of the loaded rules. */
  readonly open: (
    main: TransactionState,
    stateOf: (program: Program) => TransactionState,
  ) => ExchangePolicy;
}

export function policyProgram({ compiled, rules }: Policy): PolicyProgram {
  const program = compileProgram(rules.ruleset);
  const { table, document, reads } = compiled;
  return {
    open: (main, stateOf) => {
      // Without Sec Rules the loaded rules' own transaction shows all that is asked, where it reads bodies.
      const needsOwn =
        rules.loaded.size > 0 ||
        reads.responseBodies ||
        (reads.requestBodies && !main.requestBodyAccess);
      if (!needsOwn) {
        const session = new PolicySession(compiled, main);
        return { session, table, onEngineError: document.onEngineError, shadow: undefined };
      }
      const state = stateOf(program);
      const shadow = new TransactionCore({
        state,
        runPhase: runOnMachine(program, state),
        findXPath: (expression) => program.ruleset.xpaths.get(expression),
      });
      const session = new PolicySession(compiled, state);
      return { session, table, onEngineError: document.onEngineError, shadow };
    },
  };
}
