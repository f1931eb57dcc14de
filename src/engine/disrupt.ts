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
  const { behaviour } = state.settings;
  if (state.engine === 'DetectionOnly') return undefined;
  // libmodsecurity and Coraza: a rule that has just switched the engine off no longer acts.
  if (state.engine === 'Off' && behaviour.engineOff === 'next-phase') return undefined;
  const { disruptive } = rule;
  if (rule.phase === 5) return disruptInLogging(rule, state);
  switch (disruptive.kind) {
    case 'pass':
      return undefined;
    case 'pause':
      // The exchange goes on and the log shows no disruptive action (ModSecurity v2).
      state.allowed.phase = state.phase;
      return undefined;
    case 'allow':
      if (
        disruptive.scope === 'request' &&
        rule.phase > 2 &&
        behaviour.allowRequestBehind === 'nothing'
      ) {
        return undefined;
      }
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

/** The answer has been given by then; some engines still end the phase. */
function disruptInLogging({ disruptive }: Rule, state: TransactionState): RuleMatch['disruptive'] {
  const { allowInLogging, denyInLogging } = state.settings.behaviour;
  const { kind } = disruptive;
  if (kind === 'pass' || kind === 'pause') return undefined;
  const ends = kind === 'allow' ? allowInLogging : denyInLogging;
  if (ends === 'ends-phase') state.allowed.phase = 5;
  return undefined;
}

/** Whether a match of the rule stops everything: then its first matching element is its last (v2). */
export function willInterrupt(
  { disruptive, phase }: Rule,
  { engine, settings }: TransactionState,
): boolean {
  if (!settings.behaviour.firstMatchDenies) return false;
  if (engine === 'DetectionOnly' || phase === 5) return false;
  return !['pass', 'allow', 'pause'].includes(disruptive.kind);
}

function interrupt(rule: Rule, action: Interruption['action'], status: number): Interruption {
  return { rule: rule.facts.id, phase: rule.phase, action, status };
}

/** Whether `allow` has ended the rules of this phase. */
export function phaseIsAllowed({ allowed, phase, settings }: TransactionState): boolean {
  if (phase === 5) {
    return allowed.phase === 5 || (allowed.transaction && settings.behaviour.allowEndsLogging);
  }
  return allowed.transaction || allowed.phase === phase || (allowed.request && phase <= 2);
}
