// A policy as a waf runs it: one session for each exchange, and the transaction beside it that shows bodies
// and runs the Sec Rules of signatures.

import { runOnMachine } from '../engine/run-phase.ts';
import type { TransactionState } from '../engine/state.ts';
import { TransactionCore } from '../engine/transaction.ts';
import type { CompiledPolicy } from '../policy/policy.ts';
import { PolicySession } from '../policy/session.ts';
import { compileProgram } from '../program/compile.ts';
import type { Program } from '../program/program.ts';
import type { Ruleset } from '../ruleset/ruleset.ts';
import type { PolicyRules } from './policy-rules.ts';
import type { ExchangePolicy } from './transactions.ts';

export interface PolicyProgram {
  /** `main`: the transaction of the loaded rules. */
  readonly open: (
    main: TransactionState,
    stateOf: (program: Program) => TransactionState,
  ) => ExchangePolicy;
}

// ModSecurity reads these types when rules choose their processors; recommended setups do.
const CHOSEN_BY_RULES = /json|xml/i;

/** Whether the transaction of the loaded rules will show a request's body as a policy has to see it. */
function readsBodies(main: TransactionState, { settings }: Ruleset): boolean {
  if (main.engine === 'Off' || !main.requestBodyAccess) return false;
  // Other behaviours leave out or reorder arguments.
  if (main.settings.behaviour !== settings.behaviour) return false;
  if (main.interruption !== null) return false;
  return (
    main.body.processor !== '' ||
    !main.request.contentTypes.some((type) => CHOSEN_BY_RULES.test(type))
  );
}

export function policyProgram(compiled: CompiledPolicy, rules: PolicyRules): PolicyProgram {
  const program = compileProgram(rules.ruleset);
  const { table, document, reads } = compiled;
  return {
    open: (main, stateOf) => {
      // Without Sec Rules the loaded rules' own transaction shows all that is asked, where it reads bodies.
      const needsOwn = rules.loaded.size > 0 || reads.responseBodies;
      const session = new PolicySession(compiled, main);
      const ownShadow = (): TransactionCore => {
        const state = stateOf(program);
        const { clientAddress, clientPort, serverAddress, serverPort } = main;
        state.connect({
          client: { address: clientAddress, port: clientPort },
          server: { address: serverAddress, port: serverPort },
        });
        // Where the loaded rules take longer bodies in, so does the policy.
        if (main.requestBodyAccess && main.engine !== 'Off') {
          state.setRequestBodyLimit(Math.max(state.requestBodyLimit, main.requestBodyLimit));
        }
        session.watch(state);
        return new TransactionCore({
          state,
          runPhase: runOnMachine(program, state),
          findXPath: (expression) => program.ruleset.xpaths.get(expression),
        });
      };
      return {
        session,
        table,
        onEngineError: document.onEngineError,
        // What rules do in phase 1 (ctl) decides whether they read the body.
        shadowAfterHead: () =>
          needsOwn || (reads.requestBodies && !readsBodies(main, rules.ruleset))
            ? ownShadow()
            : undefined,
      };
    },
  };
}
