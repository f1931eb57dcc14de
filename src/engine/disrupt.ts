// Carries out the disruptive action of a rule that has matched as a whole.

import type { Interruption } from '../model/interruption.ts';
import type { RuleMatch } from '../model/verdict.ts';
import type { Rule } from '../ruleset/ruleset.ts';
import type { TransactionState } from './state.ts';

/**
 * Applies the action and says what was done, for the log.
 *
 * Nothing is done in DetectionOnly, nor in phase 5, when the response has gone. A rule whose own `ctl`
 * switched the engine Off still acts (ModSecurity v2): the switch is for the rules behind it.
 */
export function disrupt(rule: Rule, state: TransactionState): RuleMatch['disruptive'] {
  if (state.engine === 'DetectionOnly' || rule.phase === 5) return undefined;
  const { disruptive } = rule;
  switch (disruptive.kind) {
    case 'pass':
      return undefined;
    case 'pause':
      // The exchange goes on and the log shows no disruptive action (ModSecurity v2).
      state.allowed.phase = state.phase;
      return undefined;
    case 'allow':
      state.allowed.phase = state.phase;
      if (disruptive.scope === 'request') state.allowed.request = true;
      if (disruptive.scope === 'transaction') state.allowed.transaction = true;
      return 'allow';
    case 'deny':
    case 'drop':
      state.interruption = interrupt(rule, disruptive.kind, disruptive.status);
      return disruptive.kind;
    case 'redirect':
    case 'proxy':
      state.interruption = {
        ...interrupt(rule, disruptive.kind, disruptive.status),
        url: disruptive.url.expand(state),
      };
      return disruptive.kind;
  }
}

/** Whether a match of the rule stops everything: then its first matching element is its last (v2). */
export function willInterrupt({ disruptive, phase }: Rule, { engine }: TransactionState): boolean {
  if (engine === 'DetectionOnly' || phase === 5) return false;
  return !['pass', 'allow', 'pause'].includes(disruptive.kind);
}

function interrupt(rule: Rule, action: Interruption['action'], status: number): Interruption {
  return { rule: rule.facts.id, phase: rule.phase, action, status };
}

/** Whether `allow` has ended the rules of this phase. */
export function phaseIsAllowed({ allowed, phase }: TransactionState): boolean {
  if (phase === 5) return allowed.phase === 5;
  return allowed.transaction || allowed.phase === phase || (allowed.request && phase <= 2);
}
